package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

var update = flag.Bool("update", false, "write testdata anew")

// ordinary is a report as policies give rise to: distinct values everywhere.
func ordinary() Report {
	return Report{
		Version: "1.2.3",
		Errors: schema.Errors{
			{Message: "no policy in this folder", Hint: "name a package, or run sgc init"},
			{Pos: rule.Pos{File: "gone.cue"}, Message: "no such file"},
			{Pos: rule.Pos{File: "shop/policy.cue", Line: 3, Column: 7}, Path: "tiers.app.ingres", Message: `unknown field "ingres", did you mean "ingress"?`},
			{Pos: rule.Pos{File: "shop/policy.cue", Line: 5, Column: 2}, Path: "tiers.app", Message: `two tiers have the group "web"`, Hint: "the other is at shop/policy.cue:9:4"},
		},
		Findings: []lint.Finding{
			{Code: "SGC001", Level: lint.Warning, Pos: rule.Pos{File: "shop/policy.cue", Line: 12, Column: 11}, Path: "tiers.app.ingress.ssh",
				Message: `ssh (tcp/22) is open to the world, from "public"; name the networks of the administrators`},
			{Code: "SGC006", Level: lint.Note, Pos: rule.Pos{File: "shop/net.cue", Line: 21, Column: 13}, Path: "addresses.berlin",
				Message: `203.0.113.64/26 lies in 203.0.113.0/24 of address set "offices"`,
				Related: []lint.Related{
					{Pos: rule.Pos{File: "shop/net.cue", Line: 22, Column: 17}, Message: `203.0.113.0/24 of address set "offices"`},
					{Pos: rule.Pos{File: "shop/other.cue", Line: 23, Column: 18}, Message: "a second place"},
				}},
			{Code: "SGC001", Level: lint.Warning, Pos: rule.Pos{File: "shop/policy.cue", Line: 31, Column: 19}, Path: "tiers.app.ingress.ssh",
				Message: "the same rule once more"},
		},
	}
}

// hostile is a report whose texts try to be more than text.
func hostile() Report {
	const text = "100%\r\n::error file=x::owned, a:b [x](http://evil.example) {0} <script> \x1b[2J\u202e\x00\xff\ttab \U0001F600"
	pos := rule.Pos{File: "a b/c:d,e%f\n[1](2)\x1b[0m/ü.cue", Line: 41, Column: 43}
	return Report{
		Version: "1.2.3",
		Errors:  schema.Errors{{Pos: pos, Path: "tiers.\"" + text + "\"", Message: text, Hint: text + "\nsecond line"}, {Message: text}},
		Findings: []lint.Finding{{Code: "SGC004", Level: lint.Warning, Pos: pos, Path: text, Message: text,
			Related: []lint.Related{{Pos: pos, Message: text}, {Pos: rule.Pos{File: "/etc/p.cue", Line: 47, Column: 53}, Message: "absolute"}, {Pos: rule.Pos{File: "../up.cue", Line: 59, Column: 61}, Message: "outside"}}}},
	}
}

// placeless is a report on what stands in no file: standard input and a flag.
func placeless() Report {
	return Report{
		Version: "1.2.3",
		Errors: schema.Errors{
			{Pos: rule.Pos{File: "-t"}, Message: `no field has the tag "evn"`},
			{Pos: rule.Pos{File: "-"}, Message: "is empty"},
			{Pos: rule.Pos{File: "-", Line: 61, Column: 67}, Path: "tiers.app", Message: "is no tier"},
		},
		Findings: []lint.Finding{{Code: "SGC005", Level: lint.Warning, Pos: rule.Pos{File: "-", Line: 71, Column: 73}, Path: "tiers.web", Message: "adds nothing",
			Related: []lint.Related{{Pos: rule.Pos{File: "-", Line: 79, Column: 83}, Message: "covered"}}}},
	}
}

func write(t testing.TB, f Format, r Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	reports := map[string]Report{"ordinary": ordinary(), "hostile": hostile(), "placeless": placeless(), "empty": {Version: "1.2.3"}}
	for name, r := range reports {
		for _, f := range Formats() {
			t.Run(name+"."+string(f), func(t *testing.T) {
				got := write(t, f, r)
				golden := filepath.Join("testdata", name+"."+string(f))
				if *update {
					if err := os.WriteFile(golden, got, 0o666); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got, want) {
					t.Errorf("%s differs; regenerate with -update and look at the change\n%s", golden, got)
				}
			})
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	for _, f := range []Format{"", "xml"} {
		if err := Write(&bytes.Buffer{}, f, Report{}); err == nil {
			t.Errorf("the Format %q writes something", f)
		}
	}
}

// TestTextIsErrors holds that text says of an error what its Error method says,
// so that all commands print errors alike.
func TestTextIsErrors(t *testing.T) {
	r := ordinary()
	r.Findings = nil
	if got, want := string(write(t, Text, r)), r.Errors.Error()+"\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestTextIsLines holds that no text starts a line of its own or reaches the
// terminal as a command.
func TestTextIsLines(t *testing.T) {
	got := string(write(t, Text, hostile()))
	lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
	// Two errors, one with a hint, and a finding with three related places.
	if len(lines) != 3+4 {
		t.Errorf("%d lines\n%s", len(lines), got)
	}
	for _, r := range got {
		if r != '\n' && (r < ' ' || r == 0x7f || r == 0x202e || r == 0xfffd) {
			t.Errorf("%U is in the output", r)
		}
	}
}

func TestJSONKeepsEverything(t *testing.T) {
	for _, r := range []Report{ordinary(), {}} {
		var got Document
		d := json.NewDecoder(bytes.NewReader(write(t, JSON, r)))
		d.DisallowUnknownFields()
		if err := d.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if want := document(r); !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

// TestSARIF holds the output to the standard's schema and to what GitHub's code
// scanning asks for beyond it.
func TestSARIF(t *testing.T) {
	for name, r := range map[string]Report{"ordinary": ordinary(), "hostile": hostile(), "placeless": placeless(), "empty": {}, "errors": {Errors: ordinary().Errors}} {
		t.Run(name, func(t *testing.T) {
			document, err := sarif.FromBytes(write(t, SARIF, r))
			if err != nil {
				t.Fatal(err)
			}
			if err := document.Validate(); err != nil {
				t.Error(err)
			}
			run := document.Runs[0]
			prints := map[string]bool{}
			placed := len(r.Findings)
			for _, e := range r.Errors {
				if e.Pos.Line > 0 {
					placed++
				}
			}
			if len(run.Results) != placed {
				t.Errorf("%d results, not %d", len(run.Results), placed)
			}
			if n := len(run.Invocations[0].ToolExecutionNotifications); n != len(r.Errors)+len(r.Findings)-placed {
				t.Errorf("%d notifications", n)
			}
			for _, res := range run.Results {
				if len(res.Locations) != 1 {
					t.Fatalf("%d locations", len(res.Locations))
				}
				at := res.Locations[0].PhysicalLocation
				if *at.ArtifactLocation.URI == "stdin:-" && name == "placeless" {
					if at.ArtifactLocation.URIBaseID != nil {
						t.Errorf("standard input lies below %s", *at.ArtifactLocation.URIBaseID)
					}
				} else if uri := *at.ArtifactLocation.URI; strings.Contains(uri, "\\") || strings.HasPrefix(uri, "/") || strings.HasPrefix(uri, "file:") {
					t.Errorf("%q is not relative", uri)
				}
				if base := at.ArtifactLocation.URIBaseID; (base == nil || *base != "%SRCROOT%") != (name == "placeless") || *at.Region.StartLine < 1 {
					t.Errorf("location %+v", at)
				}
				if r := run.Tool.Driver.Rules[res.RuleIndex]; *r.ID != *res.RuleID || *r.Help.Text == "" || *r.ShortDescription.Text == "" || *r.FullDescription.Text == "" {
					t.Errorf("rule %d is not that of %s", res.RuleIndex, *res.RuleID)
				} else if r.DefaultConfiguration.Level != res.Level {
					t.Errorf("%s has the level %s, its rule %s", *r.ID, res.Level, r.DefaultConfiguration.Level)
				}
				if *res.Message.Text == "" || strings.Contains(strings.ReplaceAll(*res.Message.Text, `\](`, ""), "](") {
					t.Errorf("message %q", *res.Message.Text)
				}
				print := res.PartialFingerprints["primaryLocationLineHash"]
				if print == "" || prints[print] {
					t.Errorf("fingerprint %q", print)
				}
				prints[print] = true
			}
		})
	}
}

// TestLean holds that nothing is written which only says that there is nothing.
func TestLean(t *testing.T) {
	for line := range strings.Lines(string(write(t, SARIF, ordinary())) + string(write(t, SARIF, Report{}))) {
		switch line = strings.Trim(line, " ,\n"); {
		case line == `"results": []` || line == `"rules": []`:
		case strings.HasSuffix(line, ": -1") || strings.HasSuffix(line, ": []") || strings.HasSuffix(line, ": {}") || strings.HasSuffix(line, ": null"):
			t.Errorf("padded with %s", line)
		}
	}
}

// TestFingerprints holds that a result keeps its fingerprint when lines move.
func TestFingerprints(t *testing.T) {
	prints := func(r Report) (list []string) {
		for _, res := range sarifRun(r).Results {
			list = append(list, res.PartialFingerprints["primaryLocationLineHash"])
		}
		return list
	}
	r := ordinary()
	before := prints(r)
	for i := range r.Findings {
		r.Findings[i].Pos.Line += 100
	}
	if after := prints(r); !reflect.DeepEqual(after, before) {
		t.Errorf("got %v, want %v", after, before)
	}
	r.Findings[0].Path = "tiers.web.ingress.ssh"
	if after := prints(r); after[2] == before[2] || after[3] != before[3] {
		t.Errorf("got %v after the first finding went elsewhere, from %v", after, before)
	}
}

// TestMaxErrors cuts texts alone short: programs get all errors.
func TestMaxErrors(t *testing.T) {
	r := ordinary()
	all := map[Format]string{}
	for _, f := range Formats() {
		all[f] = string(write(t, f, r))
	}
	for _, limit := range []int{1, 3, 4, 9} {
		r.MaxErrors = limit
		for _, f := range Formats() {
			want := all[f]
			if f == Text && limit < 4 {
				var lines []string
				for i, e := range r.Errors {
					if i >= limit {
						want = strings.Replace(want, e.Error()+"\n", "", 1)
					}
					lines = append(lines, e.Error())
				}
				last := lines[limit-1] + "\n"
				want = strings.Replace(want, last, fmt.Sprintf("%sand %d more: sgc vet --all-errors shows them\n", last, 4-limit), 1)
			}
			if got := string(write(t, f, r)); got != want {
				t.Errorf("%s, at most %d errors:\n%s\nwant:\n%s", f, limit, got, want)
			}
		}
	}
}

package guard_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sgc.dev/sgc/schema"
	"sgc.dev/sgc/schema/guard"
)

// bombs are policies that no limit in CUE stops.
var bombs = map[string]struct {
	source string
	limits guard.Limits
	want   string
}{
	"doubling strings": {
		source: "package p\n\n_a0: \"0123456789abcdef\"\n" + repeat(40, "_a%[2]d: _a%[1]d+_a%[1]d\n") + "name: _a40\n",
		limits: guard.Limits{Memory: 100 << 20},
		want:   "the policy needs more than 100 MiB of memory: raise --max-memory if this is meant",
	},
	"a long range": {
		source: "package p\n\nimport \"list\"\n\nname: \"p\"\n_r: list.Range(0, 1000000000, 1)\ntiers: web: tags: [\"\\(len(_r))\"]\n",
		limits: guard.Limits{Memory: 120 << 20},
		want:   "the policy needs more than 120 MiB of memory: raise --max-memory if this is meant",
	},
	"one step": { // 128 MiB, of which little is filled when it ends
		source: "package p\n\nimport \"strings\"\n\nname: \"p\"\n_a0: \"x\"\n" + repeat(23, "_a%[2]d: _a%[1]d+_a%[1]d\n") + "tiers: web: description: \"\\(len(strings.Split(_a23, \"\")))\"\n",
		limits: guard.Limits{Memory: 100 << 20},
		want:   "the policy needs more than 100 MiB of memory: raise --max-memory if this is meant",
	},
	"many disjunctions": {
		source: "package p\n\nname: \"p\"\n" + repeat(24, "_d%[1]d: {a%[1]d: 1} | {b%[1]d: 2}\n") + "tiers: web: _d0" + repeat(24, " & _d%[1]d") + "\n",
		limits: guard.Limits{Time: 300 * time.Millisecond},
		want:   "the policy needs more than 300ms to be evaluated: raise --max-time if this is meant",
	},
	"deep recursion": {
		source: "package p\n\nname: \"p\"\nx: 1" + strings.Repeat(" & 1", 1_000_000) + "\n",
		limits: guard.Limits{Nesting: 1 << 30},
		want:   "the policy is nested too deep to be evaluated",
	},
}

func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, strings.ReplaceAll(format, "%[2]d", fmt.Sprint(i+1)), i)
	}
	return b.String()
}

const bombVariable = "SGC_TEST_BOMB"

// TestGuard loads each bomb in a process of its own, which the guard must end
// with its message and nothing else.
func TestGuard(t *testing.T) {
	if name := os.Getenv(bombVariable); name != "" {
		bomb := bombs[name]
		guard.Watch(bomb.limits, func(message string) {
			fmt.Fprint(os.Stderr, message)
			os.Exit(1)
		})
		_, err := schema.Load(schema.Options{Dir: os.Getenv(bombVariable + "_DIR"), Limits: bomb.limits})
		fmt.Fprint(os.Stderr, "loaded: ", err)
		os.Exit(0)
	}
	for name, bomb := range bombs {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, "policy.cue", []byte(bomb.source))
			cmd := exec.Command(os.Args[0], "-test.run=^TestGuard$")
			cmd.Env = append(os.Environ(), bombVariable+"="+name, bombVariable+"_DIR="+dir)
			var stderr strings.Builder
			cmd.Stderr = &stderr
			err := cmd.Run()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 1 {
				t.Errorf("it ended with %v", err)
			}
			if got := stderr.String(); got != bomb.want {
				t.Errorf("got:  %.300s\nwant: %s", got, bomb.want)
			}
		})
	}
}

// TestBoundless refuses what makes a value of any size in one step, by whatever
// name, and nothing else of the packages that have it.
func TestBoundless(t *testing.T) {
	const strings = "strings.Repeat makes texts of any size in one step, which no limit can stop: a policy has no use for it"
	for _, c := range []struct{ imports, value, want string }{
		{`"math/bits"`, `"\(bits.Lsh(1, 2))"`, "3:8: math/bits makes numbers of any size in one step, which no limit can stop: a policy has no use for it"},
		{`"strings"`, `strings.Repeat("a", 2)`, "5:24: " + strings},
		{`s "strings"`, `s.Repeat("a", 2)`, "5:24: " + strings},
		{`"strings"`, `strings["Repeat"]("a", 2)`, "5:24: " + strings},
		{`"strings"`, `strings."Repeat"("a", 2)`, "5:24: " + strings},
		{`"strings:strings"`, `strings.Repeat("a", 2)`, "5:24: " + strings},
		{`"strings"`, `strings["Re" + "peat"]("a", 2)`, "5:24: say which of strings is meant: write the package, a dot and a name"},
		{`"strings"`, `{s: strings}.s.Repeat("a", 2)`, "5:28: say which of strings is meant: write the package, a dot and a name"},
		{`"strings"`, `strings.Replace("a", "a", "b", -1)`, "5:24: strings.Replace makes texts of any size in one step, which no limit can stop: write strings.Join(strings.Split(text, old), new)"},
		{`"list"`, `"\(len(list.Repeat([1], 2)))"`, "5:31: list.Repeat makes lists of any size in one step, which no limit can stop: a policy has no use for it"},
		{`"regexp"`, `regexp.ReplaceAll("a", "a", "b")`, "5:24: regexp.ReplaceAll makes texts of any size in one step, which no limit can stop: a policy has no use for it"},
		{`"regexp"`, `regexp.ReplaceAllLiteral("a", "a", "b")`, "5:24: regexp.ReplaceAllLiteral makes texts of any size in one step, which no limit can stop: a policy has no use for it"},
		{`"strconv"`, `strconv.FormatFloat(1, 102, 2, 64)`, "5:24: strconv.FormatFloat makes texts of any size in one step, which no limit can stop: write \"\\(number)\""},
		{`"text/template"`, `template.Execute("a", {})`, "5:24: text/template.Execute makes texts of any size in one step, which no limit can stop: write \"\\(name)\" in a text"},
		{`"text/tabwriter"`, `tabwriter.Write("a")`, "5:24: text/tabwriter.Write makes texts of any size in one step, which no limit can stop: a policy has no use for it"},
		{`"encoding/json"`, `json.Indent("{}", "a", "b")`, "5:24: encoding/json.Indent makes texts of any size in one step, which no limit can stop: a policy has no use for it"},
		{`"encoding/hex"`, `hex.Dump('a')`, "5:24: encoding/hex.Dump makes texts of any size in one step, which no limit can stop: a policy has no use for it"},
		{`"html"`, `html.Escape("a")`, "5:24: html.Escape makes texts of any size in one step, which no limit can stop: a policy has no use for it"},
		{`"net"`, `net.PathEscape("a")`, "5:24: net.PathEscape makes texts of any size in one step, which no limit can stop: a policy has no use for it"},
		{`"net"`, `net.QueryEscape("a")`, "5:24: net.QueryEscape makes texts of any size in one step, which no limit can stop: a policy has no use for it"},
		{`"path"`, `path.Join(["a"], "unix")`, "5:24: path.Join makes texts of any size in one step, which no limit can stop: write \"\\(folder)/\\(file)\""},
		{`"path"`, `path.SplitList("a", "unix")[0]`, "5:24: path.SplitList makes texts of any size in one step, which no limit can stop: write \"\\(folder)/\\(file)\""},

		{`"strings"`, `strings.Join(strings.Split("a_b", "_"), "-")`, ""},
		{`"strings"`, `strings.ToLower("Replace Repeat") + {strings: Repeat: "x"}.strings.Repeat`, ""},
		{`"list"`, `"\(len(list.Concat([list.FlattenN([[1], [2]], 1), list.Range(0, 3, 1)])))"`, ""},
		{`"net"`, `"\(net.IPCIDR("192.0.2.0/24"))"`, ""},
		{`"regexp"`, `"\(regexp.Match("a", "a"))"`, ""},
		{`"strconv"`, `strconv.FormatInt(3, 10)`, ""},
		{`"encoding/json"`, `json.Marshal({a: 1})`, ""},
		{`"text/template"`, `template.HTMLEscape("a")`, ""},
		{`"path"`, `path.Base("a", "unix")`, ""},
		{`"encoding/hex"`, `hex.Encode('a')`, ""},
	} {
		dir := t.TempDir()
		put(t, dir, "policy.cue", []byte("package p\n\nimport "+c.imports+"\nname: \"p\"\ntiers: a: description: "+c.value+"\n"))
		want := ""
		if c.want != "" {
			want = "policy.cue:" + c.want
		}
		got := ""
		if _, err := schema.Load(schema.Options{Dir: dir}); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s:\ngot:  %s\nwant: %s", c.value, got, want)
		}
	}
}

// TestMultiplied multiplies numbers, and nothing else.
func TestMultiplied(t *testing.T) {
	for value, want := range map[string]string{
		`[2 * 3, _two * 4, 4 * _two + 1, (_two + 5) * _two * 10, _two * -_two * -3, "\(_two*7)-15"]`: "",
		`[len(_text * 3)]`:                 `4:34: tiers.a.ingress.x.tcp.0: a number belongs here: nothing else is multiplied`,
		`[len(3 * _text)]`:                 `4:38: tiers.a.ingress.x.tcp.0: a number belongs here: nothing else is multiplied`,
		`[len('a' * _two)]`:                `4:34: tiers.a.ingress.x.tcp.0: a number belongs here: nothing else is multiplied`,
		`[len(_two * (_two * "\(_two)"))]`: `4:49: tiers.a.ingress.x.tcp.0: a number belongs here: nothing else is multiplied`,
		`[1] * 3`:                          `4:29: tiers.a.ingress.x.tcp: lists take neither + nor *: write one list, or import "list" and say list.Concat([a, b])`,
	} {
		dir := t.TempDir()
		put(t, dir, "policy.cue", []byte("package p\nname: \"p\"\n_two: 2, _text: \"x\"\ntiers: a: ingress: x: {tcp: "+value+", from: [\"self\"]}\n"))
		if want != "" {
			want = "policy.cue:" + want
		}
		policies, err := schema.Load(schema.Options{Dir: dir})
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s:\ngot:  %s\nwant: %s", value, got, want)
		}
		if want == "" && policies != nil {
			var ports []string
			for _, m := range policies[0].Tiers[0].Rules[0].Service.Matches {
				ports = append(ports, m.Ports.String())
			}
			if got := strings.Join(ports, " "); got != "6 8 9 140 12 14-15" {
				t.Errorf("the ports are %s", got)
			}
		}
	}
}

// TestGuardStops has nothing to say of a policy within its limits.
func TestGuardStops(t *testing.T) {
	stop := guard.Watch(guard.Limits{}, func(message string) { t.Error(message) })
	defer stop()
	if _, err := schema.Load(schema.Options{Dir: "../../policies/three-tier"}); err != nil {
		t.Error(err)
	}
}

// TestValues bounds what a policy can copy out of a few lines.
func TestValues(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "policy.cue", []byte(`package p

name: "p"
_one: {"r\(1)": {tcp: [1], from: ["public", "10.0.0.1"]}}
tiers: a: ingress: _one
tiers: b: ingress: _one
`))
	if _, err := schema.Load(schema.Options{Dir: dir, Limits: guard.Limits{Values: 18}}); err != nil {
		t.Error(err)
	}
	_, err := schema.Load(schema.Options{Dir: dir, Limits: guard.Limits{Values: 17}})
	if want := "policy.cue:1:1: the policy has more than 17 values: split it into several"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestValuesOfNoForm counts nothing inside of what no policy has: a few lines may
// share as much of it as they like.
func TestValuesOfNoForm(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "policy.cue", []byte("package p\nname: \"p\"\na0: x: 1\n"+repeat(20, "a%[2]d: {l: a%[1]d, r: a%[1]d}\n")))
	_, err := schema.Load(schema.Options{Dir: dir, Limits: guard.Limits{Values: 100}})
	want := `policy.cue:3:1: a0: unknown field "a0": a value of your own begins with _`
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got:  %v\nwant: %s", err, want)
	}
}

func put(t testing.TB, dir, name string, data []byte) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

package schema

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"sgc.dev/sgc/rule"
)

// A testCase is an archive in testdata, unpacked. The archive's comment explains
// it, and may have a line with the inputs ("inputs: …") and one with the tags
// ("tags: …"); its file "stdin" is standard input, "want" what is expected.
type testCase struct {
	archive *txtar.Archive
	name    string
	options Options
	stdin   []byte
	want    string
}

func unpack(t *testing.T, name string) testCase {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c := testCase{archive: txtar.Parse(data), name: name, options: Options{Dir: t.TempDir()}}
	for _, f := range c.archive.Files {
		switch f.Name {
		case "want":
			c.want = string(f.Data)
		case "stdin":
			c.stdin, c.options.Stdin = f.Data, bytes.NewReader(f.Data)
		default:
			put(t, c.options.Dir, f.Name, f.Data)
		}
	}
	for line := range strings.Lines(string(c.archive.Comment)) {
		if list, ok := strings.CutPrefix(line, "inputs: "); ok {
			c.options.Inputs = strings.Fields(list)
		}
		if list, ok := strings.CutPrefix(line, "tags: "); ok {
			c.options.Tags = strings.Fields(list)
		}
	}
	return c
}

// rewrite makes got what is expected.
func (c testCase) rewrite(t *testing.T, got string) {
	t.Helper()
	var files []txtar.File
	for _, f := range c.archive.Files {
		if f.Name != "want" {
			files = append(files, f)
		}
	}
	c.archive.Files = append(files, txtar.File{Name: "want", Data: []byte(got)})
	if err := os.WriteFile(c.name, txtar.Format(c.archive), 0o666); err != nil {
		t.Fatal(err)
	}
}

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// TestFaults loads every archive in testdata/faults and compares all that is
// said of it. The archive's comment explains the case, in its last line may be
// the inputs ("inputs: …") and tags ("tags: …").
func TestFaults(t *testing.T) {
	names, err := filepath.Glob("testdata/faults/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			c := unpack(t, name)
			_, err := Load(c.options)
			if err == nil {
				t.Fatal("it loads")
			}
			if _, ok := err.(Errors); !ok {
				t.Errorf("the error is a %T", err)
			}
			got := strings.ReplaceAll(err.Error(), c.options.Dir, "DIR") + "\n"
			if *update {
				c.rewrite(t, got)
				return
			}
			if got != c.want {
				t.Errorf("got:\n%swant:\n%s", got, c.want)
			}
		})
	}
}

// TestPolicies loads every archive in testdata/policies and compares all that
// was read, positions too. Inputs and tags are in the archive's comment.
func TestPolicies(t *testing.T) {
	names, err := filepath.Glob("testdata/policies/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			c := unpack(t, name)
			policies, err := Load(c.options)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for _, p := range policies {
				dump(&b, p)
			}
			if *update {
				c.rewrite(t, b.String())
				return
			}
			if got := b.String(); got != c.want {
				t.Errorf("got:\n%swant:\n%s", got, c.want)
			}
		})
	}
}

// dump writes all of a policy that is not the default, a line for each thing.
func dump(b *strings.Builder, p *Policy) {
	line := func(pos rule.Pos, format string, args ...any) {
		fmt.Fprintf(b, "%-22s %s\n", pos, fmt.Sprintf(format, args...))
	}
	waive := func(list []Waiver) {
		for _, w := range list {
			line(w.Pos, "  waive %s: %s", w.Code, w.Reason)
		}
	}
	addresses := func(list []Address) {
		for _, a := range list {
			line(a.Pos, "  %s = %s", a.Text, a.Prefix)
		}
	}
	matches := func(s Service) {
		for _, m := range s.Matches {
			line(m.Pos, "  %s %s, %s", m.Protocol, m.Ports, m.Families)
		}
	}
	peers := func(word string, list []Peer) {
		for _, x := range list {
			line(x.Pos, "  %s %s: kind %s, name %q %v", word, x, x.Kind, x.Name, x.Prefixes)
		}
	}
	line(p.Pos, "policy %s", p.Name)
	waive(p.Waive)
	for _, s := range p.Addresses {
		line(s.Pos, "addresses %s", s.Name)
		addresses(s.Items)
		if s.MayBeEmpty {
			line(s.Pos, "  may be empty")
		}
		if s.Sets != nil {
			line(s.Pos, "  with %q = %v", s.Sets, s.Prefixes)
		}
		waive(s.Waive)
	}
	for _, s := range p.Services {
		line(s.Pos, "service %s", s.Name)
		if s.Includes != nil {
			line(s.Pos, "  includes %q", s.Includes)
		}
		matches(s)
		waive(s.Waive)
	}
	for _, x := range p.Groups {
		line(x.Pos, "group %s: name %q, id %q", x.Key, x.Name, x.ID)
		waive(x.Waive)
	}
	for _, x := range p.AddressGroups {
		line(x.Pos, "address group %s: name %q, id %q", x.Key, x.Name, x.ID)
		waive(x.Waive)
	}
	for _, t := range p.Tiers {
		line(t.Pos, "tier %s: group %q, stateful %v, tags %q, description %q", t.Name, t.Group, t.Stateful, t.Tags, t.Description)
		waive(t.Waive)
		for _, u := range t.Rules {
			line(u.Pos, " %s %s: service %s, own ports %v, any %v, %s, explicit %v", u.Direction, u.Path, u.Service.Name, u.OwnPorts, u.Any, u.Families, u.FamiliesExplicit)
			if u.Description+u.Owner+u.Ticket+u.Expires != "" {
				line(u.ExpiresPos, "  text %q, owner %q, ticket %q, expires %q", u.Description, u.Owner, u.Ticket, u.Expires)
			}
			matches(u.Service)
			peers("peer", u.Peers)
			peers("except", u.Except)
			waive(u.Waive)
		}
	}
	for _, s := range p.Servers {
		line(s.Pos, "server %s: %q", s.Name, s.Tiers)
		addresses(s.Addresses)
		waive(s.Waive)
	}
	if p.Networks != nil {
		line(p.Networks[0].Pos, "networks")
		addresses(p.Networks)
	}
	for _, a := range p.Asserts {
		service := "everything"
		if a.Service != nil {
			service = a.Service.Name
		}
		line(a.Pos, "assert %q: kind %s, %s, %s", a.Title, a.Kind, service, a.Families)
		peers("from", a.From)
		peers("to", a.To)
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

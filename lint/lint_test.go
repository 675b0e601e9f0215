package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/compiler"
	"sgc.dev/sgc/schema"
)

// The day on which tests judge, and the last day of "soon".
const (
	today = "2027-02-01"
	soon  = "2027-03-03"
)

// check loads a policy, to which it adds a name at its end if there is none, and
// lints it. Positions are in "p.cue". Behind it may stand other files, as in a
// txtar archive.
func check(t testing.TB, text string) []Finding {
	t.Helper()
	return checkFor(t, text, Options{AsOf: today, ExpireBy: soon})
}

// checkFor is check with options.
func checkFor(t testing.TB, text string, o Options) []Finding {
	t.Helper()
	archive := txtar.Parse([]byte(text))
	if len(archive.Files) > 0 {
		text = string(archive.Comment)
	}
	if !strings.Contains("\n"+text, "\nname:") {
		text += "\nname: \"test\"\n"
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "p.cue"), []byte("package p\n"+text), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	policies, err := schema.Load(schema.Options{Dir: dir})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	set, err := compiler.Compile(policies[0], compiler.Options{AsOf: today, Minimize: access.Full})
	if err != nil {
		t.Fatal(err)
	}
	findings, _ := Check(policies[0], set, o)
	return findings
}

// show is findings as lines "line:column level code path: message", related
// places on lines of their own.
func show(findings []Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%d:%d %s %s %s: %s\n", f.Pos.Line, f.Pos.Column, f.Level, f.Code, f.Path, f.Message)
		for _, r := range f.Related {
			fmt.Fprintf(&b, "  %d:%d %s\n", r.Pos.Line, r.Pos.Column, r.Message)
		}
	}
	return b.String()
}

// row is a policy with everything that the lints say of it; "" is silence.
type row struct{ name, policy, want string }

func run(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			if got := show(check(t, r.policy)); got != strings.TrimPrefix(r.want, "\n") {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

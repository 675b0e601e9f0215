package main

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// TestArguments holds how the library gets what people type.
func TestArguments(t *testing.T) {
	for typed, want := range map[string]string{
		"":                                   "sgc",
		"-h":                                 "sgc --help",
		"--version":                          "sgc --version",
		"-v plan":                            "sgc --version",
		"help":                               "sgc --help",
		"h plan":                             "sgc plan --help",
		"plan ./a -help --nonsense":          "sgc plan --help",
		"plan -- -h":                         "sgc plan -- -h",
		"vet ./a --strict ./b":               "sgc vet --strict=true -- ./a ./b",
		"vet -strict=false -- --strict":      "sgc vet --strict=false -- --strict",
		"vet -t a=1,b=2 --inject c=-t":       "sgc vet --inject=a=1,b=2 --inject=c=-t --",
		"vet -":                              "sgc vet -- -",
		"vet --max-time=1d":                  "sgc vet --max-time=24h0m0s --",
		"export -o - x":                      "sgc export --output=- -- x",
		"export -o a.JSON x":                 "sgc export --output=a.JSON --format=json -- x",
		"export -format table -o a.txt x":    "sgc export --format=table --output=a.txt -- x",
		"plan -o a.yaml":                     "sgc plan --output=a.yaml --",
		"sandbox --quota-rules -1 -- a --b=": "sgc sandbox --quota-rules=-1 -- a --b=",
		"import --only -f --only x":          "sgc import --only=-f --only=x --",
	} {
		l, err := parse(newApp(streams{nil, io.Discard, io.Discard}), strings.Fields(typed))
		if got := strings.Join(l.arguments(), " "); err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", typed, got, err, want)
		}
	}
}

// FuzzParse holds that no words end the program, and that the library takes what is said to
// be in order, with the same inputs.
func FuzzParse(f *testing.F) {
	for _, line := range []string{"plan -o x", "vet -t a=b --", "can --from=a -", "- -- --", "export -é ---=", "help h", "\x00 -=", "sandbox -- a"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		words := strings.Split(line, " ")
		app := newApp(streams{nil, io.Discard, io.Discard})
		l, err := parse(app, words)
		if err != nil || l.command == nil || l.help || l.version {
			return
		}
		l.command.Action = func(c *cli.Context) error {
			if !slices.Equal(c.Args().Slice(), l.inputs) {
				t.Errorf("%q has the inputs %q, not %q", words, c.Args().Slice(), l.inputs)
			}
			return nil
		}
		app.Writer, app.ErrWriter = io.Discard, io.Discard
		if err := app.Run(l.arguments()); err != nil {
			t.Errorf("%q is read as %q: %v", words, l.arguments(), err)
		}
	})
}

package main

import (
	"bytes"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestManual looks for every command in the manual, below it for every name of its flags,
// and has groff read it.
func TestManual(t *testing.T) {
	app := newApp(streams{nil, io.Discard, io.Discard})
	app.Setup()
	page := manual(app)
	for _, command := range app.Commands {
		_, section, found := strings.Cut(page, "\n.SS sgc "+command.Name)
		section, _, _ = strings.Cut(section, "\n.SS ")
		if !found || !strings.Contains(section, roff.Replace(command.Usage)) {
			t.Errorf("nothing about %s", command.Name)
		}
		for _, flag := range command.Flags {
			for _, name := range flag.Names() {
				if !regexp.MustCompile(`(?m)^\.B .*` + regexp.QuoteMeta(roff.Replace(dashed(name))) + `\b`).MatchString(section) {
					t.Errorf("%s: nothing about %s", command.Name, dashed(name))
				}
			}
		}
	}
	var b strings.Builder
	if describe(&b, ".de is a 'request'"); b.String() != ".PP\n\\&.de is a \\(aqrequest\\(aq\n" {
		t.Errorf("requests are not quoted: %q", b.String())
	}
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("groff is not installed: .ci/run installs it")
	}
	check := exec.Command(groff, "-man", "-Tutf8", "-ww", "-z")
	check.Stdin = strings.NewReader(page)
	var messages bytes.Buffer
	check.Stderr = &messages
	if err := check.Run(); err != nil || messages.Len() > 0 {
		t.Errorf("groff: %v\n%s", err, &messages)
	}
}

package export

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"

	"sgc.dev/sgc/rule"
)

// FuzzQuote hands quoted text to a real sh: what comes out is what went in.
func FuzzQuote(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text)
	}
	f.Add("")
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\x00") {
			t.Skip("no argument holds a zero byte")
		}
		if got := sh(t, []string{"sh"}, "printf '%s' "+quote(text)+" # "+rule.Printable(text)+"\n"); got != text {
			t.Errorf("%q comes out of the shell as %q", text, got)
		}
	})
}

// FuzzClientJSON compares with a reader of JSON, and holds the spelling to one
// line of ASCII.
func FuzzClientJSON(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text)
	}
	f.Add("\U0001f512")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("no text of a policy: CUE takes valid UTF-8 alone")
		}
		spelled := clientJSON(text)
		if strings.ContainsFunc(spelled, func(r rune) bool { return r < ' ' || r > 0x7f }) {
			t.Errorf("%q is spelled %q", text, spelled)
		}
		var got string
		if err := json.Unmarshal([]byte(spelled), &got); err != nil || got != text {
			t.Errorf("%q is spelled %s, which is read as %q (%v)", text, spelled, got, err)
		}
	})
}

// TestClientJSON compares with Python's own json, which the client prints with.
func TestClientJSON(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is not installed: .ci/run installs it")
	}
	texts := append([]string{"\U0001f512", "\b\f\v\x1f/<>&"}, hostileTexts...)
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("python3", "-c", "import json, sys\nfor s in json.load(sys.stdin): print(json.dumps(s))")
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	for i, text := range texts {
		if got := clientJSON(text); got != want[i] {
			t.Errorf("%q: got %s, want %s", text, got, want[i])
		}
	}
}

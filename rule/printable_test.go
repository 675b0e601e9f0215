package rule

import (
	"bytes"
	"encoding/json"
	"testing"
)

// TestPrintable holds that a text hides nothing from people, and begins or has no command to
// whoever runs things and reads their log. An address is none.
func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"Grüße":                         "Grüße",
		"a\n::error::b\x1b\u202e":       `a\n::error::b\x1b\u202e`,
		"::stop-commands::x.cue:1:2":    `\x3a:stop-commands::x.cue:1:2`,
		"  ::error file=a::b":           `  \x3a:error file=a::b`,
		"ticket ::error::b":             "ticket ::error::b",
		"a ##[group]b ##vso[task.x]":    `a #\x23[group]b #\x23vso[task.x]`,
		"::/0":                          "::/0",
		"::ffff:192.0.2.1":              "::ffff:192.0.2.1",
		"::1 and 2001:db8::1, ## two #": "::1 and 2001:db8::1, ## two #",
	} {
		if got := Printable(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// TestPrintableJSON holds that what a terminal could obey or hide is spelt out, that
// the value stays the same, and that letters of any language stay as they are.
func TestPrintableJSON(t *testing.T) {
	for text, want := range map[string]string{
		"plain \"quoted\"":           `"plain \"quoted\""`,
		"Grüße, 日本, \U0001F600":      "\"Grüße, 日本, \U0001F600\"",
		"\x1b[2J\x7f\u009b31m\u0080": `"\u001b[2J\u007f\u009b31m\u0080"`,
		"\u202edecnalav\u2066\u200b": `"\u202edecnalav\u2066\u200b"`,
		"\u00ad\U000E0041":           `"\u00ad\udb40\udc41"`,
		"a ##[group]\u202e":          `"a #\u0023[group]\u202e"`,
		"##vso[task.x]":              `"#\u0023vso[task.x]"`,
	} {
		var got bytes.Buffer
		if err := json.NewEncoder(PrintableJSON(&got)).Encode(text); err != nil {
			t.Fatal(err)
		}
		if got.String() != want+"\n" {
			t.Errorf("%q: %s, want %s", text, &got, want)
		}
		var back string
		if err := json.Unmarshal(got.Bytes(), &back); err != nil || back != text {
			t.Errorf("%q comes back as %q, %v", text, back, err)
		}
	}
}

package rule

import (
	"bytes"
	"encoding/json"
	"testing"
)

// TestPrintableJSON holds that what a terminal could obey or hide is spelt out, that
// the value stays the same, and that letters of any language stay as they are.
func TestPrintableJSON(t *testing.T) {
	for text, want := range map[string]string{
		"plain \"quoted\"":           `"plain \"quoted\""`,
		"Grüße, 日本, \U0001F600":      "\"Grüße, 日本, \U0001F600\"",
		"\x1b[2J\x7f\u009b31m\u0080": `"\u001b[2J\u007f\u009b31m\u0080"`,
		"\u202edecnalav\u2066\u200b": `"\u202edecnalav\u2066\u200b"`,
		"\u00ad\U000E0041":           `"\u00ad\udb40\udc41"`,
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

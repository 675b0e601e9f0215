package clouds

import "testing"

// TestShown keeps to itself what an address has of a user.
func TestShown(t *testing.T) {
	for address, want := range map[string]string{
		"https://cloud.example:5000/v3":              "https://cloud.example:5000/v3",
		"http://demo:secret@cloud.example/v3":        "http://cloud.example/v3",
		"http://demo:sec%zzret@cloud.example/v3":     "http://cloud.example/v3",
		"http://demo:sec/r@t@cloud.example/v3":       "http://cloud.example/v3",
		"demo:secret@cloud.example":                  "cloud.example",
		"http:/demo:secret@cloud.example":            "cloud.example",
		"http://cloud.example/v3?token=secret":       "http://cloud.example/v3",
		"http://demo:secret@cloud.example/?a=secret": "http://cloud.example/",
		"the cloud": "the cloud",
		"":          "",
	} {
		if got := Shown(address); got != want {
			t.Errorf("%s is shown as %s, not %s", address, got, want)
		}
	}
}

// TestUnreadable has the parser's errors about files with passwords in them.
func TestUnreadable(t *testing.T) {
	for why, want := range map[string]string{
		"line 4: did not find expected key":                                                 "line 4: did not find expected key",
		"line 2: did not find expected ',' or '}'":                                          "line 2: did not find expected ',' or '}'",
		"unknown anchor 'secret' referenced":                                                "unknown anchor … referenced",
		"unmarshal errors:\n  line 7: cannot unmarshal !!str `secr'...` into bool":          "unmarshal errors: line 7: cannot unmarshal … … into bool",
		"unmarshal errors:\n  line 4: mapping key \"se\\\"cret\" already defined at line 3": "unmarshal errors: line 4: mapping key … already defined at line 3",
		"invalid map key: []interface {}{\"secret\"}":                                       "invalid map key: …",
		"cannot decode !!str `sec`\nret` as a !!int":                                        "cannot decode … … as a …",
		"unmarshal errors:\n  line 7: cannot unmarshal !secret into string":                 "unmarshal errors: line 7: cannot unmarshal … into string",
	} {
		if got := unreadable(why); got != "yaml: "+want {
			t.Errorf("%s\nis told as %s\nnot %s", why, got, want)
		}
	}
}

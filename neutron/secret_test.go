package neutron

import (
	"errors"
	"testing"
)

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
		if got := shown(address); got != want {
			t.Errorf("%s is shown as %s, not %s", address, got, want)
		}
	}
}

// TestUnreadable has the parser's errors about files with passwords in them.
func TestUnreadable(t *testing.T) {
	for why, want := range map[string]string{
		"yaml: line 4: did not find expected key":                                              "clouds.yaml or secure.yaml: yaml: line 4: did not find expected key",
		"yaml: unknown anchor 'secret' referenced":                                             "clouds.yaml or secure.yaml: yaml: unknown anchor … referenced",
		"yaml: unmarshal errors:\n  line 7: cannot unmarshal !!str `secr'...` into bool":       "clouds.yaml or secure.yaml: yaml: unmarshal errors:\n  line 7: cannot unmarshal … … into bool",
		"yaml: cannot decode !!str `sec`\nret` as a !!int":                                     "clouds.yaml or secure.yaml: yaml: cannot decode … … as a …",
		"yaml: unmarshal errors:\n  line 7: cannot unmarshal !secret into string":              "clouds.yaml or secure.yaml: yaml: unmarshal errors:\n  line 7: cannot unmarshal … into string",
		"failed to parse secure.yaml: yaml: unknown anchor 'secret' referenced":                "failed to parse secure.yaml: yaml: unknown anchor … referenced",
		`cloud "it's" not found in clouds.yaml`:                                                `cloud "it's" not found in clouds.yaml`,
		"clouds file not found. Search locations were: [/home/o'brien/clouds.yaml, /it's/etc]": "clouds file not found. Search locations were: [/home/o'brien/clouds.yaml, /it's/etc]",
	} {
		if got := unreadable(errors.New(why)).Error(); got != want {
			t.Errorf("%s\nis told as %s\nnot %s", why, got, want)
		}
	}
}

package rule

import (
	"strings"
	"testing"
)

func TestIDsAndNames(t *testing.T) {
	for _, test := range []struct {
		text     string
		id, name bool
	}{
		{"4f1c5c0e-8d0a-4f6e-9b57-0a4c1e6f2d33", true, true},
		{"a7", true, true},
		{"Fw_1.b-c", true, false},
		{strings.Repeat("m", 63), true, true},
		{strings.Repeat("n", 64), true, false},
		{strings.Repeat("o", 65), false, false},
		{"", false, false},
		{".", false, false},
		{"..", false, false},
		{"-v", false, false},
		{"p/q", false, false},
		{"r?s=t", false, false},
		{"u v", false, false},
		{"w\n", false, false},
		{"\x1b]0;owned\x07x", false, false},
		{"ż", false, false},
	} {
		if got := CheckID(test.text) == nil; got != test.id {
			t.Errorf("%q is an id: %t", test.text, got)
		}
		if got := CheckPolicyName(test.text) == nil; got != test.name {
			t.Errorf("%q names a policy: %t", test.text, got)
		}
	}
}

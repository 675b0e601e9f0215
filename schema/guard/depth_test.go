package guard

import (
	"strings"
	"testing"
)

func TestCheckTOML(t *testing.T) {
	for _, test := range []struct {
		name, source string
		at           string // "" where it is not too deep
	}{
		{"flat", strings.Repeat("a.b = 1.5\n", 50) + "c = [" + strings.Repeat("[], ", 50) + "]\n", ""},
		{"brackets within", "a = " + strings.Repeat("[", 5) + strings.Repeat("]", 5), ""},
		{"brackets", "\na = " + strings.Repeat("[", 6) + strings.Repeat("]", 6), "x.toml:2:10"},
		{"braces", "a = " + strings.Repeat("{b=", 6), "x.toml:1:20"},
		{"dots", "a.b.c.d.e.f.g = 1", "x.toml:1:12"},
		{"a header's dots", "[a.b.c.d.e.f]", "x.toml:1:11"},
		{"texts", `a = "[[[[[[" ` + "\nb = '[[[[[['\nc = \"\"\"[[[\n[[[\"\"\"\nd = '''\n[[[[[['''\ne = \"\\\"[[[[[[\"\n", ""},
		{"comments", "# [[[[[[\na = 1 # [[[[[[", ""},
		{"texts and comments that close nothing", "a = [\"]\", [']', [\"\"\"]\"\"\", [ # ]\n[[", "x.toml:2:2"},
		{"a text without end", "a = \"[[[\nb = [[[[[[", "x.toml:2:10"},
		{"closing first", "]]]]]]\na = [[[[[", ""},
	} {
		got := ""
		if err := CheckTOML("x.toml", []byte(test.source), 5); err != nil {
			got = strings.TrimSuffix(err.Error(), ": nested more than 5 deep: raise --max-nesting if this is meant")
		}
		if got != test.at {
			t.Errorf("%s: %q, not %q", test.name, got, test.at)
		}
	}
}

package guard_test

import (
	"strings"
	"testing"

	"sgc.dev/sgc/schema"
)

// TestBounded holds what is split, joined and written out to its size, by whatever
// name, and changes nothing of what is within it.
func TestBounded(t *testing.T) {
	const (
		split = "strings.Split takes a text of at most 10000000 characters"
		join  = "strings.Join takes a list of at most 10000 texts, and a text to put between them, of at most 10000 characters each"
		write = "strconv.FormatInt takes a whole number of at most 1000 digits"
		names = "is called where it is named: write its arguments behind it"
	)
	for _, c := range []struct{ imports, value, want string }{
		{`"strings"`, `strings.Split(_large, "")[0]`, "7:38: " + split},
		{`s "strings"`, `s.Split(_large, "")[0]`, "7:32: " + split},
		{`"strings"`, `strings["Split"](_large, "")[0]`, "7:41: " + split},
		{`"strings"`, `strings.SplitN(_large, "", -1)[0]`, "7:39: strings.SplitN takes a text of at most 10000000 characters"},
		{`"strings"`, `strings.SplitAfter(_large, "")[0]`, "7:43: strings.SplitAfter takes a text of at most 10000000 characters"},
		{`"strings"`, `strings.SplitAfterN(_large, "", -1)[0]`, "7:44: strings.SplitAfterN takes a text of at most 10000000 characters"},
		{`"strings"`, `strings.Fields(_large)[0]`, "7:39: strings.Fields takes a text of at most 10000000 characters"},
		{`"strings"`, `strings.Runes(_large)[0]`, "7:38: strings.Runes takes a text of at most 10000000 characters"},
		{`"strings"`, `strings.SliceRunes(_large, 0, 1)`, "7:43: strings.SliceRunes takes a text of at most 10000000 characters"},
		{`"strings"`, `strings.Join([_long, "b"], "")`, "7:37: " + join},
		{`"strings"`, `strings.Join(["a", "b"], _long)`, "7:49: " + join},
		{`"strings"`, `strings.Join([for n in strings.Split(_short, "") for m in strings.Split(_short, "") {n}], "")`, "7:37: " + join},
		{`"strings"`, `strings.Join([1], "")`, "7:37: " + join},
		{`"strconv"`, `strconv.FormatInt(_far, 2)`, "7:42: " + write},
		{`"strconv"`, `strconv.FormatUint(_far, 2)`, "7:43: strconv.FormatUint takes a whole number of at most 1000 digits"},
		{`"strconv"`, `strconv.FormatInt(-_far, 2)`, "7:42: " + write},
		{`"strings"`, `{j: strings.Join}.j(["a"], "b")`, "7:28: strings.Join " + names},
		{`"strings"`, `(strings.Join)(["a"], "b")`, "7:25: strings.Join " + names},
		{`"strings"`, `{j: strings["Join"]}.j(["a"], "b")`, "7:28: strings.Join " + names},

		{`"strings"`, `strings.Join([for _ in strings.Split(strings.SliceRunes(_long, 0, 200), "") {"a"}], "")`, ""},
		{`"strings"`, `strings.Join(strings.Fields("a \(error) b"), "-")`, ""},
		{`"strings"`, `"\(len(strings.Runes("abc")))\(strings.SplitN("a,b,c", ",", 2)[1])"`, ""},
		{`"strconv"`, `strconv.FormatInt(-255, 16) + strconv.FormatUint(255, 2)`, ""},
	} {
		dir := t.TempDir()
		put(t, dir, "policy.cue", []byte("package p\nimport "+c.imports+"\nname: \"p\"\n"+
			"_a: {"+repeat(24, "a%[2]d: \"\\(a%[1]d)\\(a%[1]d)\", ")+"a0: \"x\"}\n"+
			"_large: _a.a24, _long: _a.a14, _short: _a.a7, _far: 1"+strings.Repeat("0", 1000)+"\n"+
			"let error = \"e\", _e: error\ntiers: a: description: "+c.value+"\n"))
		if c.want != "" {
			c.want = "policy.cue:" + c.want
		}
		got := ""
		if _, err := schema.Load(schema.Options{Dir: dir}); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s:\ngot:  %s\nwant: %s", c.value, got, c.want)
		}
	}
}

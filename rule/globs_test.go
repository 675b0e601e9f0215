package rule

import "testing"

func TestGlobs(t *testing.T) {
	for _, c := range []struct {
		globs Globs
		names []string
		want  bool
	}{
		{nil, []string{"web"}, false},
		{Globs{"web"}, nil, false},
		{Globs{"web"}, []string{"web-1"}, false},
		{Globs{"db", "web-*"}, []string{"api", "web-1"}, true},
		{Globs{"web*"}, []string{"web/1"}, true}, // which a path does not
		{Globs{"web/?"}, []string{"web/1"}, true},
		{Globs{"[", "web"}, []string{"web"}, true},
		{Globs{"["}, []string{"["}, false},
	} {
		if got := c.globs.Match(c.names...); got != c.want {
			t.Errorf("%q: %q: %t", c.globs, c.names, got)
		}
	}
	if err := (Globs{"web-*", "db"}).Check(); err != nil {
		t.Error(err)
	}
	if err := (Globs{"web-*", "["}).Check(); err == nil || err.Error() != `"[" is not a pattern: write one such as web-*` {
		t.Error(err)
	}
}

package schema

import (
	"runtime"
	"strings"
	"testing"

	"cuelang.org/go/cue/parser"
)

// TestShortened shows the beginning of a text that is too long to be read.
func TestShortened(t *testing.T) {
	long := strings.Repeat("é", maxShown)
	dir := write(t, "-- policy.cue --\npackage p\n\nname: \"p\"\ntiers: a: ingress: ssh: from: [\""+long+"\"]\n")
	_, err := Load(Options{Dir: dir})
	want := `policy.cue:4:32: tiers.a.ingress.ssh.from.0: unknown tier, address set or group "é`
	if err == nil || !strings.HasPrefix(err.Error(), want) || !strings.HasSuffix(err.Error(), "éé…") || len(err.Error()) > maxShown+100 {
		t.Errorf("%.300v", err)
	}
	for s, want := range map[string]string{
		"":                                    "",
		strings.Repeat("a", maxShown):         strings.Repeat("a", maxShown),
		strings.Repeat("a", maxShown+1):       strings.Repeat("a", maxShown) + "…",
		strings.Repeat("é", maxShown/2+1):     strings.Repeat("é", maxShown/2) + "…",
		"a" + strings.Repeat("é", maxShown/2): "a" + strings.Repeat("é", maxShown/2-1) + "…",
	} {
		if got := shortened(s); got != want {
			t.Errorf("%d bytes become %d, not %d", len(s), len(got), len(want))
		}
	}
}

// TestSyntaxErrorInManyLines needs no memory for each line of a file.
func TestSyntaxErrorInManyLines(t *testing.T) {
	src := []byte(strings.Repeat("\n", 4<<20) + "}\n")
	_, err := parser.ParseFile("a.cue", src)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := syntaxError(src, err)
	runtime.ReadMemStats(&after)
	if want := `one "}" is too many: take it out, or put the "{" before it`; got == nil || got.Error() != want || got.Position().Line() != 4<<20+1 {
		t.Errorf("got %v", got)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > uint64(4*len(src)) {
		t.Errorf("it takes %d bytes for %d", n, len(src))
	}
}

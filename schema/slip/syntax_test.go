package slip

import (
	"regexp"
	"runtime"
	"strings"
	"testing"

	"cuelang.org/go/cue/parser"

	"sgc.dev/sgc/schema/source"
)

// TestSyntaxErrorInManyLines needs no memory for each line of a file.
func TestSyntaxErrorInManyLines(t *testing.T) {
	src := []byte(strings.Repeat("\n", 4<<20) + "}\n")
	_, err := parser.ParseFile("a.cue", src)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := Explain(&source.Unparsed{Name: "a.cue", Source: src, Err: err})
	runtime.ReadMemStats(&after)
	if want := `unexpected "}": remove it, or write what it closes`; got == nil || got.Message != want || got.Pos.Line != 4<<20+1 {
		t.Errorf("got %v", got)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > uint64(4*len(src)) {
		t.Errorf("it takes %d bytes for %d", n, len(src))
	}
}

// TestSlipsCompile compiles the expressions of all slips, which is otherwise done when
// one is tried.
func TestSlipsCompile(t *testing.T) {
	for _, s := range slips {
		if _, err := regexp.Compile(s.looks); err != nil {
			t.Errorf("%s: %v", s.say, err)
		}
	}
}

package main

import (
	"slices"
	"strings"
	"testing"
)

// TestTold tells of a package that passes with a test skipped, of one that fails, and of
// one that is not built.
func TestTold(t *testing.T) {
	const events = `{"Action":"start","Package":"a"}
{"Action":"run","Package":"a","Test":"TestOne"}
{"Action":"output","Package":"a","Test":"TestOne","Output":"=== RUN   TestOne\n"}
{"Action":"output","Package":"a","Test":"TestOne","Output":"    a_test.go:3: x: not installed\n"}
{"Action":"output","Package":"a","Test":"TestOne","Output":"--- SKIP: TestOne (0.00s)\n"}
{"Action":"skip","Package":"a","Test":"TestOne"}
{"Action":"output","Package":"b","Test":"TestGood","Output":"    b_test.go:3: fine\n"}
{"Action":"pass","Package":"b","Test":"TestGood"}
{"Action":"output","Package":"b","Test":"TestBad/sub","Output":"    b_test.go:5: wrong\n"}
{"Action":"output","Package":"b","Test":"TestLast","Output":"    b_test.go:9: wrong too\n"}
{"Action":"output","Package":"b","Test":"TestBad/sub","Output":"--- FAIL: TestBad/sub (0.00s)\n"}
{"Action":"fail","Package":"b","Test":"TestBad/sub"}
{"Action":"output","Package":"b","Output":"FAIL\tb\t0.1s\n"}
{"Action":"fail","Package":"b"}
{"Action":"output","Package":"a","Output":"PASS\n"}
{"Action":"output","Package":"a","Output":"ok  \ta\t0.1s\n"}
{"Action":"pass","Package":"a"}
{"ImportPath":"c","Action":"build-output","Output":"c.go:1: no\n"}
no event
`
	var b strings.Builder
	skipped := told(strings.NewReader(events), &b)
	if want := []string{"a TestOne: x: not installed"}; !slices.Equal(skipped, want) {
		t.Errorf("skipped are %q, not %q", skipped, want)
	}
	const want = `    b_test.go:5: wrong
--- FAIL: TestBad/sub (0.00s)
    b_test.go:9: wrong too
FAIL	b	0.1s
ok  	a	0.1s
c.go:1: no
no event
`
	if b.String() != want {
		t.Errorf("told:\n%s\nwant\n%s", b.String(), want)
	}
}

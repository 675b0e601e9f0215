package picture_test

import (
	"flag"
	"io"
	"os"
	"strings"
	"testing"

	"sgc.dev/sgc/picture"
	"sgc.dev/sgc/reach"
)

var update = flag.Bool("update", false, "write the expected outputs anew")

// draw draws a graph in a format.
func draw(t testing.TB, format picture.Format, g *reach.Graph) string {
	t.Helper()
	var b strings.Builder
	write := map[picture.Format]func(io.Writer, *reach.Graph) error{
		picture.Text:    picture.WriteText,
		picture.Mermaid: picture.WriteMermaid,
		picture.DOT:     picture.WriteDOT,
		picture.SVG:     func(w io.Writer, g *reach.Graph) error { return picture.WriteSVG(w, g, graphviz(t)) },
		picture.HTML:    func(w io.Writer, g *reach.Graph) error { return picture.WriteHTML(w, g, nil, graphviz(t)) },
	}[format]
	if err := write(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func formats(t testing.TB) []picture.Format {
	t.Helper()
	var list []picture.Format
	for _, name := range picture.Formats() {
		f, err := picture.ParseFormat(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, f)
	}
	return list
}

// TestGoldens compares every format with the file that it is kept in, and twice
// with itself: the same policy gives the same bytes.
func TestGoldens(t *testing.T) {
	_, g := graph(t, "testdata/shop.cue")
	for _, f := range formats(t) {
		compare(t, "testdata/shop."+f.String(), draw(t, f, &g))
		_, again := graph(t, "testdata/shop.cue")
		if draw(t, f, &again) != draw(t, f, &g) {
			t.Errorf("%s: two drawings of one policy differ", f)
		}
	}
	// The picture of the README.
	_, g = graph(t, "../policies/three-tier")
	compare(t, "../policies/three-tier/graph.svg", draw(t, picture.SVG, &g))
}

func compare(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what is drawn now: make goldens, then read git diff", name)
	}
}

package picture_test

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/diff"
	"sgc.dev/sgc/picture"
	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/rule"
)

var update = flag.Bool("update", false, "write the expected outputs anew")

// draw draws a graph in a format.
func draw(t testing.TB, format picture.Format, v *reach.View) string {
	t.Helper()
	var b strings.Builder
	g := v.Graph()
	write := map[picture.Format]func(io.Writer, *reach.Graph) error{
		picture.Text:    picture.WriteText,
		picture.Mermaid: picture.WriteMermaid,
		picture.DOT:     picture.WriteDOT,
		picture.SVG:     func(w io.Writer, g *reach.Graph) error { return picture.WriteSVG(w, g, graphviz(t)) },
		picture.HTML:    func(w io.Writer, g *reach.Graph) error { return picture.WriteHTML(w, v, nil, graphviz(t)) },
	}[format]
	if err := write(&b, &g); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestGoldens compares every format with the file that it is kept in, and twice
// with itself: the same policy gives the same bytes.
func TestGoldens(t *testing.T) {
	v, _ := graph(t, "testdata/shop.cue")
	for _, f := range picture.Formats() {
		compare(t, "testdata/shop."+string(f), draw(t, f, v))
		again, _ := graph(t, "testdata/shop.cue")
		if draw(t, f, again) != draw(t, f, v) {
			t.Errorf("%s: two drawings of one policy differ", f)
		}
	}
	compare(t, "testdata/change.html", changed(t))
	// With arrows enough to be bundled.
	v, _ = graph(t, "testdata/farm.cue")
	compare(t, "testdata/farm.svg", draw(t, picture.SVG, v))
	// The picture of the README.
	v, _ = graph(t, "../policies/three-tier")
	compare(t, "../policies/three-tier/graph.svg", draw(t, picture.SVG, v))
}

// changed is the page of what changes between two policies.
func changed(t testing.TB) string {
	t.Helper()
	var b strings.Builder
	if err := picture.WriteDiff(&b, diff.Sets(set(t, "testdata/before.cue"), set(t, "testdata/shop.cue")), graphviz(t)); err != nil {
		t.Fatal(err)
	}
	return b.String()
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

// TestSVGWithoutVariables holds that each colour stands there for programs that know no
// variables, before the variable, with which browsers tell light from dark.
func TestSVGWithoutVariables(t *testing.T) {
	v, _ := graph(t, "testdata/shop.cue")
	svg := draw(t, picture.SVG, v)
	all := regexp.MustCompile(`[a-z]+: var\(--[a-z-]+\)`).FindAllString(svg, -1)
	with := regexp.MustCompile(`(fill|stroke): #[0-9a-f]{6}; (fill|stroke): var\(--[a-z-]+\)`).FindAllStringSubmatch(svg, -1)
	if len(all) < 15 || len(with) != len(all) || slices.ContainsFunc(with, func(m []string) bool { return m[1] != m[2] }) {
		t.Errorf("%d of %d variables have a colour before them", len(with), len(all))
	}
}

// TestManyTiersAreSmall holds that a page of many tiers can be opened and sent around.
func TestManyTiersAreSmall(t *testing.T) {
	if n := len(draw(t, picture.HTML, reach.New(many(300)))); n > 1e6 {
		t.Errorf("300 tiers are a page of %d bytes", n)
	}
}

// TestCrowded draws what no drawing could show: SVG says so, and the page has its
// matrix.
func TestCrowded(t *testing.T) {
	set := &rule.Set{Policy: "crowded", Families: []rule.Family{rule.IPv4}}
	for i := range 30 {
		name := fmt.Sprintf("t%02d", i)
		var written []rule.Entry
		for j := range 30 {
			port := uint16(1000 + 100*i + j)
			written = append(written, rule.Entry{
				Rule:    rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(port, port), Remote: rule.Tier(fmt.Sprintf("t%02d", j))},
				Origins: []rule.Origin{{Pos: rule.Pos{File: "crowded.cue", Line: 10 + i, Column: 10 + j}}},
			})
		}
		written = append(written, rule.Entry{
			Rule:    rule.Rule{Direction: rule.Egress, Family: rule.IPv4, Protocol: rule.AnyProtocol, Ports: rule.NoPorts(), Remote: rule.Anyone()},
			Origins: []rule.Origin{{Pos: rule.Pos{File: "crowded.cue", Line: 99, Column: 1 + i}}},
		})
		set.Groups = append(set.Groups, rule.Group{Tier: name, Name: name, Stateful: true, Written: written})
	}
	v := reach.New(set)
	g := v.Graph()
	err := picture.WriteSVG(io.Discard, &g, graphviz(t))
	var crowded picture.Crowded
	if !errors.As(err, &crowded) || int(crowded) < 900 {
		t.Errorf("no drawing, and the reason: %v", err)
	}
	ctx, faults := browser(t, page(t, v))
	if got := value[string](t, ctx, `answer("t03", "t07", "tcp/1703").verdict`); got != "yes" {
		t.Errorf("t03 to t07: %s", got)
	}
	if f := faults(); f != nil {
		t.Error(f)
	}
}

package picture_test

import (
	"maps"
	"strings"
	"testing"

	"sgc.dev/sgc/picture"
	"sgc.dev/sgc/reach"
)

// TestTextSaysEachPairOnce takes the lines of the text apart: those who reach whom are
// those of the graph, each pair on one line but for what others may open there.
func TestTextSaysEachPairOnce(t *testing.T) {
	for _, policy := range []string{"testdata/shop.cue", "testdata/farm.cue", "../policies/gateways", "../testdata/estates/edge/engineer.cue", "../testdata/estates/capi/engineer.cue"} {
		v, g := graph(t, policy)
		lines, got := 0, map[string]int{}
		for l := range strings.Lines(draw(t, picture.Text, v)) {
			froms, rest, arrow := strings.Cut(l, " → ")
			tos, _, _ := strings.Cut(rest, ": ")
			if !arrow || strings.HasPrefix(l, reach.Depending) {
				continue
			}
			lines++
			for _, from := range strings.Split(froms, ", ") {
				for _, to := range strings.Split(tos, ", ") {
					got[from+" → "+to]++
				}
			}
		}
		want := map[string]int{}
		for _, e := range g.Edges {
			if e.Services[0].Perhaps { // which stand last
				continue
			}
			want[g.Nodes[e.From].End.Name+" → "+g.Nodes[e.To].End.Name]++
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: the text has %v, the graph %v", policy, got, want)
		}
		if lines*3 > len(want)*2 {
			t.Errorf("%s: %d lines for %d pairs", policy, lines, len(want))
		}
	}
}

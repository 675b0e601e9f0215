package picture_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sgc.dev/sgc/picture"
)

// TestWorldIsWhatAllReach draws an arrow of which the world may use one part: no
// format says of the other that it is open to the world.
func TestWorldIsWhatAllReach(t *testing.T) {
	policy := filepath.Join(t.TempDir(), "edge.cue")
	if err := os.WriteFile(policy, []byte(`name: "shop", tiers: edge: ingress: {https: from: ["public"], ssh: from: ["203.0.113.200"]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	v, _ := graph(t, policy)
	for format, want := range map[picture.Format][]string{
		picture.Text:    {"public → edge: https [world]\npublic → edge: in part: ssh (IPv4)\n"},
		picture.Mermaid: {"|\"https\"|", "|\"in part: ssh (IPv4)\"|"},
		picture.DOT:     {"[label=\"https\", color=red,", "[label=\"in part: ssh (IPv4)\", style=dashed]"},
		picture.SVG: {
			">public to edge: https, open to the whole world. public to edge: in part: ssh (IPv4)</desc>",
			"<g class=\"arrow partial\" data-from=\"0\" data-to=\"1\"><title>public → edge: in part: ssh (IPv4)</title>",
		},
		picture.HTML: {
			"Open to the whole world: <strong>edge (https)</strong>.",
			"<td>https <span class=\"mark\">world</span></td>",
			"<tr class=\"arrow partial\" data-from=\"0\" data-to=\"1\"><td>public</td><td>edge</td><td>in part: ssh (IPv4)</td></tr>",
			"title=\"public → edge: https, open to the whole world; in part: ssh (IPv4)\"><strong>https <span class=\"mark\">world</span></strong>; in part: ssh (IPv4)</button>",
		},
	} {
		got := draw(t, format, v)
		for _, w := range want {
			if !strings.Contains(got, w) {
				if format == picture.HTML {
					got = got[strings.Index(got, "<body>"):strings.Index(got, "id=\"rules\"")]
				}
				t.Errorf("%s lacks %q:\n%s", format, w, got)
			}
		}
	}
}

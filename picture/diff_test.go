package picture_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"sgc.dev/sgc/diff"
	"sgc.dev/sgc/picture"
	"sgc.dev/sgc/rule"
)

// TestDiffSaysTheWidest counts all that opens, and names what opens to most.
func TestDiffSaysTheWidest(t *testing.T) {
	var b strings.Builder
	changes := diff.Sets(&rule.Set{Policy: "many"}, many(30))
	if err := picture.WriteDiff(&b, changes, graphviz(t)); err != nil {
		t.Fatal(err)
	}
	_, head, _ := strings.Cut(b.String(), "<header>")
	head, _, _ = strings.Cut(head, "</header>")
	for _, want := range []string{"<p>Opens: 180, closes: 0.</p>", "Opens, the widest first: <strong>anyone → tier-0-00 and 5 more tcp/443 (IPv4)</strong>; <strong>tier-0-00 and 29 more → anyone tcp/443 (IPv4)</strong>; ", "; the rest is in the table.</p>"} {
		if !strings.Contains(head, want) {
			t.Errorf("the page does not begin with %q: %s", want, head)
		}
	}
	if n := strings.Count(head, "<strong>"); n != 4 {
		t.Errorf("%d of what opens stand there", n)
	}
}

// TestDiffDrawsAlikeTiersOnce has one box for tiers of which the same changes, and says so
// in one text.
func TestDiffDrawsAlikeTiersOnce(t *testing.T) {
	entry := func(network string) []rule.Entry {
		return []rule.Entry{{Rule: rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(22, 22), Remote: rule.Prefix(netip.MustParsePrefix(network))}}}
	}
	var before, after rule.Set
	for i := range 57 {
		name := fmt.Sprintf("tier-%02d", i)
		before.Groups = append(before.Groups, rule.Group{Tier: name, Name: name, Written: entry("203.0.113.0/24")})
		after.Groups = append(after.Groups, rule.Group{Tier: name, Name: name, Written: entry("203.0.112.0/23")})
	}
	var b strings.Builder
	if err := picture.WriteDiff(&b, diff.Sets(&before, &after), graphviz(t)); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	if !strings.Contains(page, "<p class=\"open\">Opens: <strong>203.0.112.0/24 → tier-00 and 56 more tcp/22 (IPv4)</strong>.</p>") {
		t.Error("the page does not begin with the one change")
	}
	_, wide, _ := strings.Cut(page, "<div class=\"wide\">")
	wide, _, _ = strings.Cut(wide, "</div>")
	if n := strings.Count(wide, "<g class=\"box server\""); n != 1 {
		t.Errorf("%d boxes for tiers", n)
	}
}

// TestNoDifferences has nothing to draw, to search or to run.
func TestNoDifferences(t *testing.T) {
	var b strings.Builder
	if err := picture.WriteDiff(&b, diff.Sets(many(3), many(3)), graphviz(t)); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"<h2 id=\"drawing-title\"", "id=\"filter\"", "<script"} {
		if strings.Contains(b.String(), part) {
			t.Errorf("the page has %s", part)
		}
	}
	if !strings.Contains(b.String(), "<p>No differences.</p>") {
		t.Error("the page does not say that there are none")
	}
}

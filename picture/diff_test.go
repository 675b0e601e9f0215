package picture_test

import (
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
	for _, want := range []string{"<p>Opens: 180, closes: 0.</p>", "Opens, the widest first: <strong>anyone → tier-0-00 tcp/443 (IPv4)</strong>; <strong>anyone → tier-0-01 tcp/443 (IPv4)</strong>; ", "; the rest is in the table.</p>"} {
		if !strings.Contains(head, want) {
			t.Errorf("the page does not begin with %q: %s", want, head)
		}
	}
	if n := strings.Count(head, "<strong>"); n != 4 {
		t.Errorf("%d of what opens stand there", n)
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

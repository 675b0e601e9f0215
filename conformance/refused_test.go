//go:build conformance

package conformance

import (
	"strings"
	"testing"
)

// testRefused demands that a script which cannot tell what is meant, or which
// finds somebody else's group in its way, says so and writes nothing at all.
func testRefused(t *testing.T, c *cloud) {
	script := c.export(t, "testdata/refused.cue")
	partner := func(t *testing.T, a account) { a.group(t, "partner", "a neighbour") }
	for _, test := range []struct {
		name  string
		found func(*testing.T, account)
		words []string
	}{
		{"a group without a mark", func(t *testing.T, a account) {
			partner(t, a)
			a.group(t, "web", "made by hand")
		}, []string{"web"}},
		{"a mark that is not at the end", func(t *testing.T, a account) {
			partner(t, a)
			a.group(t, "web", "[sgc:refused/web] and more")
		}, []string{"web"}},
		{"another policy's group", func(t *testing.T, a account) {
			partner(t, a)
			a.group(t, "web", "[sgc:other/web]")
		}, []string{"web"}},
		{"another tier's group", func(t *testing.T, a account) {
			partner(t, a)
			a.group(t, "web", "[sgc:refused/alpha]")
		}, []string{"web"}},
		{"two groups without a mark", func(t *testing.T, a account) {
			partner(t, a)
			a.group(t, "web", "one")
			a.group(t, "web", "two")
		}, []string{"web"}},
		{"two groups, one with the mark", func(t *testing.T, a account) {
			partner(t, a)
			a.group(t, "web", "[sgc:refused/web]")
			a.group(t, "web", "two")
		}, []string{"web"}},
		{"two groups with the mark", func(t *testing.T, a account) {
			partner(t, a)
			a.group(t, "web", "[sgc:refused/web]")
			a.group(t, "web", "[sgc:refused/web]")
		}, []string{"web"}},
		{"no group of others", func(*testing.T, account) {}, []string{"partner"}},
		{"two groups of others", func(t *testing.T, a account) {
			partner(t, a)
			partner(t, a)
		}, []string{"partner"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a, p := c.tenant(t), newProxy(t, c, 0)
			test.found(t, a)
			before := a.groups(t)
			p.run(t, a, script).requireFailure(t, test.words...)
			if p.count() != 0 {
				t.Errorf("the script wrote %d times", p.count())
			}
			requireUntouched(t, before, a.groups(t))
		})
	}
	t.Run("wrong password", func(t *testing.T) {
		t.Parallel()
		a := c.tenant(t)
		for i, variable := range a.env {
			if strings.HasPrefix(variable, "OS_PASSWORD=") {
				a.env[i] = "OS_PASSWORD=wrong"
			}
		}
		a.run(t, script).requireFailure(t, "401")
	})
	t.Run("no openstack command", func(t *testing.T) {
		t.Parallel()
		c.tenant(t).run(t, script, "PATH=/nowhere").requireFailure(t, "openstack")
	})
}

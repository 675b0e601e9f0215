//go:build conformance

package conformance

import (
	"fmt"
	"testing"
)

// testKilled kills a script after each of the requests with which it changes the
// cloud, before it can hear the answer, and runs it again: the cloud is what it
// is after a run that nobody disturbed.
func testKilled(t *testing.T, c *cloud) {
	script := c.export(t, "testdata/steps.cue")

	a, undisturbed := c.tenant(t), newProxy(t, c, 0)
	if o := undisturbed.run(t, a, script); o.code != 0 {
		t.Fatalf("the script ended with %d: %s", o.code, o.stderr)
	}
	requireRules(t, a.groups(t), steps())
	requireFinished(t, a.groups(t), "steps")
	want := describe(t, a.groups(t))

	for after := 1; after <= undisturbed.count(); after++ {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			t.Parallel()
			a := c.tenant(t)
			if o := newProxy(t, c, after).run(t, a, script); o.code != -1 {
				t.Fatalf("the script was to be killed and ended with %d: %s", o.code, o.stderr)
			}
			a.apply(t, script)
			if got := describe(t, a.groups(t)); got != want {
				t.Errorf("the second run leaves\n%swant\n%s", got, want)
			}
		})
	}
}

// steps is what the policy testdata/steps.cue comes to.
func steps() map[string][]string {
	return map[string][]string{
		"front": {
			"egress IPv6 any to anyone",
			"ingress IPv4 tcp/22 from 192.0.2.7/32",
			"ingress IPv4 tcp/443 from anyone",
		},
		"back": {
			"ingress IPv6 tcp/3306 from tier front",
		},
	}
}

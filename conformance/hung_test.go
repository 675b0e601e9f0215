package conformance

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sgc.dev/sgc/neutron"
)

// TestHung has a call of each kind that changes something go without an answer until the client gives
// them up, whether they have acted or not. It gets over that by itself.
func TestHung(t *testing.T) {
	v := newTrial(t, newSandboxProject(t))
	for seed := uint64(0); v.scene == nil || v.scene.saved || v.scene.has("tier db") || len(v.scene.set.Groups) < 2; seed++ {
		v.scene = newScene(seed) // until a group is to be created
	}
	var tried []string
	for i, call := range v.undisturbed(t) {
		kind := kindOf(call)
		if slices.Contains(tried, kind) || strings.HasPrefix(kind, "GET") {
			continue
		}
		tried = append(tried, kind)
		for _, what := range []trouble{hungBefore, hungAfter} {
			v.set(t)
			v.gate.open(i+1, what, func(call string) { v.look(t, call) })
			client, err := neutron.Connect(t.Context(), neutron.Options{Pause: time.Nanosecond, Timeout: 400 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			if err := carryOutWith(client, v.job(), quiet{}); err != nil {
				t.Errorf("%s: %s: it gave up: %v", kind, what, err)
			}
			v.settled(t, kind+": "+string(what))
		}
	}
	for _, kind := range []string{"POST security-groups", "POST security-group-rules", "DELETE security-group-rules"} {
		if !slices.Contains(tried, kind) {
			t.Errorf("no %s among %q", kind, tried)
		}
	}
}

// kindOf is a call without what it is about.
func kindOf(call string) string {
	method, path, _ := strings.Cut(call, " ")
	parts := strings.Split(strings.TrimPrefix(path, "/v2.0/"), "/")
	if len(parts) >= 3 && parts[2] == "tags" {
		return method + " tags"
	}
	return method + " " + parts[0]
}

// TestPages applies to a cloud that shows groups three at a time.
func TestPages(t *testing.T) {
	p := newSandboxProject(t)
	v := newTrial(t, p)
	for seed := range 5 {
		v.scene = newScene(uint64(4000 + seed))
		p.cloud.SetPageLimit(0)
		v.set(t)
		p.cloud.SetPageLimit(3)
		if err := v.apply(t, 0, none); err != nil {
			t.Fatalf("%v\n%s", err, v.scene)
		}
		now := v.view(t)
		for _, g := range v.scene.set.Groups {
			for _, is := range now.groups {
				if now.label(is.ID) == "tier "+g.Tier {
					v.finished(t, "in pages", g.Tier, is, now)
				}
			}
		}
	}
}

package apply_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/sandbox"
	"sgc.dev/sgc/sandbox/sandboxtest"
)

// keeper remembers what a way back is planned from.
type keeper struct {
	watcher
	rounds []*apply.Round
	end    *rule.State
}

func (k *keeper) Save(r *apply.Round) error { k.rounds = append(k.rounds, r); return nil }
func (k *keeper) Settled(s *rule.State)     { k.end = s }

// TestUndo takes a change back while others have been at work: what they have done stays, and
// where that is in a group of the change, nothing is taken back.
func TestUndo(t *testing.T) {
	nine := 9
	edit := func(name string, f func(*sandbox.Group)) func(*sandbox.Cloud) {
		return func(c *sandbox.Cloud) { c.EditGroup(named(c, name).ID, f) }
	}
	for _, test := range []struct {
		name   string
		during func(*sandbox.Cloud) // at the first call that creates rules
		since  func(*sandbox.Cloud) // after all of them
		want   string               // "": it is taken back
	}{
		{"nobody", nil, nil, ""},
		{"a tag during it", edit("web", func(g *sandbox.Group) { g.Tags = append(g.Tags, "theirs") }), nil, ""},
		{"a rule since", nil, func(c *sandbox.Cloud) {
			c.PlantRule(named(c, "web").ID, sandbox.Rule{Direction: "ingress", Ethertype: "IPv4", Protocol: "udp", PortRangeMin: &nine, PortRangeMax: &nine})
		}, "has been changed by others since"},
		{"a name since", nil, edit("db", func(g *sandbox.Group) { g.Name = "data" }), "has been changed by others since"},
		{"a group that is gone", nil, func(c *sandbox.Cloud) { c.RemoveGroup(named(c, "db").ID) }, "has been deleted by others since"},
		{"a group of another run", func(c *sandbox.Cloud) {
			c.PlantGroup(sandbox.Group{Name: "cache", Description: "[sgc:shop/cache]", Stateful: true})
		}, nil, "was not changed by this run"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := sandboxtest.Open(t)
			mustApply(t, job(policy(map[string][]int{"db": {5432}, "web": {80}})))
			before := accessOf(c)
			done := false
			c.Intercept(func(call sandbox.Call) {
				if _, is := counted([]sandbox.Call{call})[newRules]; is && !done && test.during != nil {
					done = true
					test.during(c)
				}
			})
			client, err := neutron.Connect(t.Context(), neutron.Options{})
			if err != nil {
				t.Fatal(err)
			}
			a, err := agreed(t.Context(), client, job(policy(map[string][]int{"db": {5432}, "mail": {25}, "web": {443}})))
			if err != nil {
				t.Fatal(err)
			}
			k := &keeper{}
			if err := apply.CarryOut(t.Context(), client, a, k); err != nil {
				t.Fatal(err)
			}
			c.Intercept(nil)
			if test.since != nil {
				test.since(c)
			}
			tags := slices.Contains(named(c, "web").Tags, "theirs")
			back, err := apply.Undo(t.Context(), client, k.rounds[0], k.end)
			if err != nil {
				t.Fatal(err)
			}
			if problems := back.Agreed.Problems; test.want != "" {
				if problems == nil || !strings.Contains(problems.Error(), test.want) {
					t.Errorf("%v does not say %q", problems, test.want)
				}
				return
			} else if problems != nil {
				t.Fatal(problems)
			}
			if err := apply.CarryOut(t.Context(), client, back, watcher{}); err != nil {
				t.Fatal(err)
			}
			if after := accessOf(c); after != before {
				t.Errorf("there is\n%s, not\n%s", after, before)
			}
			if slices.Contains(named(c, "web").Tags, "theirs") != tags {
				t.Error("somebody's tag is gone")
			}
		})
	}
}

// accessOf is the groups of the policy, each with its ports.
func accessOf(c *sandbox.Cloud) string {
	var lines []string
	for _, g := range c.Groups(c.Demo().ProjectID) {
		for _, r := range g.Rules {
			if r.PortRangeMin != nil {
				lines = append(lines, g.ID+" "+g.Description+" "+r.Protocol+" "+fmt.Sprint(*r.PortRangeMin))
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

package apply_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/carryout"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/sandbox"
	"sgc.dev/sgc/sandbox/sandboxtest"
)

// named is the group of that name, the zero one where there is none.
func named(c *sandbox.Cloud, name string) sandbox.Group {
	for _, g := range c.Groups(c.Demo().ProjectID) {
		if g.Name == name {
			return g
		}
	}
	return sandbox.Group{}
}

// once has others come in before the first call of a kind.
func once(c *sandbox.Cloud, kind string, f func(sandbox.Call)) {
	done := false
	c.Intercept(func(call sandbox.Call) {
		if _, is := counted([]sandbox.Call{call})[kind]; is && !done {
			done = true
			f(call)
		}
	})
}

// idOf is the id of the group that a call is about.
func idOf(call sandbox.Call) string {
	return strings.Split(strings.TrimPrefix(call.Path, "/v2.0/security-groups/"), "/")[0]
}

// statuses counts the answers to calls of a kind.
func statuses(c *sandbox.Cloud, kind string) map[int]int {
	count := map[int]int{}
	for _, call := range c.Calls() {
		if _, is := counted([]sandbox.Call{call})[kind]; is {
			count[call.Status]++
		}
	}
	return count
}

// TestHolds has others change a group between two steps: the next one leaves it alone.
func TestHolds(t *testing.T) {
	nine := 9
	edit := func(f func(*sandbox.Group)) func(*sandbox.Cloud, string) {
		return func(c *sandbox.Cloud, id string) { c.EditGroup(id, f) }
	}
	for _, test := range []struct {
		name   string
		others func(c *sandbox.Cloud, id string)
		why    string // "" where the run goes on
	}{
		{"another name", edit(func(g *sandbox.Group) { g.Name = "mail" }), "is now called mail"},
		{"no mark", edit(func(g *sandbox.Group) { g.Description = "mine" }), "has lost the mark [sgc:shop/app]"},
		{"another mark", edit(func(g *sandbox.Group) { g.Description = "[sgc:other/app]" }), "now has the mark [sgc:other/app] instead of [sgc:shop/app]"},
		{"a rule a second time", func(c *sandbox.Cloud, id string) {
			again := named(c, "app").Rules[1]
			again.ID = ""
			c.PlantRule(id, again)
		}, ""},
		{"another rule", func(c *sandbox.Cloud, id string) {
			c.PlantRule(id, sandbox.Rule{Direction: "ingress", Ethertype: "IPv4", Protocol: "udp", PortRangeMin: &nine, PortRangeMax: &nine})
		}, "has a new rule, ID: ingress IPv4 udp/9 from anyone"},
		{"a rule less", func(c *sandbox.Cloud, id string) { c.RemoveRule(named(c, "app").Rules[1].ID) }, "has lost rule ID: ingress IPv4 tcp/2 from anyone"},
		{"a new rule less", func(c *sandbox.Cloud, id string) { c.RemoveRule(named(c, "app").Rules[2].ID) }, "has lost a rule: ingress IPv4 tcp/5 from anyone"},
		{"no group", func(c *sandbox.Cloud, id string) { c.RemoveGroup(id) }, "is gone"},
		{"another group", func(c *sandbox.Cloud, _ string) {
			c.PlantGroup(sandbox.Group{Name: "app", Description: "[sgc:shop/app]", Stateful: true})
		}, "has been created for tier app"},
		{"another tag", edit(func(g *sandbox.Group) { g.Tags = append(g.Tags, "theirs") }), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := sandboxtest.Open(t)
			mustApply(t, job(policy(map[string][]int{"app": {1, 2}})))
			id, earlier := named(c, "app").ID, statuses(c, removeRule)[http.StatusNoContent]
			done := false
			c.Observe(func(call sandbox.Call) {
				if _, is := counted([]sandbox.Call{call})[newRules]; is && !done {
					done = true
					test.others(c, id)
				}
			})
			why, removed := "", -1
			err := runTold(t, job(policy(map[string][]int{"app": {2, 5}})), func(changed *carryout.Changed) {
				if why == "" {
					why, removed = changed.Why, statuses(c, removeRule)[http.StatusNoContent]-earlier
				}
			})
			want := "group app (ID) " + test.why
			if test.why == "" {
				if err != nil || why != "" {
					t.Errorf("%v, %s", err, why)
				}
			} else if got := ids.ReplaceAllString(why, "ID"); !strings.HasPrefix(got, want) || removed != 0 && test.name != "another group" {
				t.Errorf("%s, after %d removals", got, removed)
			}
		})
	}
}

// told is a watcher that is told why a run plans again.
type told struct{ replanned func(*carryout.Changed) }

func (told) Agree(_ *apply.Round, beyond plan.Problems) error { return beyond }
func (told) Save(*apply.Round) error                          { return nil }
func (told) Did(carryout.Event)                               {}
func (told) Settled(*rule.State)                              {}
func (w told) Replanned(why *carryout.Changed)                { w.replanned(why) }

// runTold is run with a watcher that is told.
func runTold(t *testing.T, j apply.Job, replanned func(*carryout.Changed)) error {
	t.Helper()
	client, err := neutron.Connect(t.Context(), neutron.Options{Pause: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	a, err := agreed(t.Context(), client, j)
	if err != nil {
		t.Fatal(err)
	}
	return apply.CarryOut(t.Context(), client, a, told{replanned})
}

// TestIfMatch has others change a group right before it is changed or deleted: it is not, as
// long as nobody has looked again.
func TestIfMatch(t *testing.T) {
	t.Run("change", func(t *testing.T) {
		c := sandboxtest.Open(t)
		mustApply(t, job(policy(map[string][]int{"db": {3}})))
		next := policy(map[string][]int{"db": {3}})
		next.Groups[0].Description = "data"
		once(c, changeGroup, func(call sandbox.Call) {
			c.EditGroup(idOf(call), func(g *sandbox.Group) { g.Description = "theirs [sgc:shop/db]" })
		})
		err := run(t.Context(), job(next), nil)
		if now := named(c, "db"); err == nil || now.Description != "theirs [sgc:shop/db]" || statuses(c, changeGroup)[http.StatusPreconditionFailed] != 1 {
			t.Errorf("%v, %+v, %v", err, now, statuses(c, changeGroup))
		}
	})
	t.Run("delete", func(t *testing.T) {
		c := sandboxtest.Open(t)
		mustApply(t, job(shop()))
		var struck string
		once(c, deleteGroup, func(call sandbox.Call) {
			struck = idOf(call)
			nine := 9
			c.PlantRule(struck, sandbox.Rule{Direction: "ingress", Ethertype: "IPv4", Protocol: "udp", PortRangeMin: &nine, PortRangeMax: &nine})
		})
		err := run(t.Context(), destruction(shop()), nil)
		left := c.Groups(c.Demo().ProjectID)
		if at := slices.IndexFunc(left, func(g sandbox.Group) bool { return g.ID == struck }); at < 0 || err == nil || statuses(c, deleteGroup)[http.StatusPreconditionFailed] != 1 {
			t.Errorf("%v, %+v, %v", err, left, statuses(c, deleteGroup))
		}
	})
	t.Run("delete, and nothing that matters", func(t *testing.T) {
		c := sandboxtest.Open(t)
		mustApply(t, job(shop()))
		once(c, deleteGroup, func(call sandbox.Call) {
			c.EditGroup(idOf(call), func(g *sandbox.Group) { g.Tags = append(g.Tags, "theirs") })
		})
		err := runTold(t, destruction(shop()), func(why *carryout.Changed) { t.Errorf("it planned again: %v", why) })
		if err != nil || statuses(c, deleteGroup)[http.StatusPreconditionFailed] != 1 {
			t.Errorf("%v, %v", err, statuses(c, deleteGroup))
		}
	})
}

// TestNamed has others name a group right before it is read and deleted, by itself or with all
// others: their rule would go along with it.
func TestNamed(t *testing.T) {
	for _, test := range []struct {
		reading string
		nth     int // the first list is what is planned from
		gone    int // groups, by then
	}{{list, 2, 0}, {oneGroup, 1, 1}} {
		t.Run(test.reading, func(t *testing.T) {
			c := sandboxtest.Open(t)
			mail := c.PlantGroup(sandbox.Group{Name: "mail", Description: "not ours", Stateful: true})
			mustApply(t, job(shop()))
			readings := 0
			c.Intercept(func(call sandbox.Call) {
				if readings += counted([]sandbox.Call{call})[test.reading]; readings != test.nth {
					return
				}
				readings++
				goes := named(c, "db").ID
				if test.reading == oneGroup {
					goes = idOf(call)
				}
				if gone := statuses(c, deleteGroup)[http.StatusNoContent]; gone < test.gone {
					t.Errorf("%d are gone before it", gone)
				}
				c.PlantRule(mail.ID, sandbox.Rule{Direction: "ingress", Ethertype: "IPv4", RemoteGroupID: goes})
			})
			err := run(t.Context(), destruction(shop()), nil)
			const want = "would also delete a rule of group mail"
			if rules := named(c, "mail").Rules; len(rules) != 1 || !strings.Contains(fmt.Sprint(err), want) {
				t.Errorf("%v, %+v", err, rules)
			}
		})
	}
}

// TestTagsOfOthers has others tag groups that get tags.
func TestTagsOfOthers(t *testing.T) {
	t.Run("a group that is there", func(t *testing.T) {
		c := sandboxtest.Open(t)
		mustApply(t, job(policy(map[string][]int{"db": {3}})))
		next := policy(map[string][]int{"db": {3}})
		next.Groups[0].Tags = []string{"env=test"}
		once(c, "PUT /v2.0/security-groups/*/tags/env=test", func(call sandbox.Call) {
			c.EditGroup(idOf(call), func(g *sandbox.Group) { g.Tags = append(g.Tags, "theirs") })
		})
		mustApply(t, job(next))
		if tags := named(c, "db").Tags; !slices.Equal(tags, []string{"env=test", "sgc:policy=shop", "sgc:tier=db", "theirs"}) {
			t.Errorf("%q", tags)
		}
	})
	t.Run("a group that goes", func(t *testing.T) { // Neutron answers 500
		c := sandboxtest.Open(t)
		mustApply(t, job(policy(map[string][]int{"db": {3}})))
		next, last := policy(map[string][]int{"db": {3}}), named(c, "db").ID
		next.Groups[0].Tags = []string{"env=test"}
		once(c, "PUT /v2.0/security-groups/*/tags/env=test", func(call sandbox.Call) { c.RemoveGroup(idOf(call)) })
		why := ""
		err := runTold(t, job(next), func(changed *carryout.Changed) { why += changed.Why })
		if want := "group db (" + last + ") is gone; since it was last read, this run did: tag group db"; why != want || !strings.HasSuffix(fmt.Sprint(err), "is gone, and another one would be created") {
			t.Errorf("%v, told %q, not %q", err, why, want)
		}
	})
	t.Run("a group without tags", func(t *testing.T) {
		c := sandboxtest.Open(t)
		c.PlantGroup(sandbox.Group{Name: "db", Description: "[sgc:shop/db]", Stateful: true})
		once(c, "PUT /v2.0/security-groups/*/tags/sgc:policy=shop", func(call sandbox.Call) {
			c.EditGroup(idOf(call), func(g *sandbox.Group) { g.Tags = append(g.Tags, "theirs") })
		})
		mustApply(t, job(policy(map[string][]int{"db": {3}})))
		if tags := named(c, "db").Tags; !slices.Equal(tags, []string{"sgc:policy=shop", "sgc:tier=db", "theirs"}) {
			t.Errorf("%q", tags)
		}
	})
	t.Run("a new group", func(t *testing.T) {
		c := sandboxtest.Open(t)
		id := ""
		c.Intercept(func(call sandbox.Call) { // before the group is read that is tagged last
			_, reads := counted([]sandbox.Call{call})[oneGroup]
			if reads && id == "" && statuses(c, tag)[http.StatusOK] > 0 {
				id = idOf(call)
				c.EditGroup(id, func(g *sandbox.Group) { g.Tags = append(g.Tags, "theirs") })
			}
		})
		mustApply(t, job(shop()))
		groups := c.Groups(c.Demo().ProjectID)
		at := slices.IndexFunc(groups, func(g sandbox.Group) bool { return g.ID == id })
		if at < 0 || !slices.Contains(groups[at].Tags, "theirs") || len(groups[at].Tags) != 3 {
			t.Errorf("%s of %+v", id, groups)
		}
	})
}

// circle is tiers that name each other.
func circle() *rule.Set {
	set := policy(map[string][]int{"app": {1}, "db": {3}, "web": {5}})
	for n := range set.Groups {
		set.Groups[n].Rules = append(set.Groups[n].Rules, entry(7, rule.Tier(set.Groups[(n+1)%3].Tier)), entry(9, rule.Tier(set.Groups[(n+2)%3].Tier)))
	}
	return set
}

// TestLostAnswer loses the answer to the creation of groups: they are found, and not made
// once more.
func TestLostAnswer(t *testing.T) {
	c := sandboxtest.Open(t)
	c.Inject(sandbox.Fault{Method: "POST", Path: "/v2.0/security-groups", Nth: 1, CutAfter: true})
	mustApply(t, job(shop()))
	if posts := counted(c.Calls())[newGroups]; posts != 1 {
		t.Errorf("they were made %d times", posts)
	}
	requireDone(t, c, shop())
}

// TestInterruptedWait ends a run while it waits for a cloud to show what it has done.
func TestInterruptedWait(t *testing.T) {
	c := sandboxtest.Open(t)
	mustApply(t, job(circle()))
	c.Inject(sandbox.Fault{Method: "DELETE", Path: "/v2.0/security-groups/*", Nth: 1, Status: http.StatusNoContent})
	ctx, interrupt := context.WithCancel(t.Context())
	client, err := neutron.Connect(ctx, neutron.Options{Pause: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	a, err := agreed(ctx, client, destruction(circle()))
	if err != nil {
		t.Fatal(err)
	}
	c.Observe(func(call sandbox.Call) {
		if call.Method == "GET" && statuses(c, deleteGroup)[http.StatusNoContent] == 3 && counted([]sandbox.Call{call})[list] == 1 {
			interrupt()
		}
	})
	var u *carryout.Unsettled
	if err := apply.CarryOut(ctx, client, a, watcher{}); !errors.As(err, &u) || len(u.Undone) != 1 {
		t.Error(err)
	}
}

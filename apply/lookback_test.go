package apply_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"sgc.dev/sgc/carryout"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/sandbox"
	"sgc.dev/sgc/sandbox/sandboxtest"
)

// TestUnsettled has a cloud answer to what it does not do, and others at work beside it, and
// is told which is which.
func TestUnsettled(t *testing.T) {
	before := map[string][]int{"app": {1, 2}, "db": {3}, "old": {4}, "web": {6}}
	after := policy(map[string][]int{"app": {2}, "db": {3, 5}, "web": {6}})
	after.Groups[1].Name = "database"
	for _, test := range []struct {
		name          string
		fault         sandbox.Fault
		others        func(c *sandbox.Cloud) // after the last write
		undone, since string
	}{
		{"a group that does not go", sandbox.Fault{Method: "DELETE", Path: "/v2.0/security-groups/*", Status: http.StatusNoContent}, nil, "group old (ID) is still there", ""},
		{"a rule that does not go", sandbox.Fault{Method: "DELETE", Path: "/v2.0/security-group-rules/*", Status: http.StatusNoContent}, nil,
			"group app (ID) still has rule ID: ingress IPv4 tcp/1 from anyone", ""},
		{"a name that does not change", sandbox.Fault{Method: "PUT", Path: "/v2.0/security-groups/*", Status: http.StatusOK, Body: `{"security_group": {}}`}, nil,
			"group database (ID) has not changed; since it was last read, this run did: change group database", ""},
		{"a tag that does not go", sandbox.Fault{Method: "DELETE", Path: "/v2.0/security-groups/*/tags/*", Status: http.StatusNoContent}, nil,
			"group app (ID) still has the tag sgc:policy=other (or somebody has added it again)", ""},
		{"a rule comes", sandbox.Fault{}, func(c *sandbox.Cloud) {
			nine := 9
			c.PlantRule(named(c, "app").ID, sandbox.Rule{Direction: "ingress", Ethertype: "IPv4", Protocol: "udp", PortRangeMin: &nine, PortRangeMax: &nine})
		}, "", "group app (ID) has a new rule, ID: ingress IPv4 udp/9 from anyone"},
		{"a rule goes", sandbox.Fault{}, func(c *sandbox.Cloud) { c.RemoveRule(named(c, "app").Rules[0].ID) }, "", "group app (ID) has lost rule ID: ingress IPv4 tcp/2 from anyone"},
		{"a group goes", sandbox.Fault{}, func(c *sandbox.Cloud) { c.RemoveGroup(named(c, "app").ID) }, "", "group app (ID) is gone"},
		{"a mark goes", sandbox.Fault{}, func(c *sandbox.Cloud) {
			c.EditGroup(named(c, "app").ID, func(g *sandbox.Group) { g.Description = "mine" })
		}, "", `group app (ID) now has the description "mine"`},
		{"a text changes", sandbox.Fault{}, func(c *sandbox.Cloud) {
			c.EditGroup(named(c, "app").ID, func(g *sandbox.Group) { g.Description = "front [sgc:shop/app]" })
		}, "", `group app (ID) now has the description "front [sgc:shop/app]"`},
		{"a name changes", sandbox.Fault{}, func(c *sandbox.Cloud) {
			c.EditGroup(named(c, "database").ID, func(g *sandbox.Group) { g.Name = "theirs" })
		}, "", `group database (ID) now has the name "theirs"`},
		{"tags go", sandbox.Fault{}, func(c *sandbox.Cloud) {
			c.EditGroup(named(c, "app").ID, func(g *sandbox.Group) { g.Tags = []string{"theirs"} })
		}, "", "group app (ID) has lost the tag sgc:policy=shop; group app (ID) has lost the tag sgc:tier=app"},
		{"a tag of a group that stays as it is", sandbox.Fault{}, func(c *sandbox.Cloud) {
			c.EditGroup(named(c, "web").ID, func(g *sandbox.Group) { g.Tags = g.Tags[1:] })
		}, "", "group web (ID) has lost the tag sgc:policy=shop"},
		{"a name of a group that stays as it is", sandbox.Fault{}, func(c *sandbox.Cloud) {
			c.EditGroup(named(c, "web").ID, func(g *sandbox.Group) { g.Name = "theirs" })
		}, "", `group web (ID) now has the name "theirs"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := sandboxtest.Open(t)
			mustApply(t, job(policy(before)))
			c.EditGroup(named(c, "app").ID, func(g *sandbox.Group) { g.Tags = append(g.Tags, "sgc:policy=other") })
			if test.fault.Method != "" {
				c.Inject(test.fault)
			}
			if test.others != nil {
				c.Observe(func(call sandbox.Call) {
					if counted([]sandbox.Call{call})[deleteGroup] > 0 && call.Status == http.StatusNoContent {
						test.others(c)
					}
				})
			}
			err := run(t.Context(), job(after), nil)
			c.Observe(nil)
			var u *carryout.Unsettled
			if !errors.As(err, &u) {
				t.Fatal(err)
			}
			if got := ids.ReplaceAllString(strings.Join(u.Undone, "; "), "ID"); got != test.undone {
				t.Errorf("undone: %s", got)
			}
			if got := ids.ReplaceAllString(strings.Join(u.Others, "; "), "ID"); got != test.since {
				t.Errorf("others: %s", got)
			}
		})
	}
}

// TestRestless has another run make the group of a tier again and again: that ends.
func TestRestless(t *testing.T) {
	c := sandboxtest.Open(t)
	c.Observe(func(call sandbox.Call) {
		if strings.HasPrefix(call.Path, "/v2.0/security-groups") && call.Method != "GET" {
			c.PlantGroup(sandbox.Group{Name: "web", Description: "[sgc:shop/web]", Stateful: true})
		}
	})
	err := run(t.Context(), job(policy(map[string][]int{"web": {80}})), nil)
	c.Observe(nil)
	var changed *carryout.Changed
	if !errors.As(err, &changed) {
		t.Error(err)
	}
	mustApply(t, job(policy(map[string][]int{"web": {80}})))
	requireDone(t, c, policy(map[string][]int{"web": {80}}))
}

// TestLag applies and destroys while readings show the past.
func TestLag(t *testing.T) {
	for lag := 1; lag <= 3; lag++ {
		t.Run(fmt.Sprint(lag), func(t *testing.T) {
			c := sandboxtest.Open(t)
			c.SetLag(lag)
			mustApply(t, job(shop()))
			c.SetLag(0)
			requireDone(t, c, shop())
			if posts := statuses(c, newGroups)[http.StatusCreated]; posts != 1 {
				t.Errorf("groups were created %d times", posts)
			}
			c.SetLag(lag)
			renamed := shop()
			renamed.Groups[0].Name = "renamed"
			renamed.Groups[0].Rules = append(renamed.Groups[0].Rules[1:], entry(7, rule.Anyone()))
			mustApply(t, job(renamed))
			c.SetLag(0)
			requireDone(t, c, renamed)
			if puts := statuses(c, changeGroup)[http.StatusOK]; puts != 1 {
				t.Errorf("the group was renamed %d times", puts)
			}
			c.SetLag(lag)
			mustApply(t, destruction(shop()))
			c.SetLag(0)
			if left := named(c, "app"); left.ID != "" {
				t.Errorf("it is left: %+v", left)
			}
		})
	}
}

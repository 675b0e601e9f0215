package apply_test

import (
	"fmt"
	"net/http"
	"testing"

	"sgc.dev/sgc/sandbox"
	"sgc.dev/sgc/sandbox/sandboxtest"
)

// TestCreationAnswers has a cloud, or what stands before it, answer to a creation with what
// is not ours: nothing of that is written to.
func TestCreationAnswers(t *testing.T) {
	const id = "11111111-1111-4111-8111-111111111111"
	nine := 9
	for _, test := range []struct {
		name string
		// answer is that to the creation of web and db; theirs is a group of somebody else's.
		answer func(project string, theirs sandbox.Group) string
	}{
		{"a rule that another group has", func(project string, theirs sandbox.Group) string {
			return group(id, project, "web", theirs.Rules[0].ID) + "," + group("22222222-2222-4222-8222-222222222222", project, "db", "")
		}},
		{"one group for two tiers", func(project string, _ sandbox.Group) string {
			return group(id, project, "web", "") + "," + group(id, project, "db", "")
		}},
		{"a group of another project", func(_ string, theirs sandbox.Group) string {
			return group(theirs.ID, "0123456789abcdef0123456789abcdef", "web", "") + "," + group(id, "0123456789abcdef0123456789abcdef", "db", "")
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := sandboxtest.Open(t)
			theirs := c.PlantGroup(sandbox.Group{Name: "mail", Description: "not ours", Stateful: true})
			c.PlantRule(theirs.ID, sandbox.Rule{Direction: "ingress", Ethertype: "IPv4", Protocol: "udp", PortRangeMin: &nine, PortRangeMax: &nine})
			theirs = named(c, "mail")
			c.Inject(sandbox.Fault{Method: "POST", Path: "/v2.0/security-groups", Nth: 1, Status: http.StatusCreated,
				Body: `{"security_groups": [` + test.answer(c.Demo().ProjectID, theirs) + `]}`})
			if err := run(t.Context(), job(policy(map[string][]int{"web": {80}, "db": {5432}})), nil); err == nil {
				t.Error("it is taken for done")
			}
			for _, call := range c.Calls() {
				if call.Method != http.MethodGet && call.Path != "/v2.0/security-groups" && call.Path != "/v3/auth/tokens" {
					t.Errorf("it has called %s %s", call.Method, call.Path)
				}
			}
		})
	}
}

// TestRuleAnswers has a cloud say that it created rules with ids that other rules have: the
// run stops there.
func TestRuleAnswers(t *testing.T) {
	const one, other = "33333333-3333-4333-8333-333333333333", "44444444-4444-4444-8444-444444444444"
	for _, twice := range []bool{true, false} {
		t.Run(fmt.Sprint(twice), func(t *testing.T) {
			c := sandboxtest.Open(t)
			mustApply(t, job(policy(map[string][]int{"web": {80}, "old": {3}})))
			mail := c.PlantGroup(sandbox.Group{Name: "mail", Stateful: true})
			c.PlantRule(mail.ID, sandbox.Rule{Direction: "ingress", Ethertype: "IPv4"})
			first, second := named(c, "mail").Rules[0].ID, one
			if twice {
				first, second = other, other
			}
			c.Inject(sandbox.Fault{Method: "POST", Path: "/v2.0/security-group-rules", Nth: 1, Status: http.StatusCreated,
				Body: fmt.Sprintf(`{"security_group_rules": [{"id": %q}, {"id": %q}]}`, first, second)})
			want := "the cloud says that it created a rule in security group web with the id " + first + ", which another rule had already"
			if err := run(t.Context(), job(policy(map[string][]int{"web": {80, 81, 83}})), nil); fmt.Sprint(err) != want {
				t.Error(err)
			}
			if named(c, "old").ID == "" {
				t.Error("it went on")
			}
		})
	}
}

// group is a group of policy shop in an answer, with a rule that it is born with.
func group(id, project, tier, rule string) string {
	rules := ""
	if rule != "" {
		rules = fmt.Sprintf(`{"id": %q, "direction": "egress", "ethertype": "IPv4"}`, rule)
	}
	return fmt.Sprintf(`{"id": %q, "project_id": %q, "name": %q, "description": "[sgc:shop/%s]", "stateful": true, "security_group_rules": [%s]}`, id, project, tier, tier, rules)
}

// TestLostAnswerOfOthers has a colleague make a group with a tier's mark while the answer to
// its creation is lost: what they have put into it stays.
func TestLostAnswerOfOthers(t *testing.T) {
	c := sandboxtest.Open(t)
	nine, done := 9, false
	c.Intercept(func(call sandbox.Call) {
		if call.Method == http.MethodPost && call.Path == "/v2.0/security-groups" && !done {
			done = true
			g := c.PlantGroup(sandbox.Group{Name: "web", Description: "[sgc:shop/web]", Stateful: true})
			c.PlantRule(g.ID, sandbox.Rule{Direction: "ingress", Ethertype: "IPv4", Protocol: "udp", PortRangeMin: &nine, PortRangeMax: &nine})
		}
	})
	c.Inject(sandbox.Fault{Method: "POST", Path: "/v2.0/security-groups", Nth: 1, Status: http.StatusBadGateway})
	if err := run(t.Context(), job(policy(map[string][]int{"web": {80}})), nil); err == nil {
		t.Error("it went on, and nobody had agreed to what goes")
	}
	if rules := named(c, "web").Rules; len(rules) == 0 || rules[len(rules)-1].Protocol != "udp" {
		t.Errorf("the colleague's rule is gone: %+v", rules)
	}
}

// TestKnownID has a cloud say that it created a group that was there before: nothing is done
// to that one.
func TestKnownID(t *testing.T) {
	c := sandboxtest.Open(t)
	mail := c.PlantGroup(sandbox.Group{Name: "mail", Description: "not ours", Stateful: true})
	c.Inject(sandbox.Fault{Method: "POST", Path: "/v2.0/security-groups", Nth: 1, Status: http.StatusCreated,
		Body: fmt.Sprintf(`{"security_groups": [{"id": %q, "project_id": %q, "name": "web", "description": "[sgc:shop/web]", "stateful": true, "security_group_rules": []}]}`,
			mail.ID, c.Demo().ProjectID)})
	err := run(t.Context(), job(policy(map[string][]int{"web": {80}})), nil)
	want := "the cloud says that it created security group web with the id " + mail.ID + ", which another group had already"
	if fmt.Sprint(err) != want {
		t.Errorf("%v", err)
	}
	if now := named(c, "mail"); now.Revision != mail.Revision || len(now.Rules) > 0 {
		t.Errorf("it was touched: %+v", now)
	}
}

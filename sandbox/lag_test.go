package sandbox_test

import (
	"slices"
	"testing"

	"sgc.dev/sgc/sandbox"
)

// TestLag reads a replica that sees a write two readings late.
func TestLag(t *testing.T) {
	cloud := sandbox.New()
	demo := login(t, listen(t, cloud), cloud.Demo())
	web := demo.group("web")
	cloud.SetLag(2)
	rename := func(name string) {
		a := demo.want(200, "PUT", groupsPath+"/"+web, object{"security_group": object{"name": name}})
		if said := a.body["security_group"].(object)["name"]; said != name {
			t.Errorf("the answer says %v, not %s", said, name)
		}
	}
	var seen []string
	listed := func() {
		names := "-"
		for _, g := range demo.want(200, "GET", groupsPath, nil).body["security_groups"].([]any) {
			if name := g.(object)["name"].(string); name != "default" {
				names = name
			}
		}
		seen = append(seen, names)
	}
	shown := func() {
		a := demo.call("GET", groupsPath+"/"+web, nil)
		name := "-"
		if a.status == 200 {
			name = a.body["security_group"].(object)["name"].(string)
		}
		seen = append(seen, name)
	}
	rename("a")
	listed()
	rename("b")
	rename("c")
	shown()
	listed()
	shown()
	demo.want(204, "DELETE", groupsPath+"/"+web, nil)
	listed()
	shown()
	listed()
	shown()
	if want := []string{"web", "web", "a", "c", "c", "c", "-", "-"}; !slices.Equal(seen, want) {
		t.Errorf("seen: %q", seen)
	}
	demo.group("db")
	cloud.SetLag(0)
	seen = nil
	listed()
	if !slices.Equal(seen, []string{"db"}) {
		t.Errorf("without a lag: %q", seen)
	}
}

// TestLagRules shows a group with the rules and tags that it had.
func TestLagRules(t *testing.T) {
	cloud := sandbox.New()
	demo := login(t, listen(t, cloud), cloud.Demo())
	web := cloud.PlantGroup(sandbox.Group{Name: "web", Tags: []string{"a"}, Rules: []sandbox.Rule{
		{Direction: "ingress", Ethertype: "IPv6"}, {Direction: "egress", Ethertype: "IPv4"}}})
	before := demo.want(200, "GET", groupsPath+"/"+web.ID, nil).text
	cloud.SetLag(1)
	demo.want(204, "DELETE", rulesPath+"/"+web.Rules[0].ID, nil)
	demo.want(201, "POST", rulesPath, object{"security_group_rule": ruleBody(web.ID, 80)})
	demo.want(200, "PUT", groupsPath+"/"+web.ID+"/tags", object{"tags": []string{"b"}})
	if late := demo.want(200, "GET", groupsPath+"/"+web.ID, nil).text; late != before {
		t.Errorf("late: %s\nbefore: %s", late, before)
	}
	if now := demo.want(200, "GET", groupsPath+"/"+web.ID, nil).text; now == before {
		t.Errorf("the group is seen as it was: %s", now)
	}
}

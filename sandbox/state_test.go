package sandbox_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/sandbox"
)

// TestPlant makes what Neutron would refuse: a true duplicate, a second default
// group, and reads all of it back over HTTP.
func TestPlant(t *testing.T) {
	cloud := sandbox.New()
	demo := login(t, listen(t, cloud), cloud.Demo())
	port := 22
	rule := sandbox.Rule{Direction: "ingress", Ethertype: "IPv4", Protocol: "tcp", PortRangeMin: &port, PortRangeMax: &port}
	planted := cloud.PlantGroup(sandbox.Group{Name: "DEFAULT", Stateful: true, Tags: []string{"b", "a"}, Rules: []sandbox.Rule{rule, rule}})
	cloud.PlantRule(planted.ID, rule)
	a := demo.want(200, "GET", groupsPath+"/"+planted.ID, nil)
	group := a.body["security_group"].(object)
	if rules := group["security_group_rules"].([]any); len(rules) != 3 || group["revision_number"] != 2.0 || !reflect.DeepEqual(group["tags"], []any{"a", "b"}) {
		t.Errorf("the group is %v", group)
	}
	groups := cloud.Groups(cloud.Demo().ProjectID)
	if len(groups) != 1 || len(groups[0].Rules) != 3 || groups[0].ProjectID != cloud.Demo().ProjectID {
		t.Fatalf("the cloud has %+v", groups)
	}
	// What Groups returns is a copy.
	groups[0].Tags[0], groups[0].Rules[0].Protocol = "changed", "udp"
	if again := cloud.Groups(cloud.Demo().ProjectID)[0]; again.Tags[0] != "a" || again.Rules[0].Protocol != "tcp" {
		t.Errorf("the cloud has %+v", again)
	}
}

// TestRemove takes groups and rules away as another client would.
func TestRemove(t *testing.T) {
	cloud := sandbox.New()
	web := cloud.PlantGroup(sandbox.Group{Name: "web"})
	db := cloud.PlantGroup(sandbox.Group{Name: "db", Rules: []sandbox.Rule{
		{Direction: "ingress", Ethertype: "IPv4", RemoteGroupID: web.ID},
		{Direction: "egress", Ethertype: "IPv6"},
		{Direction: "egress", Ethertype: "IPv4"},
	}})
	if !cloud.RemoveGroup(web.ID) || cloud.RemoveGroup(web.ID) {
		t.Error("the group is not removed once")
	}
	id := db.Rules[1].ID
	if !cloud.RemoveRule(id) || cloud.RemoveRule(id) {
		t.Error("the rule is not removed once")
	}
	groups := cloud.Groups(cloud.Demo().ProjectID)
	if len(groups) != 1 || !reflect.DeepEqual(groups[0].Rules, db.Rules[2:]) || groups[0].Revision != 3 {
		t.Errorf("the cloud has %+v", groups)
	}
}

// TestEdit changes a group as another client would: the revision rises once for its
// fields and once for its tags, and not without a change. Its rules stay.
func TestEdit(t *testing.T) {
	cloud := sandbox.New()
	web := cloud.PlantGroup(sandbox.Group{Name: "web", Description: "the web", Tags: []string{"b"}, Rules: []sandbox.Rule{{Direction: "ingress", Ethertype: "IPv6"}}})
	for _, test := range []struct {
		edit     func(*sandbox.Group)
		revision int
	}{
		{func(g *sandbox.Group) { g.Name, g.Description = "mail", "the mail" }, 2},
		{func(g *sandbox.Group) { g.Tags = append(g.Tags, "a") }, 3},
		{func(g *sandbox.Group) { g.Tags[0], g.Stateful = "c", true }, 5},
		{func(g *sandbox.Group) { g.ID, g.Revision, g.Rules, g.Name = "another", 44, nil, "mail" }, 5},
	} {
		if !cloud.EditGroup(web.ID, test.edit) {
			t.Fatal("the group is not there")
		}
		if g := cloud.Groups(cloud.Demo().ProjectID)[0]; g.Revision != test.revision {
			t.Errorf("the revision is %d, not %d", g.Revision, test.revision)
		}
	}
	want := web
	want.Name, want.Description, want.Tags, want.Stateful, want.Revision = "mail", "the mail", []string{"b", "c"}, true, 5
	if groups := cloud.Groups(cloud.Demo().ProjectID); !reflect.DeepEqual(groups, []sandbox.Group{want}) {
		t.Errorf("the cloud has %+v", groups)
	}
	if cloud.EditGroup("elsewhere", func(*sandbox.Group) { t.Error("a group that is not there is edited") }) {
		t.Error("a group that is not there was")
	}
}

// TestTemplate has groups born with other rules than Neutron's.
func TestTemplate(t *testing.T) {
	cloud := sandbox.New()
	demo := login(t, listen(t, cloud), cloud.Demo())
	cloud.SetTemplate([]sandbox.TemplateRule{
		{Direction: "egress", Ethertype: "IPv4", Protocol: "tcp", Others: true},
		{Direction: "ingress", Ethertype: "IPv6", RemoteGroup: true, Others: true, Default: true},
	})
	g := demo.group("web")
	groups := cloud.Groups(cloud.Demo().ProjectID)
	if len(groups) != 2 || len(groups[0].Rules) != 1 || len(groups[1].Rules) != 2 {
		t.Fatalf("the cloud has %+v", groups)
	}
	if tcp, self := groups[1].Rules[0], groups[1].Rules[1]; tcp.Protocol != "tcp" || self.RemoteGroupID != g || tcp.Description != nil {
		t.Errorf("the group has %+v", groups[1].Rules)
	}
	cloud.SetTemplate(nil)
	cloud.RemoveGroup(groups[0].ID)
	demo.group("bare")
	if groups := cloud.Groups(cloud.Demo().ProjectID); len(groups) != 3 || len(groups[1].Rules) != 0 || len(groups[2].Rules) != 0 {
		t.Errorf("the cloud has %+v", groups)
	}
}

// TestExtensions removes what brings stateful, tags and remote address groups.
func TestExtensions(t *testing.T) {
	cloud := sandbox.New()
	demo := login(t, listen(t, cloud), cloud.Demo())
	before := len(demo.want(200, "GET", "/v2.0/extensions", nil).body["extensions"].([]any))
	demo.want(200, "GET", "/v2.0/extensions/stateful-security-group", nil)
	gone := []string{"stateful-security-group", "standard-attr-tag", "address-group", "security-groups-remote-address-group"}
	for _, alias := range gone {
		cloud.RemoveExtension(alias)
	}
	if after := len(demo.want(200, "GET", "/v2.0/extensions", nil).body["extensions"].([]any)); after != before-len(gone) {
		t.Errorf("%d extensions of %d are left", after, before)
	}
	demo.want(404, "GET", "/v2.0/extensions/stateful-security-group", nil)
	g := demo.group("web")
	demo.want(400, "POST", groupsPath, object{"security_group": object{"name": "a", "stateful": false}})
	demo.want(404, "PUT", groupsPath+"/"+g+"/tags", object{"tags": []string{"a"}})
	demo.want(404, "GET", "/v2.0/address-groups", nil)
	body := ruleBody(g, 80)
	demo.want(201, "POST", rulesPath, object{"security_group_rule": body})
	body["remote_address_group_id"] = g
	if a := demo.want(400, "POST", rulesPath, object{"security_group_rule": body}); !strings.Contains(a.text, "Unrecognized attribute(s) 'remote_address_group_id'") {
		t.Error(a.text)
	}
	for _, path := range []string{groupsPath, groupsPath + "/" + g, rulesPath} {
		if text := demo.want(200, "GET", path, nil).text; strings.Contains(text, `"stateful"`) || strings.Contains(text, `"remote_address_group_id"`) {
			t.Errorf("%s shows %s", path, text)
		}
	}
}

// TestPort keeps groups in use. A port with several of them is listed once.
func TestPort(t *testing.T) {
	cloud := sandbox.New()
	demo := login(t, listen(t, cloud), cloud.Demo())
	g := demo.group("web")
	port := cloud.AddPort(cloud.Demo(), g)
	cloud.AddPort(cloud.Demo())
	if n := len(demo.want(200, "GET", "/v2.0/networks", nil).body["networks"].([]any)); n != 1 {
		t.Errorf("%d networks", n)
	}
	list := demo.want(200, "GET", "/v2.0/ports?security_groups="+g, nil).body["ports"].([]any)
	if len(list) != 1 || list[0].(object)["id"] != port {
		t.Errorf("ports with the group: %v", list)
	}
	db := demo.group("db")
	both := cloud.AddPort(cloud.Demo(), db, g)
	for query, want := range map[string][]string{
		"?security_groups=" + g + "&security_groups=" + db:                 {port, both},
		"?security_groups=" + db:                                           {both},
		"?security_groups=" + db + "&security_groups=" + db + "&fields=id": {both},
		"?security_groups=elsewhere&security_groups=" + g:                  {port, both},
	} {
		var ids []string
		for _, p := range demo.want(200, "GET", "/v2.0/ports"+query, nil).body["ports"].([]any) {
			ids = append(ids, p.(object)["id"].(string))
		}
		slices.Sort(ids)
		slices.Sort(want)
		if !slices.Equal(ids, want) {
			t.Errorf("%s: %q, not %q", query, ids, want)
		}
	}
	demo.want(409, "DELETE", groupsPath+"/"+db, nil)
	cloud.RemovePort(both)
	demo.want(204, "DELETE", groupsPath+"/"+db, nil)
	demo.want(409, "DELETE", groupsPath+"/"+g, nil)
	if !cloud.RemovePort(port) || cloud.RemovePort(port) {
		t.Error("the port is not removed once")
	}
	demo.want(204, "DELETE", groupsPath+"/"+g, nil)
}

// TestSameIDs makes the same things in two clouds, in another order: their ids are
// the same, and no two of one cloud.
func TestSameIDs(t *testing.T) {
	ids := func(order ...int) map[string]bool {
		c := sandbox.New()
		web := c.PlantGroup(sandbox.Group{Name: "web"})
		seen := map[string]bool{web.ID: true, c.Demo().ProjectID: true, c.AddPort(c.Demo(), web.ID): true, c.AddPort(c.Demo()): true}
		for _, port := range order {
			seen[c.PlantRule(web.ID, sandbox.Rule{Direction: "ingress", Ethertype: "IPv4", Protocol: "tcp", PortRangeMin: &port, PortRangeMax: &port}).ID] = true
		}
		return seen
	}
	a, b := ids(22, 80, 443, 80), ids(80, 80, 443, 22)
	if len(a) != 8 {
		t.Errorf("%d ids, not 8: %v", len(a), a)
	}
	if !maps.Equal(a, b) {
		t.Errorf("%v\n%v", a, b)
	}
}

//go:build conformance

package conformance

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// testServer shows what sgc takes for granted of Neutron's answers.
func testServer(t *testing.T, c *cloud) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *cloud, account)
	}{
		{"a group is born with egress of both families", serverBornWith},
		{"names are not unique", serverNames},
		{"default is no name for a group", serverDefault},
		{"rules that mean the same are duplicates", serverDuplicates},
		{"icmp type 0 is a value", serverICMP},
		{"quota comes before duplicates", serverQuota},
		{"tags replace each other and are listed with the groups", serverTags},
		{"text is stored as it is", serverText},
		{"what is deleted twice is not found", serverDelete},
		{"a group may be its own remote", serverSelf},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, c, c.tenant(t))
		})
	}
}

// requireRefusal demands that err is Neutron's refusal of that kind.
func requireRefusal(t *testing.T, err error, status int, kind string) {
	t.Helper()
	refused := (*refusal)(nil)
	if !errors.As(err, &refused) || refused.Status != status || refused.Type != kind {
		t.Errorf("got %v, want %d %s", err, status, kind)
	}
}

func serverBornWith(t *testing.T, _ *cloud, a account) {
	created := a.group(t, "born", "")
	want := map[string][]string{"born": {"egress IPv4 any to anyone", "egress IPv6 any to anyone"}}
	requireRules(t, []liveGroup{created}, want)
	requireUntouched(t, []liveGroup{created}, a.groups(t))
	if !created.Stateful || len(created.Tags) != 0 {
		t.Errorf("a new group is stateful %t and has the tags %q", created.Stateful, created.Tags)
	}
	// To repeat one of them is a duplicate like any other.
	_, err := a.rule(body{"security_group_id": created.ID, "direction": "egress", "ethertype": "IPv6"})
	requireRefusal(t, err, http.StatusConflict, "SecurityGroupRuleExists")
}

func serverNames(t *testing.T, _ *cloud, a account) {
	first, second := a.group(t, "twin", "one"), a.group(t, "twin", "two")
	if first.ID == second.ID || len(a.groups(t)) != 2 {
		t.Errorf("two groups of one name: %+v", a.groups(t))
	}
}

func serverDefault(t *testing.T, _ *cloud, a account) {
	for _, name := range []string{"default", "Default"} {
		_, err := a.neutron.call(http.MethodPost, "/v2.0/security-groups", body{"security_group": body{"name": name}}, nil)
		requireRefusal(t, err, http.StatusConflict, "SecurityGroupDefaultAlreadyExists")
	}
}

func serverDuplicates(t *testing.T, _ *cloud, a account) {
	group := a.group(t, "g", "")
	with := func(fields body) body {
		for key, value := range (body{"security_group_id": group.ID, "direction": "ingress"}) {
			fields[key] = value
		}
		return fields
	}
	for _, test := range []struct{ first, same body }{
		{body{"protocol": "tcp", "port_range_min": 80, "port_range_max": 80},
			body{"protocol": "6", "port_range_min": 80, "port_range_max": 80, "remote_ip_prefix": "0.0.0.0/0", "description": "another"}},
		{body{"protocol": "udp", "ethertype": "IPv6"},
			body{"protocol": "udp", "ethertype": "IPv6", "port_range_min": 1, "port_range_max": 65535, "remote_ip_prefix": "::/0"}},
		{body{"protocol": "icmp", "ethertype": "IPv6", "port_range_min": 128},
			body{"protocol": "58", "ethertype": "IPv6", "port_range_min": 128}},
		{body{"protocol": "esp", "remote_ip_prefix": "198.51.100.7"},
			body{"protocol": "50", "remote_ip_prefix": "198.51.100.7/32"}},
	} {
		first, err := a.rule(with(test.first))
		if err != nil {
			t.Fatalf("%v: %v", test.first, err)
		}
		_, err = a.rule(with(test.same))
		requireRefusal(t, err, http.StatusConflict, "SecurityGroupRuleExists")
		if err != nil && !strings.Contains(err.Error(), first.ID) {
			t.Errorf("the refusal does not name the rule %s: %v", first.ID, err)
		}
	}
}

func serverICMP(t *testing.T, _ *cloud, a account) {
	group := a.group(t, "g", "")
	reply, err := a.rule(body{"security_group_id": group.ID, "direction": "ingress", "protocol": "icmp", "port_range_min": 0})
	if err != nil || reply.Min == nil || *reply.Min != 0 || reply.Max != nil {
		t.Errorf("type 0 with any code became %+v, %v", reply, err)
	}
	unreachable, err := a.rule(body{"security_group_id": group.ID, "direction": "ingress", "protocol": "icmp", "port_range_min": 3, "port_range_max": 0})
	if err != nil || *unreachable.Min != 3 || unreachable.Max == nil || *unreachable.Max != 0 {
		t.Errorf("type 3 with code 0 became %+v, %v", unreachable, err)
	}
}

func serverQuota(t *testing.T, c *cloud, a account) {
	c.quota(t, a, 2, 9)
	group := a.group(t, "g", "")            // with default: 2 groups, 6 rules
	for port := 1001; port < 1004; port++ { // 9 rules
		if _, err := a.rule(body{"security_group_id": group.ID, "direction": "ingress", "protocol": "tcp", "port_range_min": port, "port_range_max": port}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := a.rule(body{"security_group_id": group.ID, "direction": "ingress", "protocol": "tcp", "port_range_min": 1005, "port_range_max": 1005})
	requireRefusal(t, err, http.StatusConflict, "OverQuota")
	_, err = a.neutron.call(http.MethodPost, "/v2.0/security-groups", body{"security_group": body{"name": "h"}}, nil)
	requireRefusal(t, err, http.StatusConflict, "OverQuota")
	// At the limit a duplicate is one no more: whoever repeats what is there must look first.
	_, err = a.rule(body{"security_group_id": group.ID, "direction": "ingress", "protocol": "tcp", "port_range_min": 1002, "port_range_max": 1002})
	requireRefusal(t, err, http.StatusConflict, "OverQuota")
}

func serverTags(t *testing.T, _ *cloud, a account) {
	group := a.group(t, "g", "")
	tag := func(tags ...string) {
		a.neutron.must(t, http.MethodPut, "/v2.0/security-groups/"+group.ID+"/tags", body{"tags": tags}, nil)
	}
	tag("first", "sgc:policy=p")
	tag("sgc:tier=t", "sgc:policy=p")
	live := a.groups(t)[0]
	slices.Sort(live.Tags)
	if !slices.Equal(live.Tags, []string{"sgc:policy=p", "sgc:tier=t"}) {
		t.Errorf("tags are %q", live.Tags)
	}
}

func serverText(t *testing.T, _ *cloud, a account) {
	for _, text := range []string{
		strings.Repeat("é", 255),
		" '\"$(id)`id`\\n\\\n\tend ",
	} {
		if created := a.group(t, text, text); created.Name != text || created.Description != text {
			t.Errorf("%q became the name %q and the description %q", text, created.Name, created.Description)
		}
	}
	for text, kind := range map[string]string{strings.Repeat("é", 256): "HTTPBadRequest", "\U0001f525": "HTTPInternalServerError"} {
		status := map[string]int{"HTTPBadRequest": 400, "HTTPInternalServerError": 500}[kind]
		_, err := a.neutron.call(http.MethodPost, "/v2.0/security-groups", body{"security_group": body{"name": "g", "description": text}}, nil)
		requireRefusal(t, err, status, kind)
	}
}

func serverDelete(t *testing.T, _ *cloud, a account) {
	for _, r := range a.group(t, "g", "").Rules {
		a.neutron.must(t, http.MethodDelete, "/v2.0/security-group-rules/"+r.ID, nil, nil)
		_, err := a.neutron.call(http.MethodDelete, "/v2.0/security-group-rules/"+r.ID, nil, nil)
		requireRefusal(t, err, http.StatusNotFound, "SecurityGroupRuleNotFound")
	}
}

func serverSelf(t *testing.T, _ *cloud, a account) {
	group := a.group(t, "g", "")
	r, err := a.rule(body{"security_group_id": group.ID, "direction": "ingress", "remote_group_id": group.ID})
	if err != nil || *r.Group != group.ID || r.Prefix != nil {
		t.Errorf("a rule from the group itself became %+v, %v", r, err)
	}
}

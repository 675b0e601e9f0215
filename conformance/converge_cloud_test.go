//go:build conformance

package conformance

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// testConverge applies random policies to a project of the cloud, as TestConverge
// does to one of the sandbox.
func testConverge(t *testing.T, c *cloud) {
	a := c.tenant(t)
	c.quota(t, a, -1, -1)
	p := &cloudProject{a, map[string][]liveRule{}}
	converge(t, p, effort{scenes: 3, calls: 2})
	atOnce(t, p, 1)
	sabotage(t, p, effort{scenes: 2, calls: 4})
}

// cloudProject is a project of a real cloud.
type cloudProject struct {
	a    account
	born map[string][]liveRule // by id of the group
}

func (p *cloudProject) account() account { return p.a }

func (p *cloudProject) plant(t testing.TB, groups []liveGroup) []string {
	t.Helper()
	var list []body
	for _, g := range groups {
		list = append(list, body{"name": g.Name, "description": g.Description, "stateful": g.Stateful})
	}
	var answer struct {
		Groups []liveGroup `json:"security_groups"`
	}
	p.a.neutron.must(t, http.MethodPost, "/v2.0/security-groups", body{"security_groups": list}, &answer)
	var ids []string
	for i, g := range answer.Groups {
		ids = append(ids, g.ID)
		p.born[g.ID] = g.Rules
		if tags := groups[i].Tags; len(tags) > 0 {
			p.a.neutron.must(t, http.MethodPut, "/v2.0/security-groups/"+g.ID+"/tags", body{"tags": tags}, nil)
		}
	}
	return ids
}

func (p *cloudProject) plantRules(t testing.TB, group string, rules []liveRule) {
	t.Helper()
	wanted, list := map[string]bool{}, []body{}
	for _, r := range rules {
		wanted[likeness(r)] = true
	}
	for _, r := range p.born[group] {
		if key := likeness(r); wanted[key] {
			wanted[key] = false
		} else {
			p.a.neutron.must(t, http.MethodDelete, "/v2.0/security-group-rules/"+r.ID, nil, nil)
		}
	}
	for _, r := range rules {
		if key := likeness(r); wanted[key] {
			wanted[key] = false
			list = append(list, body{
				"security_group_id": group, "direction": r.Direction, "ethertype": r.Ethertype, "protocol": r.Protocol, "description": r.Description,
				"port_range_min": r.Min, "port_range_max": r.Max,
				"remote_ip_prefix": r.Prefix, "remote_group_id": r.Group, "remote_address_group_id": r.AddressGroup,
			})
		}
	}
	if len(list) > 0 {
		p.a.neutron.must(t, http.MethodPost, "/v2.0/security-group-rules", body{"security_group_rules": list}, nil)
	}
}

// likeness is equal for rules of one group that Neutron takes for duplicates.
func likeness(r liveRule) string {
	r.ID, r.Description = "", ""
	if n, ok := protocolNumbers[text(r.Protocol)]; ok {
		name := fmt.Sprint(n)
		r.Protocol = &name
	}
	if number(r.Min) == 1 && number(r.Max) == 65535 {
		r.Min, r.Max = nil, nil
	}
	if prefix := text(r.Prefix); strings.HasSuffix(prefix, "/0") {
		r.Prefix = nil
	} else if prefix != "" && !strings.Contains(prefix, "/") {
		whole := prefix + map[string]string{"IPv4": "/32", "IPv6": "/128"}[r.Ethertype]
		r.Prefix = &whole
	}
	return r.words()
}

func (p *cloudProject) groups(t testing.TB) []liveGroup {
	t.Helper()
	var answer struct {
		Groups []liveGroup `json:"security_groups"`
	}
	p.a.neutron.must(t, http.MethodGet, "/v2.0/security-groups?project_id="+p.a.projectID, nil, &answer)
	return byID(answer.Groups)
}

func (p *cloudProject) wipe(t testing.TB) {
	t.Helper()
	for _, g := range p.groups(t) {
		if g.Name != "default" {
			p.a.neutron.must(t, http.MethodDelete, "/v2.0/security-groups/"+g.ID, nil, nil)
		}
	}
}

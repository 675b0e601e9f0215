package tables

import (
	"net/netip"

	"sgc.dev/sgc/sandbox/api"
)

// subnet is the addresses of a network. AddServer makes them, and no call changes them.
type subnet struct {
	id, project, network string
	prefix               netip.Prefix
	given                netip.Addr // the last address that a port was given
}

func (s *subnet) view() api.Object {
	version := 6
	if s.prefix.Addr().Is4() {
		version = 4
	}
	return api.Object{
		"id": s.id, "name": "", "description": "", "project_id": s.project, "tenant_id": s.project, "network_id": s.network,
		"ip_version": version, "cidr": s.prefix.String(), "gateway_ip": nil, "enable_dhcp": false, "tags": []string{},
	}
}

// subnets is the resource subnet.
type subnets struct{ *Tables }

func (subnets) table() api.Attributes {
	return api.Attributes{
		{Name: "id", Filter: true, Sort: true},
		{Name: "network_id", Filter: true, Sort: true},
		{Name: "cidr", Filter: true, Sort: true},
		{Name: "project_id", Filter: true, Sort: true},
	}
}

func (ss subnets) visible(who api.Account) []api.Object {
	var views []api.Object
	for _, s := range ss.subnets {
		if s.project == who.ProjectID || who.Admin {
			views = append(views, s.view())
		}
	}
	return views
}

func (ss subnets) show(api.Account, string) (api.Object, error) { return nil, api.Hidden() }
func (ss subnets) create(api.Account, []api.Object, bool) ([]api.Object, error) {
	return nil, api.Hidden()
}
func (ss subnets) update(api.Account, string, api.Object, constraint) (api.Object, error) {
	return nil, api.Hidden()
}
func (ss subnets) remove(api.Account, string, constraint) error { return api.Hidden() }

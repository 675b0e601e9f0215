package sandbox

import "net/netip"

// subnet is the addresses of a network. AddServer makes them, and no call changes them.
type subnet struct {
	id, project, network string
	prefix               netip.Prefix
	given                netip.Addr // the last address that a port was given
}

func (s *subnet) view() object {
	version := 6
	if s.prefix.Addr().Is4() {
		version = 4
	}
	return object{
		"id": s.id, "name": "", "description": "", "project_id": s.project, "tenant_id": s.project, "network_id": s.network,
		"ip_version": version, "cidr": s.prefix.String(), "gateway_ip": nil, "enable_dhcp": false, "tags": []string{},
	}
}

// subnets is the resource subnet.
type subnets struct{ *Cloud }

func (subnets) table() attributes {
	return attributes{
		{name: "id", filter: true, sort: true},
		{name: "network_id", filter: true, sort: true},
		{name: "cidr", filter: true, sort: true},
		{name: "project_id", filter: true, sort: true},
	}
}

func (ss subnets) visible(who token) []object {
	var views []object
	for _, s := range ss.subnets {
		if s.project == who.account.ProjectID || who.account.Admin {
			views = append(views, s.view())
		}
	}
	return views
}

func (ss subnets) show(token, string) (object, error)                       { return nil, hidden() }
func (ss subnets) create(token, []object, bool) ([]object, error)           { return nil, hidden() }
func (ss subnets) update(token, string, object, constraint) (object, error) { return nil, hidden() }
func (ss subnets) remove(token, string, constraint) error                   { return hidden() }

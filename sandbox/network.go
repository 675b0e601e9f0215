package sandbox

import (
	"maps"
	"slices"
	"strings"
)

// network is a network without subnets: as much as ports need.
type network struct {
	id, project, name, description string
	serial, revision               int
	created, updated               string
}

func (n *network) view(who token) object {
	v := object{
		"id": n.id, "name": n.name, "description": n.description, "project_id": n.project, "tenant_id": n.project,
		"admin_state_up": true, "status": "ACTIVE", "shared": false, "router:external": false, "mtu": 1500, "subnets": []string{},
		"port_security_enabled": true, "availability_zones": []string{}, "availability_zone_hints": []string{},
		"ipv4_address_scope": nil, "ipv6_address_scope": nil, "tags": []string{},
		"revision_number": n.revision, "created_at": n.created, "updated_at": n.updated,
	}
	if who.account.Admin {
		v["provider:network_type"], v["provider:physical_network"], v["provider:segmentation_id"] = "geneve", nil, n.serial
	}
	return v
}

// networks is the resource network.
type networks struct{ *Cloud }

func (networks) table() attributes {
	return attributes{
		{name: "id", filter: true, sort: true},
		{name: "name", post: true, put: true, initial: "", check: checkString(255), filter: true, sort: true},
		{name: "subnets"},
		{name: "admin_state_up", post: true, put: true, initial: true, convert: toBoolean, filter: true, sort: true},
		{name: "status", filter: true, sort: true},
		{name: "tenant_id", post: true, check: checkString(255), filter: true, sort: true},
		{name: "shared", post: true, put: true, initial: false, convert: toBoolean, filter: true},
		{name: "router:external", post: true, put: true, initial: false, convert: toBoolean, filter: true},
		{name: "port_security_enabled", post: true, put: true, initial: true, convert: toBoolean},
		{name: "mtu", post: true, put: true, initial: 0, convert: toInteger},
		{name: "description", post: true, put: true, initial: "", check: checkString(255), filter: true, sort: true},
		{name: "created_at"},
		{name: "updated_at"},
		{name: "revision_number", filter: true, sort: true},
		{name: "tags", filter: true},
		{name: "project_id", post: true, filter: true, sort: true},
	}
}

// network finds a network that the caller sees.
func (c *Cloud) network(who token, id string) (*network, error) {
	n, ok := c.networks[id]
	if !ok || n.project != who.account.ProjectID && !who.account.Admin {
		return nil, missing("NetworkNotFound", "Network %s could not be found.", id)
	}
	return n, nil
}

func (ns networks) visible(who token) []object {
	var views []object
	for _, n := range ns.networks {
		if n.project == who.account.ProjectID || who.account.Admin {
			views = append(views, n.view(who))
		}
	}
	return views
}

func (ns networks) show(who token, id string) (object, error) {
	n, err := ns.network(who, id)
	if err != nil {
		return nil, err
	}
	return n.view(who), nil
}

func (ns networks) create(who token, items []object, _ bool) ([]object, error) {
	count := map[string]int{}
	for _, item := range items {
		count[item["project_id"].(string)]++
		if !storable(item["name"].(string)) || !storable(item["description"].(string)) {
			return nil, crash()
		}
	}
	for _, project := range slices.Sorted(maps.Keys(count)) {
		if err := ns.room(project, "network", count[project]); err != nil {
			return nil, err
		}
		if err := ns.ensureDefault(who, project); err != nil {
			return nil, err
		}
	}
	var views []object
	for _, item := range items {
		views = append(views, ns.newNetwork(item["project_id"].(string), item["name"].(string), item["description"].(string)).view(who))
	}
	return views, nil
}

func (c *Cloud) newNetwork(project, name, description string) *network {
	n := &network{id: c.newUUID("network", project, name), project: project, name: name, description: description, serial: c.next(), revision: 1, created: now(), updated: now()}
	c.networks[n.id] = n
	return n
}

func (ns networks) update(who token, id string, item object, want constraint) (object, error) {
	n, err := ns.network(who, id)
	if err != nil {
		return nil, err
	}
	if err := want.check(n.revision); err != nil {
		return nil, err
	}
	before := *n
	if s, ok := item["name"].(string); ok {
		n.name = s
	}
	if s, ok := item["description"].(string); ok {
		n.description = s
	}
	if *n != before {
		n.revision++
		n.updated = now()
	}
	return n.view(who), nil
}

func (ns networks) remove(who token, id string, want constraint) error {
	n, err := ns.network(who, id)
	if err != nil {
		return err
	}
	var used []string
	for _, p := range ns.ports {
		if p.network == id {
			used = append(used, p.id)
		}
	}
	slices.Sort(used)
	if len(used) > 0 {
		return conflict("NetworkInUse", "Unable to complete operation on network %s. There are one or more ports still in use on the network, id for these ports is: %s.",
			id, strings.Join(used, ","))
	}
	if err := want.check(n.revision); err != nil {
		return err
	}
	delete(ns.networks, id)
	return nil
}

package tables

import (
	"maps"
	"slices"
	"strings"

	"sgc.dev/sgc/sandbox/api"
)

// network is a network without subnets: as much as ports need.
type network struct {
	id, project, name, description string
	serial, revision               int
	created, updated               string
}

func (n *network) view(who api.Account) api.Object {
	v := api.Object{
		"id": n.id, "name": n.name, "description": n.description, "project_id": n.project, "tenant_id": n.project,
		"admin_state_up": true, "status": "ACTIVE", "shared": false, "router:external": false, "mtu": 1500, "subnets": []string{},
		"port_security_enabled": true, "availability_zones": []string{}, "availability_zone_hints": []string{},
		"ipv4_address_scope": nil, "ipv6_address_scope": nil, "tags": []string{},
		"revision_number": n.revision, "created_at": n.created, "updated_at": n.updated,
	}
	if who.Admin {
		v["provider:network_type"], v["provider:physical_network"], v["provider:segmentation_id"] = "geneve", nil, n.serial
	}
	return v
}

// networks is the resource network.
type networks struct{ *Tables }

func (networks) table() api.Attributes {
	return api.Attributes{
		{Name: "id", Filter: true, Sort: true},
		{Name: "name", Post: true, Put: true, Initial: "", Check: checkString(255), Filter: true, Sort: true},
		{Name: "subnets"},
		{Name: "admin_state_up", Post: true, Put: true, Initial: true, Convert: toBoolean, Filter: true, Sort: true},
		{Name: "status", Filter: true, Sort: true},
		{Name: "tenant_id", Post: true, Check: checkString(255), Filter: true, Sort: true},
		{Name: "shared", Post: true, Put: true, Initial: false, Convert: toBoolean, Filter: true},
		{Name: "router:external", Post: true, Put: true, Initial: false, Convert: toBoolean, Filter: true},
		{Name: "port_security_enabled", Post: true, Put: true, Initial: true, Convert: toBoolean},
		{Name: "mtu", Post: true, Put: true, Initial: 0, Convert: toInteger},
		{Name: "description", Post: true, Put: true, Initial: "", Check: checkString(255), Filter: true, Sort: true},
		{Name: "created_at"},
		{Name: "updated_at"},
		{Name: "revision_number", Filter: true, Sort: true},
		{Name: "tags", Filter: true},
		{Name: "project_id", Post: true, Filter: true, Sort: true},
	}
}

// network finds a network that the caller sees.
func (t *Tables) network(who api.Account, id string) (*network, error) {
	n, ok := t.networks[id]
	if !ok || n.project != who.ProjectID && !who.Admin {
		return nil, api.Missing("NetworkNotFound", "Network %s could not be found.", id)
	}
	return n, nil
}

func (ns networks) visible(who api.Account) []api.Object {
	var views []api.Object
	for _, n := range ns.networks {
		if n.project == who.ProjectID || who.Admin {
			views = append(views, n.view(who))
		}
	}
	return views
}

func (ns networks) show(who api.Account, id string) (api.Object, error) {
	n, err := ns.network(who, id)
	if err != nil {
		return nil, err
	}
	return n.view(who), nil
}

func (ns networks) create(who api.Account, items []api.Object, _ bool) ([]api.Object, error) {
	count := map[string]int{}
	for _, item := range items {
		count[item["project_id"].(string)]++
		if !storable(item["name"].(string)) || !storable(item["description"].(string)) {
			return nil, api.Crash()
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
	var views []api.Object
	for _, item := range items {
		views = append(views, ns.newNetwork(item["project_id"].(string), item["name"].(string), item["description"].(string)).view(who))
	}
	return views, nil
}

func (t *Tables) newNetwork(project, name, description string) *network {
	n := &network{id: t.ids.NewUUID("network", project, name), project: project, name: name, description: description, serial: t.next(), revision: 1, created: now(), updated: now()}
	t.networks[n.id] = n
	return n
}

func (ns networks) update(who api.Account, id string, item api.Object, want constraint) (api.Object, error) {
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

func (ns networks) remove(who api.Account, id string, want constraint) error {
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
		return api.Conflict("NetworkInUse", "Unable to complete operation on network %s. There are one or more ports still in use on the network, id for these ports is: %s.",
			id, strings.Join(used, ","))
	}
	if err := want.check(n.revision); err != nil {
		return err
	}
	delete(ns.networks, id)
	return nil
}

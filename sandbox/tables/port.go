package tables

import (
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sgc.dev/sgc/sandbox/api"
)

// port is a port: what puts a security group in use.
type port struct {
	id, project, network, name, description, device, owner, mac string
	groups                                                      []string
	fixed                                                       []api.Object // addresses
	serial, revision                                            int
	created, updated                                            string
}

func (p *port) view(who api.Account) api.Object {
	v := api.Object{
		"id": p.id, "name": p.name, "description": p.description, "project_id": p.project, "tenant_id": p.project,
		"network_id": p.network, "mac_address": p.mac, "admin_state_up": true, "status": "DOWN", "device_id": p.device, "device_owner": p.owner,
		"fixed_ips": append([]api.Object{}, p.fixed...), "allowed_address_pairs": []api.Object{}, "extra_dhcp_opts": []api.Object{}, "security_groups": append([]string{}, p.groups...),
		"port_security_enabled": true, "binding:vnic_type": "normal", "tags": []string{},
		"revision_number": p.revision, "created_at": p.created, "updated_at": p.updated,
	}
	if who.Admin {
		v["binding:host_id"], v["binding:profile"], v["binding:vif_details"], v["binding:vif_type"] = "", api.Object{}, api.Object{}, "unbound"
	}
	return v
}

// AddPort makes a port of the account's project that carries the groups, on a
// network that it makes where the project has none, and returns the port's id.
// No groups is none, not the default one.
func (t *Tables) AddPort(a api.Account, groupIDs ...string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	on := ""
	for _, id := range slices.Sorted(maps.Keys(t.networks)) {
		if t.networks[id].project == a.ProjectID {
			on = id
			break
		}
	}
	if on == "" {
		on = t.newNetwork(a.ProjectID, "network", "").id
	}
	return t.newPort(&port{project: a.ProjectID, network: on, groups: slices.Clone(groupIDs)}).id
}

// RemovePort takes a port away, and reports whether it was there.
func (t *Tables) RemovePort(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.ports[id]
	delete(t.ports, id)
	return ok
}

// newPort completes a port.
func (t *Tables) newPort(p *port) *port {
	b := make([]byte, 3)
	rand.Read(b)
	p.id, p.mac, p.serial, p.revision = t.ids.NewUUID("port", p.project, p.name), fmt.Sprintf("fa:16:3e:%02x:%02x:%02x", b[0], b[1], b[2]), t.next(), 1
	p.created, p.updated = now(), now()
	t.ports[p.id] = p
	return p
}

// inUse reports whether a port carries the group.
func (t *Tables) inUse(group string) bool {
	for _, p := range t.ports {
		if slices.Contains(p.groups, group) {
			return true
		}
	}
	return false
}

// ports is the resource port.
type ports struct{ *Tables }

func (ports) table() api.Attributes {
	return api.Attributes{
		{Name: "id", Filter: true, Sort: true},
		{Name: "name", Post: true, Put: true, Initial: "", Check: checkString(255), Filter: true, Sort: true},
		{Name: "network_id", Post: true, Required: true, Check: checkUUID, Filter: true, Sort: true},
		{Name: "admin_state_up", Post: true, Put: true, Initial: true, Convert: toBoolean, Filter: true, Sort: true},
		{Name: "mac_address", Post: true, Put: true, Initial: api.Unset{}, Filter: true, Sort: true},
		{Name: "fixed_ips", Post: true, Put: true, Initial: api.Unset{}, Filter: true},
		{Name: "device_id", Post: true, Put: true, Initial: "", Check: checkString(255), Filter: true, Sort: true},
		{Name: "device_owner", Post: true, Put: true, Initial: "", Check: checkString(255), Filter: true, Sort: true},
		{Name: "tenant_id", Post: true, Check: checkString(255), Filter: true, Sort: true},
		{Name: "status", Filter: true, Sort: true},
		{Name: "security_groups", Post: true, Put: true, Initial: api.Unset{}, Convert: noneToEmpty, Check: checkUUIDs, Filter: true},
		{Name: "allowed_address_pairs", Post: true, Put: true, Initial: api.Unset{}},
		{Name: "extra_dhcp_opts", Post: true, Put: true, Initial: api.Unset{}},
		{Name: "port_security_enabled", Post: true, Put: true, Initial: true, Convert: toBoolean},
		{Name: "binding:vnic_type", Post: true, Put: true, Initial: "normal", Filter: true},
		{Name: "description", Post: true, Put: true, Initial: "", Check: checkString(255), Filter: true, Sort: true},
		{Name: "created_at"},
		{Name: "updated_at"},
		{Name: "revision_number", Filter: true, Sort: true},
		{Name: "tags", Filter: true},
		{Name: "project_id", Post: true, Filter: true, Sort: true},
	}
}

func checkUUID(v any) (string, error) {
	if s, ok := v.(string); !ok || !isUUID(s) {
		return "'" + api.Text(v) + "' is not a valid UUID", nil
	}
	return "", nil
}

// port finds a port that the caller sees.
func (t *Tables) port(who api.Account, id string) (*port, error) {
	p, ok := t.ports[id]
	if !ok || !t.shows(who, p) {
		return nil, api.Missing("PortNotFound", "Port %s could not be found.", id)
	}
	return p, nil
}

// shows reports whether the caller sees the port: its own, one on its network, all for an administrator.
func (t *Tables) shows(who api.Account, p *port) bool {
	return who.Admin || p.project == who.ProjectID || t.networks[p.network].project == who.ProjectID
}

func (ps ports) visible(who api.Account) []api.Object {
	var views []api.Object
	for _, p := range ps.ports {
		if ps.shows(who, p) {
			views = append(views, p.view(who))
		}
	}
	return views
}

func (ps ports) show(who api.Account, id string) (api.Object, error) {
	p, err := ps.port(who, id)
	if err != nil {
		return nil, err
	}
	return p.view(who), nil
}

func (ps ports) create(who api.Account, items []api.Object, _ bool) ([]api.Object, error) {
	var made []*port
	for _, item := range items {
		project := item["project_id"].(string)
		on := item["network_id"].(string)
		if _, err := ps.network(who, on); err != nil {
			return nil, err
		}
		if err := ps.room(project, "port", len(items)); err != nil {
			return nil, err
		}
		if err := ps.ensureDefault(who, project); err != nil {
			return nil, err
		}
		p := &port{project: project, network: on, name: item["name"].(string), description: item["description"].(string),
			device: item["device_id"].(string), owner: item["device_owner"].(string)}
		if list, ok := item["security_groups"].([]any); ok {
			groups, err := ps.carried(who, project, list)
			if err != nil {
				return nil, err
			}
			p.groups = groups
		} else {
			for _, g := range ps.groups {
				if g.isDefault && g.ProjectID == project {
					p.groups = []string{g.ID}
				}
			}
		}
		if !storable(p.name) || !storable(p.description) || !storable(p.device) || !storable(p.owner) {
			return nil, api.Crash()
		}
		made = append(made, p)
	}
	var views []api.Object
	for _, p := range made {
		views = append(views, ps.newPort(p).view(who))
	}
	return views, nil
}

// carried are groups that a port may carry, in the order of their ids: of its
// project or shared with it, all stateful or none.
func (ps ports) carried(who api.Account, project string, list []any) ([]string, error) {
	ids, absent := []string{}, []string{}
	stateful := map[bool]bool{}
	for _, item := range list {
		id := item.(string)
		g, err := ps.group(who, id)
		if err != nil || g.ProjectID != project && !who.Admin && !g.sharedWith(project) {
			absent = append(absent, id)
			continue
		}
		stateful[g.Stateful] = true
		ids = append(ids, id)
	}
	if len(absent) > 0 {
		return nil, api.Missing("SecurityGroupNotFound", "Security group %s does not exist", strings.Join(absent, ", "))
	}
	slices.Sort(ids)
	if len(stateful) > 1 {
		return nil, api.Conflict("SecurityGroupConflict",
			"Error Cannot apply both stateful and stateless security groups on the same port at the same time while attempting the operation.")
	}
	return ids, nil
}

func (ps ports) update(who api.Account, id string, item api.Object, want constraint) (api.Object, error) {
	p, err := ps.port(who, id)
	if err != nil {
		return nil, err
	}
	if p.project != who.ProjectID && !who.Admin {
		return nil, api.Forbidden("update_port")
	}
	if err := want.check(p.revision); err != nil {
		return nil, err
	}
	groups := p.groups
	if list, ok := item["security_groups"].([]any); ok {
		if groups, err = ps.carried(who, p.project, list); err != nil {
			return nil, err
		}
	}
	changed := !slices.Equal(groups, p.groups)
	p.groups = groups
	for name, field := range map[string]*string{"name": &p.name, "description": &p.description, "device_id": &p.device, "device_owner": &p.owner} {
		if s, ok := item[name].(string); ok && s != *field {
			*field, changed = s, true
		}
	}
	if changed {
		p.revision++
		p.updated = now()
	}
	return p.view(who), nil
}

func (ps ports) remove(who api.Account, id string, want constraint) error {
	p, err := ps.port(who, id)
	if err != nil {
		return err
	}
	if err := want.check(p.revision); err != nil {
		return err
	}
	delete(ps.ports, id)
	return nil
}

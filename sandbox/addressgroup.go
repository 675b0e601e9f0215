package sandbox

import (
	"maps"
	"net/http"
	"slices"
)

// addressGroup is a named list of prefixes that rules can have as remote.
type addressGroup struct {
	id, project, name, description string
	addresses                      []string // sorted
	serial, revision               int
	created, updated               string
}

func (a *addressGroup) touch() {
	a.revision++
	a.updated = now()
}

func (a *addressGroup) view() object {
	return object{
		"id": a.id, "name": a.name, "description": a.description, "project_id": a.project, "tenant_id": a.project,
		"addresses":       append([]string{}, a.addresses...),
		"revision_number": a.revision, "created_at": a.created, "updated_at": a.updated,
	}
}

// AddAddressGroup makes an address group of the account's project, of prefixes
// without host bits, and returns its id.
func (c *Cloud) AddAddressGroup(a Account, name string, addresses ...string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.newAddressGroup(a.ProjectID, name, "", addresses).id
}

func (c *Cloud) newAddressGroup(project, name, description string, addresses []string) *addressGroup {
	a := &addressGroup{id: c.newUUID("address group", project, name), project: project, name: name, description: description,
		serial: c.next(), created: now(), updated: now()}
	a.addresses = slices.Compact(slices.Sorted(slices.Values(addresses)))
	a.revision = len(a.addresses)
	c.addressGroups[a.id] = a
	return a
}

// addressGroup finds an address group that the caller sees.
func (c *Cloud) addressGroup(who token, id string) (*addressGroup, error) {
	a, ok := c.addressGroups[id]
	if !ok || a.project != who.account.ProjectID && !who.account.Admin {
		return nil, missing("AddressGroupNotFound", "Address group %s could not be found.", id)
	}
	return a, nil
}

// addressGroups is the resource address_group.
type addressGroups struct{ *Cloud }

func (addressGroups) table() attributes {
	return attributes{
		{name: "id", filter: true, sort: true},
		{name: "name", post: true, put: true, initial: "", check: checkString(255), filter: true, sort: true},
		{name: "description", post: true, put: true, initial: "", check: checkString(255), filter: true, sort: true},
		{name: "tenant_id", post: true, check: checkString(255), filter: true, sort: true},
		{name: "addresses", post: true, initial: []any{}, convert: noneToEmpty, check: checkSubnets},
		{name: "created_at"},
		{name: "updated_at"},
		{name: "revision_number", filter: true, sort: true},
		{name: "project_id", post: true, filter: true, sort: true},
	}
}

func checkSubnets(v any) (string, error) {
	if reason := listReason(v); reason != "" {
		return reason, nil
	}
	for _, item := range v.([]any) {
		s, ok := item.(string)
		if _, valid := parsePrefix(s); !ok || !valid || !hasMask(s) {
			return "'" + text(item) + "' is not a valid IP subnet", nil
		}
	}
	return "", nil
}

func hasMask(s string) bool { return slices.Contains([]byte(s), '/') }

func (as addressGroups) visible(who token) []object {
	var views []object
	for _, a := range as.addressGroups {
		if a.project == who.account.ProjectID || who.account.Admin {
			views = append(views, a.view())
		}
	}
	return views
}

func (as addressGroups) show(who token, id string) (object, error) {
	a, err := as.addressGroup(who, id)
	if err != nil {
		return nil, err
	}
	return a.view(), nil
}

// create makes one address group; Neutron crashes at several. Each address
// counts as a change.
func (as addressGroups) create(_ token, items []object, bulk bool) ([]object, error) {
	item := items[0]
	name, description := item["name"].(string), item["description"].(string)
	if bulk || !storable(name) || !storable(description) {
		return nil, crash()
	}
	var addresses []string
	for _, s := range item["addresses"].([]any) {
		p, _ := parsePrefix(s.(string)) // checked with the item
		addresses = append(addresses, p.masked().String())
	}
	a := as.newAddressGroup(item["project_id"].(string), name, description, addresses)
	return []object{a.view()}, nil
}

func (as addressGroups) update(who token, id string, item object, want constraint) (object, error) {
	a, err := as.addressGroup(who, id)
	if err != nil {
		return nil, err
	}
	if err := want.check(a.revision); err != nil {
		return nil, err
	}
	name, description := a.name, a.description
	if s, ok := item["name"].(string); ok {
		name = s
	}
	if s, ok := item["description"].(string); ok {
		description = s
	}
	if !storable(name) || !storable(description) {
		return nil, crash()
	}
	if name != a.name || description != a.description {
		a.name, a.description = name, description
		a.touch()
	}
	return a.view(), nil
}

// remove does not look at the revision, as Neutron does not.
func (as addressGroups) remove(who token, id string, _ constraint) error {
	if _, err := as.addressGroup(who, id); err != nil {
		return err
	}
	for _, g := range as.groups {
		for _, r := range g.rules {
			if r.RemoteAddressGroupID == id {
				return conflict("AddressGroupInUse", "Address group %s is in use on one or more security group rules.", id)
			}
		}
	}
	delete(as.Cloud.addressGroups, id)
	return nil
}

// addressCall adds addresses to a group or removes them.
func (c *Cloud) addressCall(who token, r request, id, action string) (answer, error) {
	if action != "add_addresses" && action != "remove_addresses" {
		return answer{}, hidden()
	}
	if r.method != http.MethodPut {
		return answer{}, notAllowed()
	}
	decoded, err := decode(r.body)
	if err != nil {
		return answer{}, err
	}
	a, err := c.addressGroup(who, id)
	if err != nil {
		return answer{}, err
	}
	whole, _ := decoded.(object)
	list, ok := whole["addresses"].([]any)
	if !ok {
		return answer{}, crash()
	}
	asked := map[string]bool{}
	for _, item := range list {
		s, _ := item.(string)
		p, ok := parsePrefix(s)
		if !ok {
			return answer{}, invalid("AddrFormatError", "invalid IPNetwork %s", text(item))
		}
		asked[p.masked().String()] = true
	}
	var there, missed []string
	for _, s := range slices.Sorted(maps.Keys(asked)) {
		if slices.Contains(a.addresses, s) {
			there = append(there, s)
		} else {
			missed = append(missed, s)
		}
	}
	switch {
	case action == "add_addresses" && len(there) > 0:
		return answer{}, invalid("AddressesAlreadyExist", "Addresses %s already exist in the address group %s.", listRepr(there), id)
	case action == "add_addresses":
		a.addresses = slices.Sorted(slices.Values(append(slices.Clone(a.addresses), missed...)))
	case len(missed) > 0:
		return answer{}, missing("AddressesNotFound", "Addresses %s not found in the address group %s.", listRepr(missed), id)
	default:
		a.addresses = slices.DeleteFunc(slices.Clone(a.addresses), func(s string) bool { return asked[s] })
	}
	if len(asked) > 0 {
		a.touch()
	}
	view := a.view()
	view["shared"] = false // which other calls do not show
	return answer{status: http.StatusOK, body: object{"address_group": view}}, nil
}

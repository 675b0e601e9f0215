package tables

import (
	"maps"
	"net/http"
	"slices"

	"sgc.dev/sgc/sandbox/api"
)

// addressGroup is a named list of prefixes that rules can have as remote.
type addressGroup struct {
	id, project, name, description string
	addresses                      []string // sorted
	serial, revision               int
	created, updated               string
	shares                         []*share
}

func (a *addressGroup) mayUse(who api.Account) bool {
	return a.mayChange(who) || sharedWith(a.shares, who.ProjectID)
}

func (a *addressGroup) mayChange(who api.Account) bool {
	return who.Admin || a.project == who.ProjectID
}

func (a *addressGroup) touch() {
	a.revision++
	a.updated = now()
}

func (a *addressGroup) view() api.Object {
	return api.Object{
		"id": a.id, "name": a.name, "description": a.description, "project_id": a.project, "tenant_id": a.project,
		"addresses":       append([]string{}, a.addresses...),
		"revision_number": a.revision, "created_at": a.created, "updated_at": a.updated,
	}
}

// AddAddressGroup makes an address group of the account's project, of prefixes
// without host bits, and returns its id.
func (t *Tables) AddAddressGroup(a api.Account, name string, addresses ...string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.newAddressGroup(a.ProjectID, name, "", addresses).id
}

func (t *Tables) newAddressGroup(project, name, description string, addresses []string) *addressGroup {
	a := &addressGroup{id: t.ids.NewUUID("address group", project, name), project: project, name: name, description: description,
		serial: t.next(), created: now(), updated: now()}
	a.addresses = slices.Compact(slices.Sorted(slices.Values(addresses)))
	a.revision = len(a.addresses)
	t.addressGroups[a.id] = a
	return a
}

// addressGroup finds an address group that the caller sees.
func (t *Tables) addressGroup(who api.Account, id string) (*addressGroup, error) {
	a, ok := t.addressGroups[id]
	if !ok || !a.mayUse(who) {
		return nil, api.Missing("AddressGroupNotFound", "Address group %s could not be found.", id)
	}
	return a, nil
}

// addressGroups is the resource address_group.
type addressGroups struct{ *Tables }

func (addressGroups) table() api.Attributes {
	return api.Attributes{
		{Name: "id", Filter: true, Sort: true},
		{Name: "name", Post: true, Put: true, Initial: "", Check: checkString(255), Filter: true, Sort: true},
		{Name: "description", Post: true, Put: true, Initial: "", Check: checkString(255), Filter: true, Sort: true},
		{Name: "tenant_id", Post: true, Check: checkString(255), Filter: true, Sort: true},
		{Name: "addresses", Post: true, Initial: []any{}, Convert: noneToEmpty, Check: checkSubnets},
		{Name: "created_at"},
		{Name: "updated_at"},
		{Name: "revision_number", Filter: true, Sort: true},
		{Name: "project_id", Post: true, Filter: true, Sort: true},
	}
}

func checkSubnets(v any) (string, error) {
	if reason := listReason(v); reason != "" {
		return reason, nil
	}
	for _, item := range v.([]any) {
		s, ok := item.(string)
		if _, valid := parsePrefix(s); !ok || !valid || !hasMask(s) {
			return "'" + api.Text(item) + "' is not a valid IP subnet", nil
		}
	}
	return "", nil
}

func hasMask(s string) bool { return slices.Contains([]byte(s), '/') }

func (as addressGroups) visible(who api.Account) []api.Object {
	var views []api.Object
	for _, a := range as.addressGroups {
		if a.mayUse(who) {
			views = append(views, a.view())
		}
	}
	return views
}

func (as addressGroups) show(who api.Account, id string) (api.Object, error) {
	a, err := as.addressGroup(who, id)
	if err != nil {
		return nil, err
	}
	return a.view(), nil
}

// create makes one address group; Neutron crashes at several. Each address
// counts as a change.
func (as addressGroups) create(_ api.Account, items []api.Object, bulk bool) ([]api.Object, error) {
	item := items[0]
	name, description := item["name"].(string), item["description"].(string)
	if bulk || !storable(name) || !storable(description) {
		return nil, api.Crash()
	}
	var addresses []string
	for _, s := range item["addresses"].([]any) {
		p, _ := parsePrefix(s.(string)) // checked with the item
		addresses = append(addresses, p.masked().String())
	}
	a := as.newAddressGroup(item["project_id"].(string), name, description, addresses)
	return []api.Object{a.view()}, nil
}

func (as addressGroups) update(who api.Account, id string, item api.Object, want constraint) (api.Object, error) {
	a, err := as.addressGroup(who, id)
	if err != nil {
		return nil, err
	}
	if !a.mayChange(who) {
		return nil, api.Hidden()
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
		return nil, api.Crash()
	}
	if name != a.name || description != a.description {
		a.name, a.description = name, description
		a.touch()
	}
	return a.view(), nil
}

// remove does not look at the revision, as Neutron does not.
func (as addressGroups) remove(who api.Account, id string, _ constraint) error {
	a, err := as.addressGroup(who, id)
	if err != nil {
		return err
	}
	if !a.mayChange(who) {
		return api.Forbidden("delete_address_group")
	}
	for _, g := range as.groups {
		for _, r := range g.rules {
			if r.RemoteAddressGroupID == id {
				return api.Conflict("AddressGroupInUse", "Address group %s is in use on one or more security group rules.", id)
			}
		}
	}
	delete(as.Tables.addressGroups, id)
	return nil
}

// addressCall adds addresses to a group or removes them.
func (t *Tables) addressCall(who api.Account, r api.Request, id, action string) (api.Answer, error) {
	if action != "add_addresses" && action != "remove_addresses" {
		return api.Answer{}, api.Hidden()
	}
	if r.Method != http.MethodPut {
		return api.Answer{}, api.NotAllowed()
	}
	decoded, err := api.Decode(r.Body)
	if err != nil {
		return api.Answer{}, err
	}
	a, err := t.addressGroup(who, id)
	if err != nil {
		return api.Answer{}, err
	}
	if !a.mayChange(who) {
		return api.Answer{}, api.Forbidden(action)
	}
	whole, _ := decoded.(api.Object)
	list, ok := whole["addresses"].([]any)
	if !ok {
		return api.Answer{}, api.Crash()
	}
	asked := map[string]bool{}
	for _, item := range list {
		s, _ := item.(string)
		p, ok := parsePrefix(s)
		if !ok {
			return api.Answer{}, api.Invalid("AddrFormatError", "invalid IPNetwork %s", api.Text(item))
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
		return api.Answer{}, api.Invalid("AddressesAlreadyExist", "Addresses %s already exist in the address group %s.", api.ListRepr(there), id)
	case action == "add_addresses":
		a.addresses = slices.Sorted(slices.Values(append(slices.Clone(a.addresses), missed...)))
	case len(missed) > 0:
		return api.Answer{}, api.Missing("AddressesNotFound", "Addresses %s not found in the address group %s.", api.ListRepr(missed), id)
	default:
		a.addresses = slices.DeleteFunc(slices.Clone(a.addresses), func(s string) bool { return asked[s] })
	}
	if len(asked) > 0 {
		a.touch()
	}
	view := a.view()
	view["shared"] = false // which other calls do not show
	return api.Answer{Status: http.StatusOK, Body: api.Object{"address_group": view}}, nil
}

package tables

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"sgc.dev/sgc/sandbox/api"
)

// A resource is what Neutron keeps in one collection. The cloud is locked.
type resource interface {
	table() api.Attributes
	// visible are the views of all that the caller may see.
	visible(who api.Account) []api.Object
	// show is the view of one; id may be anything.
	show(who api.Account, id string) (api.Object, error)
	// create makes all items or none. They have passed the table.
	create(who api.Account, items []api.Object, bulk bool) ([]api.Object, error)
	update(who api.Account, id string, item api.Object, want constraint) (api.Object, error)
	remove(who api.Account, id string, want constraint) error
}

// A collection is where a resource is found.
type collection struct {
	path           string
	single, plural string
	of             func(*Tables) resource
	before         func(t *Tables, who api.Account, r api.Request) error // of every list
	also           []string                                              // fields that are shown whichever are asked for
	from           string                                                // the extension that brings it
}

// collections of the API, without those that have paths of their own.
func collections() []collection {
	return []collection{
		{"security-groups", "security_group", "security_groups", func(t *Tables) resource { return groups{t} }, (*Tables).defaultOfQuery, nil, "security-group"},
		{"security-group-rules", "security_group_rule", "security_group_rules", func(t *Tables) resource { return rules{t} }, (*Tables).defaultOfQuery, nil, "security-group"},
		{"address-groups", "address_group", "address_groups", func(t *Tables) resource { return addressGroups{t} }, nil, []string{"tenant_id"}, "address-group"},
		{"networks", "network", "networks", func(t *Tables) resource { return networks{t} }, nil, nil, ""},
		{"subnets", "subnet", "subnets", func(t *Tables) resource { return subnets{t} }, nil, nil, ""},
		{"ports", "port", "ports", func(t *Tables) resource { return ports{t} }, nil, nil, ""},
		{"default-security-group-rules", "default_security_group_rule", "default_security_group_rules", func(t *Tables) resource { return templates{t} }, nil, nil, "security-groups-default-rules"},
		{"rbac-policies", "rbac_policy", "rbac_policies", func(t *Tables) resource { return shares{t} }, nil, nil, "rbac-security-groups"},
	}
}

// Answer answers a call of the network service, whose token holds where it needs one.
func (t *Tables) Answer(r api.Request, who api.Account) api.Answer {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.remember(r.Method)
	if r.Path == "/" {
		return t.networkVersions(r)
	}
	path, err := url.PathUnescape(r.Path) // a slash may be written %2F
	if err != nil || !utf8.ValidString(path) {
		return api.Refuse(api.BadRequest(api.Incomprehensible))
	}
	rest, ok := strings.CutPrefix(path, "/v2.0")
	if !ok || rest != "" && rest[0] != '/' {
		return api.Plain(http.StatusNotFound, "404 Not Found\n\nThe resource could not be found.\n\n\n")
	}
	trimmed := strings.Trim(strings.TrimSuffix(rest, ".json"), "/")
	switch {
	case rest == "":
		return api.Refuse(api.Hidden())
	case trimmed == "":
		return resources(r)
	}
	a, err := t.dispatch(who, r, strings.Split(trimmed, "/"))
	if err != nil {
		return api.Refuse(err)
	}
	return a
}

func (t *Tables) dispatch(who api.Account, r api.Request, parts []string) (api.Answer, error) {
	switch parts[0] {
	case "extensions":
		return t.extensionCall(r, parts[1:])
	case "quotas":
		return t.quotaCall(who, r, parts[1:])
	}
	for _, at := range collections() {
		if at.path != parts[0] || at.from != "" && !t.has(at.from) {
			continue
		}
		switch len(parts) {
		case 1:
			return t.collectionCall(who, r, at)
		case 2:
			return t.itemCall(who, r, at, parts[1])
		default:
			return t.memberCall(who, r, at, parts[1], parts[2:])
		}
	}
	return api.Answer{}, api.Hidden()
}

// collectionCall lists or creates.
func (t *Tables) collectionCall(who api.Account, r api.Request, at collection) (api.Answer, error) {
	want, err := ifMatch(r.Header)
	if err != nil {
		return api.Answer{}, err
	}
	if want.set {
		return api.Answer{}, api.Crash() // there is nothing that the revision could be of
	}
	of := at.of(t)
	switch r.Method {
	case http.MethodGet:
		if at.before != nil {
			if err := at.before(t, who, r); err != nil {
				return api.Answer{}, err
			}
		}
		all := of.visible(who)
		for _, view := range all {
			t.strip(view)
		}
		body, err := api.List(r.Params, r.NetworkURL()+"/v2.0/"+at.path, at.plural, t.pageLimit, at.also, t.offered(of.table()), all)
		return api.Answer{Status: http.StatusOK, Body: body}, err
	case http.MethodPost:
		items, bulk, err := api.BodyItems(r.Body, at.single, at.plural, t.offered(of.table()), who)
		if err != nil {
			return api.Answer{}, err
		}
		made, err := of.create(who, items, bulk)
		if err != nil {
			return api.Answer{}, err
		}
		for _, view := range made {
			t.strip(view)
		}
		if bulk {
			return api.Answer{Status: http.StatusCreated, Body: api.Object{at.plural: made}}, nil
		}
		return api.Answer{Status: http.StatusCreated, Body: api.Object{at.single: made[0]}}, nil
	case http.MethodPut, http.MethodDelete:
		// The one without an id.
		if _, err := of.show(who, "None"); err != nil {
			return api.Answer{}, err
		}
	}
	return api.Answer{}, api.NotAllowed()
}

// itemCall shows, changes or deletes one object.
func (t *Tables) itemCall(who api.Account, r api.Request, at collection, id string) (api.Answer, error) {
	want, err := ifMatch(r.Header)
	if err != nil {
		return api.Answer{}, err
	}
	of := at.of(t)
	switch r.Method {
	case http.MethodGet:
		view, err := of.show(who, id)
		if err != nil {
			return api.Answer{}, err
		}
		return api.Answer{Status: http.StatusOK, Body: api.Object{at.single: api.ChosenOf(t.strip(view), r.Params, at.also)}}, nil
	case http.MethodPut:
		item, err := api.BodyItem(r.Body, at.single, at.plural, t.offered(of.table()), who)
		if err != nil {
			return api.Answer{}, err
		}
		view, err := of.update(who, id, item, want)
		return api.Answer{Status: http.StatusOK, Body: api.Object{at.single: t.strip(view)}}, err
	case http.MethodDelete:
		if len(r.Body) > 0 {
			return api.Answer{}, api.BadRequest("Request body is not supported in DELETE.")
		}
		return api.Answer{Status: http.StatusNoContent}, of.remove(who, id, want)
	}
	return api.Answer{}, api.NotAllowed()
}

// memberCall is a call to what belongs to an object.
func (t *Tables) memberCall(who api.Account, r api.Request, at collection, id string, rest []string) (api.Answer, error) {
	switch {
	case at.path == "security-groups" && rest[0] == "tags":
		return t.tagCall(who, r, id, rest[1:])
	case at.path == "address-groups" && len(rest) == 1:
		return t.addressCall(who, r, id, rest[0])
	}
	return api.Answer{}, api.Hidden()
}

// networkVersions is the document at Neutron's address, which needs no token.
func (t *Tables) networkVersions(r api.Request) api.Answer {
	if r.Method != http.MethodGet {
		return api.Plain(http.StatusMethodNotAllowed, "405 Method Not Allowed\n\nThe method "+r.Method+" is not allowed for this resource.\n\n ")
	}
	return api.Answer{Status: http.StatusOK, Body: api.Object{"versions": []api.Object{{
		"id": "v2.0", "status": "CURRENT", "links": []api.Object{{"rel": "self", "href": r.NetworkURL() + "/v2.0/"}},
	}}}}
}

// resources is the document of version 2.0: the core resources.
func resources(r api.Request) api.Answer {
	if r.Method != http.MethodGet {
		return api.Refuse(api.NotAllowed())
	}
	var all []api.Object
	for _, name := range []string{"network", "subnet", "subnetpool", "port"} {
		href := r.NetworkURL() + "/v2.0/" + name + "s"
		all = append(all, api.Object{"name": name, "collection": name + "s", "links": []api.Object{{"rel": "self", "href": href}}})
	}
	return api.Answer{Status: http.StatusOK, Body: api.Object{"resources": all}}
}

// Attributes are the names of the attributes of each collection, for tests that
// send nonsense in all of them.
func Attributes() map[string][]string {
	all := map[string][]string{}
	for _, at := range collections() {
		for _, a := range at.of(New("")).table() {
			all[at.path] = append(all[at.path], a.Name)
		}
	}
	return all
}

// Single is the name that a collection has for one of its objects.
func Single(path string) string {
	for _, at := range collections() {
		if at.path == path {
			return at.single
		}
	}
	return ""
}

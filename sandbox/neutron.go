package sandbox

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// A resource is what Neutron keeps in one collection. The cloud is locked.
type resource interface {
	table() attributes
	// visible are the views of all that the caller may see.
	visible(who token) []object
	// show is the view of one; id may be anything.
	show(who token, id string) (object, error)
	// create makes all items or none. They have passed the table.
	create(who token, items []object, bulk bool) ([]object, error)
	update(who token, id string, item object, want constraint) (object, error)
	remove(who token, id string, want constraint) error
}

// A collection is where a resource is found.
type collection struct {
	path           string
	single, plural string
	of             func(*Cloud) resource
	before         func(c *Cloud, who token, r request) error // of every list
	also           []string                                   // fields that are shown whichever are asked for
	from           string                                     // the extension that brings it
}

// collections of the API, without those that have paths of their own.
func collections() []collection {
	return []collection{
		{"security-groups", "security_group", "security_groups", func(c *Cloud) resource { return groups{c} }, (*Cloud).defaultOfQuery, nil, "security-group"},
		{"security-group-rules", "security_group_rule", "security_group_rules", func(c *Cloud) resource { return rules{c} }, (*Cloud).defaultOfQuery, nil, "security-group"},
		{"address-groups", "address_group", "address_groups", func(c *Cloud) resource { return addressGroups{c} }, nil, []string{"tenant_id"}, "address-group"},
		{"networks", "network", "networks", func(c *Cloud) resource { return networks{c} }, nil, nil, ""},
		{"subnets", "subnet", "subnets", func(c *Cloud) resource { return subnets{c} }, nil, nil, ""},
		{"ports", "port", "ports", func(c *Cloud) resource { return ports{c} }, nil, nil, ""},
		{"default-security-group-rules", "default_security_group_rule", "default_security_group_rules", func(c *Cloud) resource { return templates{c} }, nil, nil, "security-groups-default-rules"},
		{"rbac-policies", "rbac_policy", "rbac_policies", func(c *Cloud) resource { return shares{c} }, nil, nil, "rbac-security-groups"},
	}
}

// neutron answers a call of the network service.
func (c *Cloud) neutron(r request) answer {
	if r.path == "/" {
		return c.networkVersions(r)
	}
	who, ok := c.authenticated(r.header.Get("X-Auth-Token"))
	if !ok {
		return unauthorized(r.server)
	}
	path, err := url.PathUnescape(r.path) // a slash may be written %2F
	if err != nil || !utf8.ValidString(path) {
		return refuse(badRequest(incomprehensible))
	}
	rest, ok := strings.CutPrefix(path, "/v2.0")
	if !ok || rest != "" && rest[0] != '/' {
		return plain(http.StatusNotFound, "404 Not Found\n\nThe resource could not be found.\n\n\n")
	}
	trimmed := strings.Trim(strings.TrimSuffix(rest, ".json"), "/")
	switch {
	case rest == "":
		return refuse(hidden())
	case trimmed == "":
		return resources(r)
	}
	a, err := c.dispatch(who, r, strings.Split(trimmed, "/"))
	if err != nil {
		return refuse(err)
	}
	return a
}

func (c *Cloud) dispatch(who token, r request, parts []string) (answer, error) {
	switch parts[0] {
	case "extensions":
		return c.extensionCall(r, parts[1:])
	case "quotas":
		return c.quotaCall(who, r, parts[1:])
	}
	for _, at := range collections() {
		if at.path != parts[0] || at.from != "" && !c.has(at.from) {
			continue
		}
		switch len(parts) {
		case 1:
			return c.collectionCall(who, r, at)
		case 2:
			return c.itemCall(who, r, at, parts[1])
		default:
			return c.memberCall(who, r, at, parts[1], parts[2:])
		}
	}
	return answer{}, hidden()
}

// collectionCall lists or creates.
func (c *Cloud) collectionCall(who token, r request, at collection) (answer, error) {
	want, err := ifMatch(r.header)
	if err != nil {
		return answer{}, err
	}
	if want.set {
		return answer{}, crash() // there is nothing that the revision could be of
	}
	of := at.of(c)
	switch r.method {
	case http.MethodGet:
		if at.before != nil {
			if err := at.before(c, who, r); err != nil {
				return answer{}, err
			}
		}
		body, err := c.list(r, at, c.offered(of.table()), of.visible(who))
		return answer{status: http.StatusOK, body: body}, err
	case http.MethodPost:
		items, bulk, err := bodyItems(r.body, at, c.offered(of.table()), who)
		if err != nil {
			return answer{}, err
		}
		made, err := of.create(who, items, bulk)
		if err != nil {
			return answer{}, err
		}
		for _, view := range made {
			c.strip(view)
		}
		if bulk {
			return answer{status: http.StatusCreated, body: object{at.plural: made}}, nil
		}
		return answer{status: http.StatusCreated, body: object{at.single: made[0]}}, nil
	case http.MethodPut, http.MethodDelete:
		// The one without an id.
		if _, err := of.show(who, "None"); err != nil {
			return answer{}, err
		}
	}
	return answer{}, notAllowed()
}

// itemCall shows, changes or deletes one object.
func (c *Cloud) itemCall(who token, r request, at collection, id string) (answer, error) {
	want, err := ifMatch(r.header)
	if err != nil {
		return answer{}, err
	}
	of := at.of(c)
	switch r.method {
	case http.MethodGet:
		view, err := of.show(who, id)
		if err != nil {
			return answer{}, err
		}
		return answer{status: http.StatusOK, body: object{at.single: at.choose(c.strip(view), r.params)}}, nil
	case http.MethodPut:
		item, err := bodyItem(r.body, at, c.offered(of.table()), who)
		if err != nil {
			return answer{}, err
		}
		view, err := of.update(who, id, item, want)
		return answer{status: http.StatusOK, body: object{at.single: c.strip(view)}}, err
	case http.MethodDelete:
		if len(r.body) > 0 {
			return answer{}, badRequest("Request body is not supported in DELETE.")
		}
		return answer{status: http.StatusNoContent}, of.remove(who, id, want)
	}
	return answer{}, notAllowed()
}

// memberCall is a call to what belongs to an object.
func (c *Cloud) memberCall(who token, r request, at collection, id string, rest []string) (answer, error) {
	switch {
	case at.path == "security-groups" && rest[0] == "tags":
		return c.tagCall(who, r, id, rest[1:])
	case at.path == "address-groups" && len(rest) == 1:
		return c.addressCall(who, r, id, rest[0])
	}
	return answer{}, hidden()
}

// networkVersions is the document at Neutron's address, which needs no token.
func (c *Cloud) networkVersions(r request) answer {
	if r.method != http.MethodGet {
		return plain(http.StatusMethodNotAllowed, "405 Method Not Allowed\n\nThe method "+r.method+" is not allowed for this resource.\n\n ")
	}
	return answer{status: http.StatusOK, body: object{"versions": []object{{
		"id": "v2.0", "status": "CURRENT", "links": []object{{"rel": "self", "href": r.server.NetworkURL() + "/v2.0/"}},
	}}}}
}

// resources is the document of version 2.0: the core resources.
func resources(r request) answer {
	if r.method != http.MethodGet {
		return refuse(notAllowed())
	}
	var all []object
	for _, name := range []string{"network", "subnet", "subnetpool", "port"} {
		href := r.server.NetworkURL() + "/v2.0/" + name + "s"
		all = append(all, object{"name": name, "collection": name + "s", "links": []object{{"rel": "self", "href": href}}})
	}
	return answer{status: http.StatusOK, body: object{"resources": all}}
}

package sandbox

import (
	"maps"
	"slices"
	"strings"
)

// object is an object of JSON. Numbers in those of a request are json.Number.
type object = map[string]any

// An attribute is a row of a resource's table: what may be in a request and
// what lists go by. Neutron calls it the attribute map.
type attribute struct {
	name     string
	post     bool // may be in a POST
	put      bool // may be in a PUT
	required bool // must be in a POST
	initial  any  // where a POST lacks it
	convert  func(any) (any, error)
	check    func(any) (reason string, err error) // reason is "" where the value is right
	filter   bool                                 // lists can be filtered by it
	sort     bool                                 // and sorted
	idle     bool                                 // may be asked for as a filter, and filters nothing
	from     string                               // the extension that brings it, where a cloud may lack that
	ranks    []string                             // the order of its values, where it is not that of texts
}

// attributes are the table of a resource, in the order in which Neutron looks at them.
type attributes []attribute

func (as attributes) named(name string) (attribute, bool) {
	i := slices.IndexFunc(as, func(a attribute) bool { return a.name == name })
	if i < 0 {
		return attribute{}, false
	}
	return as[i], true
}

// owner fills in the project of a new object and refuses that of another.
// project_id and tenant_id are two names of one attribute.
func (as attributes) owner(item object, who token, create bool) error {
	if _, owned := as.named("project_id"); create && !owned {
		return nil
	}
	project, hasProject := item["project_id"]
	tenant, hasTenant := item["tenant_id"]
	switch {
	case hasProject && hasTenant && repr(project) != repr(tenant):
		return badRequest("'project_id' and 'tenant_id' do not match")
	case hasTenant:
		project = tenant
	case !hasProject && !create:
		return nil
	case !hasProject && who.account.ProjectID == "":
		return badRequest("Running without keystone AuthN requires that tenant_id is specified")
	case !hasProject:
		project = who.account.ProjectID
	}
	if project != who.account.ProjectID && !who.account.Admin {
		return badRequest("Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin or advsvc privileges")
	}
	item["project_id"], item["tenant_id"] = project, project
	return nil
}

func (as attributes) known(item object) error {
	var unknown []string
	for _, name := range slices.Sorted(maps.Keys(item)) {
		if _, ok := as.named(name); !ok {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		return badRequest("Unrecognized attribute(s) '%s'", strings.Join(unknown, ", "))
	}
	return nil
}

// created completes and checks the item of a POST.
func (as attributes) created(item object, who token) error {
	if err := as.owner(item, who, true); err != nil {
		return err
	}
	if err := as.known(item); err != nil {
		return err
	}
	for _, a := range as {
		_, given := item[a.name]
		switch {
		case given && !a.post:
			return badRequest("Attribute '%s' not allowed in POST", a.name)
		case !given && a.required:
			return badRequest("Failed to parse request. Required attribute '%s' not specified", a.name)
		case !given && a.post:
			item[a.name] = a.initial
		}
	}
	return as.converted(item)
}

// updated checks the item of a PUT.
func (as attributes) updated(item object, who token) error {
	if err := as.owner(item, who, false); err != nil {
		return err
	}
	if err := as.known(item); err != nil {
		return err
	}
	for _, a := range as {
		if _, given := item[a.name]; given && !a.put {
			return badRequest("Cannot update read-only attribute %s", a.name)
		}
	}
	return as.converted(item)
}

// unset is what an attribute has where a request does not name it and Neutron
// tells that from any value.
type unset struct{}

func (as attributes) converted(item object) error {
	for _, a := range as {
		value, given := item[a.name]
		if given && value == any(unset{}) {
			continue
		}
		if given && a.convert != nil {
			converted, err := a.convert(value)
			if err != nil {
				return err
			}
			item[a.name], value = converted, converted
		}
		if given && a.check != nil {
			reason, err := a.check(value)
			if err != nil {
				return err
			}
			if reason != "" {
				return badRequest("Invalid input for %s. Reason: %s.", a.name, reason)
			}
		}
	}
	return nil
}

package api

import (
	"maps"
	"slices"
	"strings"
)

// Object is an object of JSON. Numbers in those of a request are json.Number.
type Object = map[string]any

// An Attribute is a row of a resource's table: what may be in a request and
// what lists go by. Neutron calls it the attribute map.
type Attribute struct {
	Name     string
	Post     bool // may be in a POST
	Put      bool // may be in a PUT
	Required bool // must be in a POST
	Initial  any  // where a POST lacks it
	Convert  func(any) (any, error)
	Check    func(any) (reason string, err error) // reason is "" where the value is right
	Filter   bool                                 // lists can be filtered by it
	Sort     bool                                 // and sorted
	Idle     bool                                 // may be asked for as a filter, and filters nothing
	From     string                               // the extension that brings it, where a cloud may lack that
	Ranks    []string                             // the order of its values, where it is not that of texts
}

// Attributes are the table of a resource, in the order in which Neutron looks at them.
type Attributes []Attribute

func (as Attributes) named(name string) (Attribute, bool) {
	i := slices.IndexFunc(as, func(a Attribute) bool { return a.Name == name })
	if i < 0 {
		return Attribute{}, false
	}
	return as[i], true
}

// owner fills in the project of a new object and refuses that of another.
// project_id and tenant_id are two names of one attribute.
func (as Attributes) owner(item Object, who Account, create bool) error {
	if _, owned := as.named("project_id"); create && !owned {
		return nil
	}
	project, hasProject := item["project_id"]
	tenant, hasTenant := item["tenant_id"]
	switch {
	case hasProject && hasTenant && Repr(project) != Repr(tenant):
		return BadRequest("'project_id' and 'tenant_id' do not match")
	case hasTenant:
		project = tenant
	case !hasProject && !create:
		return nil
	case !hasProject && who.ProjectID == "":
		return BadRequest("Running without keystone AuthN requires that tenant_id is specified")
	case !hasProject:
		project = who.ProjectID
	}
	if project != who.ProjectID && !who.Admin {
		return BadRequest("Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin or advsvc privileges")
	}
	item["project_id"], item["tenant_id"] = project, project
	return nil
}

func (as Attributes) known(item Object) error {
	var unknown []string
	for _, name := range slices.Sorted(maps.Keys(item)) {
		if _, ok := as.named(name); !ok {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		return BadRequest("Unrecognized attribute(s) '%s'", strings.Join(unknown, ", "))
	}
	return nil
}

// created completes and checks the item of a POST.
func (as Attributes) created(item Object, who Account) error {
	if err := as.owner(item, who, true); err != nil {
		return err
	}
	if err := as.known(item); err != nil {
		return err
	}
	for _, a := range as {
		_, given := item[a.Name]
		switch {
		case given && !a.Post:
			return BadRequest("Attribute '%s' not allowed in POST", a.Name)
		case !given && a.Required:
			return BadRequest("Failed to parse request. Required attribute '%s' not specified", a.Name)
		case !given && a.Post:
			item[a.Name] = a.Initial
		}
	}
	return as.converted(item)
}

// updated checks the item of a PUT.
func (as Attributes) updated(item Object, who Account) error {
	if err := as.owner(item, who, false); err != nil {
		return err
	}
	if err := as.known(item); err != nil {
		return err
	}
	for _, a := range as {
		if _, given := item[a.Name]; given && !a.Put {
			return BadRequest("Cannot update read-only attribute %s", a.Name)
		}
	}
	return as.converted(item)
}

// Unset is what an attribute has where a request does not name it and Neutron
// tells that from any value.
type Unset struct{}

func (as Attributes) converted(item Object) error {
	for _, a := range as {
		value, given := item[a.Name]
		if given && value == any(Unset{}) {
			continue
		}
		if given && a.Convert != nil {
			converted, err := a.Convert(value)
			if err != nil {
				return err
			}
			item[a.Name], value = converted, converted
		}
		if given && a.Check != nil {
			reason, err := a.Check(value)
			if err != nil {
				return err
			}
			if reason != "" {
				return BadRequest("Invalid input for %s. Reason: %s.", a.Name, reason)
			}
		}
	}
	return nil
}

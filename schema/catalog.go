package schema

import (
	"maps"
	"slices"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/parser"

	"sgc.dev/sgc/rule"
)

// Catalog lists the services that every policy knows, by name.
func Catalog() ([]Service, error) {
	context := cuecontext.New()
	c, err := newCatalog(context)
	if err != nil {
		return nil, err
	}
	var services []Service
	for _, name := range slices.Sorted(slices.Values(c.names())) {
		services = append(services, *c.service(name))
	}
	return services, nil
}

// A catalog is #Catalog, of which only the services that a policy uses are
// evaluated.
type catalog struct {
	context *cue.Context
	written place
	form    form // of a service
	read    map[string]*Service
}

func newCatalog(context *cue.Context) (*catalog, error) {
	src, err := moduleFiles.ReadFile("catalog.cue")
	if err != nil {
		return nil, err
	}
	f, err := parser.ParseFile(definitionsPrefix+"catalog.cue", src)
	if err != nil {
		return nil, err
	}
	policy, err := policyForm()
	if err != nil {
		return nil, err
	}
	written, _ := placeOf([]*ast.File{f}).field("#Catalog")
	return &catalog{context: context, written: written, form: formAt(formAt(policy, cue.StructKind, "services"), cue.StructKind, ""), read: map[string]*Service{}}, nil
}

// catalogAlone is the catalog where no policy is evaluated, nil where it cannot be
// read, which is a fault that every policy shows.
func catalogAlone() *catalog {
	context := cuecontext.New()
	c, err := newCatalog(context)
	if err != nil {
		return nil
	}
	return c
}

// names lists every service.
func (c *catalog) names() []string { return slices.Collect(maps.Keys(c.written.index)) }

// node is a service that there is.
func (c *catalog) node(name string) node {
	m := &maker{limit: defaultValues}
	return m.node(c.context.BuildExpr(c.written.index[name][0].Value), node{name: name}, c.form, place{})
}

// service is nil where the catalog has none of that name.
func (c *catalog) service(name string) *Service {
	if s, ok := c.read[name]; ok {
		return s
	}
	if c.written.index[name] == nil {
		return nil
	}
	r := &reader{catalog: c, suggest: &suggester{}}
	s := r.service(c.node(name))
	s.Pos = rule.Pos{}
	for i := range s.Matches {
		s.Matches[i].Pos = rule.Pos{}
	}
	c.read[name] = &s
	return &s
}

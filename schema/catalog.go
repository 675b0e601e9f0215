package schema

import (
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/parser"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/source"
	"sgc.dev/sgc/schema/value"
	"sgc.dev/sgc/schema/written"
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
	written written.Place
	form    *value.Form // of a service
	read    map[string]*Service
}

func newCatalog(context *cue.Context) (*catalog, error) {
	services, err := catalogSyntax()
	if err != nil {
		return nil, err
	}
	policy, err := definitions()
	if err != nil {
		return nil, err
	}
	return &catalog{context: context, written: services, form: policy.Form("services", ""), read: map[string]*Service{}}, nil
}

// catalogSyntax is where the services stand in catalog.cue.
func catalogSyntax(options ...parser.Option) (written.Place, error) {
	src, err := moduleFiles.ReadFile("catalog.cue")
	if err != nil {
		return written.Place{}, err
	}
	f, err := parser.ParseFile(source.DefinitionsPrefix+"catalog.cue", src, options...)
	if err != nil {
		return written.Place{}, err
	}
	services, _ := written.PlaceOf([]*ast.File{f}).Field("#Catalog")
	return services, nil
}

// names lists every service.
func (c *catalog) names() []string { return c.written.Names() }

// node is a service that there is.
func (c *catalog) node(name string) node {
	return value.NodeOf(c.context.BuildExpr(c.written.Value(name)), name, c.form)
}

// service is nil where the catalog has none of that name.
func (c *catalog) service(name string) *Service {
	if s, ok := c.read[name]; ok {
		return s
	}
	if c.written.Value(name) == nil {
		return nil
	}
	r := newReader(c, &fault.Suggester{})
	s := r.service(c.node(name))
	for _, item := range r.parts[name] {
		s.Includes = append(s.Includes, item.Text)
		s.Matches = append(s.Matches, c.service(item.Text).Matches...)
	}
	s.Pos = rule.Pos{}
	for i := range s.Matches {
		s.Matches[i].Pos = rule.Pos{}
	}
	c.read[name] = &s
	return &s
}

// ofPort lists the services that open one port and no other, as a policy writes
// them, those of TCP first.
func (c *catalog) ofPort(port uint16) []string {
	var names, others []string
	for _, name := range slices.Sorted(slices.Values(c.names())) {
		only, tcp := true, false
		for _, m := range c.service(name).Matches {
			first, last, ok := m.Ports.Range()
			only = only && ok && first == port && last == port
			tcp = tcp || m.Protocol == rule.TCP
		}
		switch {
		case only && tcp:
			names = append(names, strconv.Quote(name))
		case only:
			others = append(others, strconv.Quote(name))
		}
	}
	return append(names, others...)
}

// About is what the catalog says of each of its services: what it is, and where the
// numbers are from.
func About() (map[string]string, error) {
	services, err := catalogSyntax(parser.ParseComments)
	if err != nil {
		return nil, err
	}
	about := map[string]string{}
	for field, name := range services.Fields {
		about[name] = beside(field)
	}
	return about, nil
}

// beside is the comment at the end of a field's line.
func beside(field *ast.Field) string {
	text := ""
	ast.Walk(field, func(n ast.Node) bool {
		for _, c := range ast.Comments(n) {
			if !c.Doc {
				text = strings.TrimSpace(c.Text())
			}
		}
		return true
	}, nil)
	return text
}

package schema

import (
	"cuelang.org/go/cue/ast"

	"sgc.dev/sgc/schema/written"
)

// noteReferences notes in a policy what its own expressions refer to.
func noteReferences(p *Policy, files []*ast.File) {
	if len(p.Addresses)+len(p.Services)+len(p.Groups)+len(p.AddressGroups) == 0 {
		return
	}
	refs := written.ReferencesIn(files)
	for i := range p.Addresses {
		p.Addresses[i].Referenced = refs.To("addresses", p.Addresses[i].Name)
	}
	for i := range p.Services {
		p.Services[i].Referenced = refs.To("services", p.Services[i].Name)
	}
	for i := range p.Groups {
		p.Groups[i].Referenced = refs.To("groups", p.Groups[i].Key)
	}
	for i := range p.AddressGroups {
		p.AddressGroups[i].Referenced = refs.To("addressGroups", p.AddressGroups[i].Key)
	}
}

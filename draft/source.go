package draft

import (
	"net/netip"
	"slices"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// Source is what an import starts from.
type Source struct {
	State   *rule.State
	Born    []rule.Rule // what the cloud gives a new group
	Default []rule.Rule // what it gives the project's default group, itself named as [plan.Itself]
	Ports   []rule.LivePort
	NoPorts bool                    // they are not known
	Servers map[string]string       // names of servers, by id
	Subnets map[string]netip.Prefix // by id: of networks in which no other project has a port
	Where   string                  // where the state was read, in words
	Catalog []schema.Service
	Beside  *Existing // the policy that the import adds to; nil for none
}

// Options are what a user may ask of an import.
type Options struct {
	Name    string     // of the policy
	Package string     // of the text
	Today   string     // what ends before has ended, "2027-01-31"
	Only    rule.Globs // groups with such a name, tag or id; none is all
	Except  rule.Globs // but these
	Among   []string   // ids: and of these alone; none is all
	Managed bool       // groups that a controller seems to have made become tiers too
	Owned   bool       // groups with another policy's mark become tiers too
	Sets    SetNames   // what imports of other projects call their networks, which this one adds to; nil for none

	Unfit map[string]string      // why groups, by id, or what is new of them, cannot stand beside an existing policy
	Given map[string][]rule.Rule // what the patterns of an existing policy give new tiers, by the id of their group

	imposed     map[imposed]bool
	unsaid      map[unsaid]string // why what is new of a tier that there is cannot stand there
	sayFamilies bool              // new rules say their families themselves

	makers map[string]string // controllers that seem to have made groups, by the ids of these
	named  map[string]string // what the policy that there is calls groups of others, by their ids
	known  map[string]string // tiers of the policy that there is already, by the id of their group
}

// selected says whether a group is asked for.
func (o Options) selected(g *rule.LiveGroup) bool {
	return (len(o.Among) == 0 || slices.Contains(o.Among, g.ID)) && (len(o.Only) == 0 || o.Only.Match(names(g)...)) && !o.Except.Match(names(g)...)
}

// Unmatched is the globs that are like no name, tag or id of any group.
func Unmatched(globs rule.Globs, s *rule.State) rule.Globs {
	return slices.DeleteFunc(slices.Clone(globs), func(glob string) bool {
		return slices.ContainsFunc(s.Groups, func(g rule.LiveGroup) bool { return rule.Globs{glob}.Match(names(&g)...) })
	})
}

// names is what a group may be asked for by.
func names(g *rule.LiveGroup) []string { return append([]string{g.Name, g.ID}, g.Tags...) }

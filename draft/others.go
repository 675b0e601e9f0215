package draft

import (
	"cmp"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// external is a group or an address group that the policy names and does not own.
type external struct {
	key, name, id string
	why           string
}

// nameOthers gives names to the groups and address groups that tiers name and that are
// none: by their own name where exactly one group of the project has it, else by id.
func (p *Policy) nameOthers(s *rule.State, sorted Sorting) {
	known := map[string]*rule.LiveGroup{}
	count := map[string]int{}
	for i := range s.Groups {
		known[s.Groups[i].ID] = &s.Groups[i]
		count[s.Groups[i].Name]++
	}
	why := map[string]string{}
	for _, o := range sorted.Others {
		why[o.ID] = o.Why
	}
	for _, out := range sorted.LeftOut {
		for _, g := range out.Groups {
			why[g.ID] = "left out below"
		}
	}
	var remotes []rule.Remote
	seen := map[rule.Remote]bool{}
	for _, t := range p.Tiers {
		for _, st := range t.statements {
			for _, r := range st.remotes {
				kind := r.Kind()
				if (kind == rule.RemoteGroup || kind == rule.RemoteAddressGroup) && !seen[r] && p.peers[r] == "" {
					seen[r] = true
					remotes = append(remotes, r)
				}
			}
		}
	}
	called := func(r rule.Remote) string {
		if g := known[r.Name()]; g != nil && r.Kind() == rule.RemoteGroup {
			return g.Name
		}
		return ""
	}
	slices.SortFunc(remotes, func(a, b rule.Remote) int {
		return cmp.Or(cmp.Compare(a.Kind(), b.Kind()), strings.Compare(called(a), called(b)), strings.Compare(a.Name(), b.Name()))
	})
	for _, r := range remotes {
		id := r.Name()
		if r.Kind() == rule.RemoteAddressGroup {
			e := external{id: id, key: p.names.unique(made("address-group-"+short(id), "address-group"))}
			p.addressGroups = append(p.addressGroups, e)
			p.peers[r] = e.key
			continue
		}
		e := external{id: id, key: made("group-"+short(id), "group"), why: "not among the groups that were read"}
		if g := known[id]; g != nil {
			e.why = why[id]
			if g == sorted.Untouched {
				e.why = "as the cloud gives it"
			}
			if g.Name != "" {
				e.key = made(g.Name, "group")
			}
			if count[g.Name] == 1 && unusable(g.Name) == "" {
				e.name, e.id = g.Name, ""
			}
		}
		e.key = p.names.unique(e.key)
		p.groups = append(p.groups, e)
		p.peers[r] = e.key
	}
}

// short is as much of an id as people read.
func short(id string) string { return id[:min(len(id), 8)] }

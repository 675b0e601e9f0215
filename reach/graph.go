package reach

import (
	"cmp"
	"net/netip"
	"reflect"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"sgc.dev/sgc/rule"
)

// Graph is who reaches whom under a whole policy, as data for whoever draws it
// or looks answers up in it.
type Graph struct {
	Policy   string
	Families []rule.Family  // the IP versions that the policy is about
	Services []rule.Service // those that the policy defines or its rules name
	Nodes    []Node         // the world, then address sets, address groups and groups of others, then servers and tiers
	Edges    []Edge         // by From, then To; only where something passes by rules
	Others   []Edge         // what others may open beyond Edges: Services alone, without Segments
	Names    []Name         // all that a question can name, sorted

	// Names of address sets mean servers, too, with those of their addresses that
	// are in the set. Where these are not all, the server's share is no node that
	// anyone draws, but stands here; its number goes on behind Nodes.
	Shares     []Node
	ShareEdges []Edge // from shares, to them, and between them

	members []*member // by number
	Rules   []Rule    // all of the policy, by tier and position
}

// Node is something that sends or receives: a server, a tier that no server
// carries, or an end without rules of this policy.
type Node struct {
	End       rule.End
	Guarded   bool          // a server: rules of this policy judge what it sends and receives
	Tiers     []string      // that a server carries
	Stateless bool          // replies need rules of their own there
	Families  []rule.Family // those in which it has addresses, or may have

	Addresses []netip.Prefix // that the policy gives it
}

// Name is a name of the policy, as [View.End] reads it.
type Name struct {
	Text  string
	Kind  rule.EndKind
	Nodes []int // what it stands for, in Nodes and Shares
}

// Rule is one peer of a rule as written.
type Rule struct {
	Tier      string
	Direction rule.Direction
	Origin    rule.Origin
	Matches   []rule.Match // what it is about, in both families
	Entries   []Entry      // the same as a group has it; of [View.Graph] alone
}

// Entry is packets that a rule lets pass, and the nodes at its other end.
type Entry struct {
	Match rule.Match
	Nodes []int // in Nodes and Shares; not to be changed
}

// Edge is what passes from one node to another.
type Edge struct {
	From, To int           // in Nodes and Shares
	Families []rule.Family // those that can be asked for: both nodes have addresses in them
	Services []Passing
	Segments []Segment // how much passes, place by place
}

// Passing is a service on an edge.
type Passing struct {
	Name     string        // the policy's word where all of the service passes, else as in "tcp/8080"
	Families []rule.Family // those in which it passes
	Partial  bool          // from or to some addresses alone, or depending on what the policy does not know
	World    bool          // from all of the world, in one family at least
	Perhaps  bool          // Partial, and depending on addresses that the policy does not know
}

// Drawing crosses everyone with everyone, for every service. It has no Names.
func (v *View) Drawing() Graph {
	g := Graph{Policy: v.set.Policy, Families: v.set.Families, Services: v.set.Services}
	g.members = slices.Clone(v.everyone)
	given := map[rule.End][]netip.Prefix{}
	for _, s := range v.set.Addresses {
		given[rule.End{Kind: rule.EndAddresses, Name: s.Name, Pos: s.Pos}] = s.Prefixes
	}
	for _, s := range v.set.Servers {
		given[rule.End{Kind: rule.EndServer, Name: s.Name, Pos: s.Pos}] = s.Addresses
	}
	for _, m := range g.members {
		n := m.node()
		n.Addresses = given[n.End]
		g.Nodes = append(g.Nodes, n)
	}
	g.Edges = v.edges(g.members, 0)
	if v.open != nil {
		g.Others = beyond(v.open.edges(v.open.everyone, 0), g.Edges)
	}
	for i := range v.set.Groups {
		g.Rules = append(g.Rules, rules(&v.set.Groups[i])...)
	}
	return g
}

// beyond is what passes on edges and not on others, which are fewer: services that
// these lack, or of which they let less pass.
func beyond(edges, others []Edge) []Edge {
	had := map[[2]int][]Passing{}
	for _, e := range others {
		had[[2]int{e.From, e.To}] = e.Services
	}
	var list []Edge
	for _, e := range edges {
		e.Segments = nil
		e.Services = slices.DeleteFunc(e.Services, func(p Passing) bool {
			return slices.ContainsFunc(had[[2]int{e.From, e.To}], func(h Passing) bool { return reflect.DeepEqual(h, p) })
		})
		if len(e.Services) > 0 {
			list = append(list, e)
		}
	}
	return list
}

// Graph is the drawing with all that a name can mean.
func (v *View) Graph() Graph {
	g := v.Drawing()
	index := map[rule.End]int{}
	for i, n := range g.Nodes {
		index[n.End] = i
	}
	for _, name := range v.Names() {
		end, _ := v.End(name) // the policy knows its own names
		members, _ := v.members(end)
		n := Name{Text: name, Kind: end.Kind}
		for _, m := range members {
			if m.whole == nil {
				n.Nodes = append(n.Nodes, index[m.end])
				continue
			}
			n.Nodes = append(n.Nodes, len(g.members))
			g.members = append(g.members, m)
			g.Shares = append(g.Shares, m.node())
		}
		g.Names = append(g.Names, n)
	}
	g.ShareEdges = v.edges(g.members, len(g.Nodes))
	g.addEntries(v.set)
	return g
}

// addEntries says of each rule's entries who is at their other end.
func (g *Graph) addEntries(set *rule.Set) {
	index := map[rule.Origin]int{}
	for i, r := range g.Rules {
		index[r.Origin] = i
	}
	type end struct {
		family rule.Family
		remote rule.Remote
	}
	known := map[end][]int{}
	for _, group := range set.Groups {
		for _, e := range group.Written {
			key := end{e.Family, e.Remote}
			nodes, ok := known[key]
			if !ok {
				for i, m := range g.members {
					if _, about := m.under(e); about {
						nodes = append(nodes, i)
					}
				}
				known[key] = nodes
			}
			r := &g.Rules[index[e.Origins[0]]]
			r.Entries = append(r.Entries, Entry{rule.Match{Family: e.Family, Protocol: e.Protocol, Ports: e.Ports}, nodes})
		}
	}
}

// rules puts together the entries of a group that come from one peer of one rule.
func rules(g *rule.Group) []Rule {
	var list []Rule
	index := map[rule.Origin]int{}
	for _, e := range g.Written {
		n, ok := index[e.Origins[0]]
		if !ok {
			n = len(list)
			index[e.Origins[0]] = n
			list = append(list, Rule{Tier: g.Tier, Direction: e.Direction, Origin: e.Origins[0]})
		}
		list[n].Matches = append(list[n].Matches, e.Match())
	}
	for i := range list {
		slices.SortFunc(list[i].Matches, rule.CompareMatch)
		list[i].Matches = slices.Compact(list[i].Matches)
	}
	slices.SortStableFunc(list, func(a, b Rule) int {
		return cmp.Or(rule.ComparePos(a.Origin.Pos, b.Origin.Pos), rule.ComparePos(a.Origin.PeerPos, b.Origin.PeerPos))
	})
	return list
}

func (m *member) node() Node {
	n := Node{End: m.end, Guarded: m.guarded, Tiers: m.tiers, Stateless: m.guarded && !m.stateful}
	for _, f := range families {
		if !isEmpty(m.addresses[f]) {
			n.Families = append(n.Families, f)
		}
	}
	return n
}

// edges crosses all members but the first ones with each other; those who send do so
// at the same time.
func (v *View) edges(members []*member, first int) []Edge {
	names := newNames(v.set.Services)
	rows := make([][]Edge, len(members))
	var workers errgroup.Group
	workers.SetLimit(runtime.GOMAXPROCS(0))
	for i, from := range members {
		workers.Go(func() error {
			for j, to := range members {
				if max(i, j) < first {
					continue
				}
				if e, ok := v.edge(from, to, names); ok {
					e.From, e.To = i, j
					rows[i] = append(rows[i], e)
				}
			}
			return nil
		})
	}
	_ = workers.Wait() // none of them fails
	return slices.Concat(rows...)
}

// Passes is what passes by rules on an edge of the View's graph, whatever the
// service: parts with one match each, as each pair of rules lets it through.
func (v *View) Passes(g *Graph, e *Edge) []Part {
	crossings, _ := v.crossAll(g.members[e.From:e.From+1], g.members[e.To:e.To+1], rule.AnyService())
	var list []Part
	for i := range crossings {
		list = append(list, crossings[i].parts()...)
	}
	return list
}

// edge is what passes between two members; ok is false where nothing does.
func (v *View) edge(from, to *member, names names) (e Edge, ok bool) {
	crossings, _ := v.crossAll([]*member{from}, []*member{to}, rule.AnyService())
	if !slices.ContainsFunc(crossings, func(c crossing) bool { return len(c.passes) > 0 }) {
		return e, false
	}
	var segments []Segment
	for i := range crossings {
		c := &crossings[i]
		e.Families = append(e.Families, c.asked.Family)
		segments = append(segments, c.segments()...)
	}
	e.Segments, e.Services = joined(segments), names.of(segments, crossings)
	return e, true
}

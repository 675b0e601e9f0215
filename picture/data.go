package picture

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"

	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/rule"
)

// data is what the page looks answers up in. Places are those of [rule.Span];
// families are 4 and 6; rules, nodes, protocols and addresses are indices.
type data struct {
	Families  []int                  `json:"families"`
	Nodes     []dataNode             `json:"nodes"`
	Names     map[string][]int       `json:"names"`
	Services  map[string][][3]uint32 `json:"services"`  // family, first and last place
	Protocols map[string]int         `json:"protocols"` // in Line, by their names
	Line      []dataProtocol         `json:"line"`
	Itself    []dataItself           `json:"itself"`
	Addresses []string               `json:"addresses"` // in the order in which they are shown
	Entries   [][][4]uint32          `json:"entries"`   // of each rule in the list of the page: family, first and last place, who is at the other end
	Ends      [][]int                `json:"ends"`      // nodes
	Shapes    []dataCell             `json:"shapes"`
	Cells     map[int]map[int][]int  `json:"cells"` // who receives, by who sends and by the shape
}

type dataProtocol struct {
	Word     string `json:"word"`
	First    uint32 `json:"first"`
	Last     uint32 `json:"last"`
	Ports    bool   `json:"ports,omitempty"`
	ICMP     bool   `json:"icmp,omitempty"`
	Families []int  `json:"families"` // those in which it exists
}

// dataItself is places of IPv6 that pass by themselves, between ends that are servers or not.
type dataItself struct {
	First uint32 `json:"first"`
	Last  uint32 `json:"last"`
	From  bool   `json:"from"`
	To    bool   `json:"to"`
}

type dataNode struct {
	Name      string   `json:"name"`
	Guarded   bool     `json:"guarded,omitempty"`
	Stateless bool     `json:"stateless,omitempty"`
	Outside   bool     `json:"outside,omitempty"` // neither a server nor a tier
	Tiers     []string `json:"tiers,omitempty"`   // that it carries
	Share     bool     `json:"share,omitempty"`   // a server at some of its addresses, which names of address sets mean and nobody draws
	Families  []int    `json:"families"`
	Rules     []int    `json:"rules,omitempty"` // in the list of the page
}

// dataCell is what passes from one node to another. Cells of one shape are the same but
// for whose rules they name.
type dataCell struct {
	Segments [][4]uint32 `json:"segments"` // family, first and last place, 1 where all passes
	Pieces   []piece     `json:"pieces"`
}

// piece is what passes by the same two rules between the same addresses.
type piece struct {
	Family  int      `json:"family"`
	Egress  int      `json:"egress"`  // in the rules of who sends; -1 where there are none
	Ingress int      `json:"ingress"` // likewise of who receives
	From    sideData `json:"from"`
	To      sideData `json:"to"`
	Spans   []uint32 `json:"spans"` // first and last place, and so on
}

type sideData struct {
	Addresses    []int  `json:"addresses,omitempty"`
	Unknown      bool   `json:"unknown,omitempty"`
	AddressGroup string `json:"addressGroup,omitempty"`
}

func newData(v *reach.View, g *reach.Graph, services []rule.Service) data {
	d := data{
		Families: familyNumbers(g.Families), Nodes: []dataNode{}, Names: map[string][]int{}, Services: map[string][][3]uint32{},
		Protocols: map[string]int{}, Itself: byItself(),
		Addresses: []string{}, Shapes: []dataCell{}, Cells: map[int]map[int][]int{},
	}
	names := titles(g)
	for i, n := range slices.Concat(g.Nodes, g.Shares) {
		name := n.End.Name
		if i < len(names) {
			name = names[i]
		}
		d.Nodes = append(d.Nodes, dataNode{
			Name: name, Tiers: n.Tiers, Rules: rulesOf(n, g), Guarded: n.Guarded, Stateless: n.Stateless,
			Outside: n.End.Kind != rule.EndServer && n.End.Kind != rule.EndTier, Share: i >= len(g.Nodes), Families: familyNumbers(n.Families),
		})
	}
	for i, title := range names { // also of whom a name does not mean, since another has it
		d.Names[title] = []int{i}
	}
	for _, n := range g.Names {
		d.Names[n.Text] = n.Nodes
	}
	for _, s := range slices.Concat(services, []rule.Service{rule.AnyService()}, g.Services) { // the policy's own are the last word
		spans := [][3]uint32{}
		for _, m := range s.Matches {
			s := m.Span()
			spans = append(spans, [3]uint32{uint32(number(m.Family)), s.First, s.Last})
		}
		d.Services[s.Name] = spans
	}
	for p := rule.Protocol(1); p < rule.AnyProtocol; p++ {
		d.Protocols[p.String()], d.Protocols[strconv.Itoa(int(p))] = len(d.Line), len(d.Line)
		families := slices.DeleteFunc([]rule.Family{rule.IPv4, rule.IPv6}, func(f rule.Family) bool { return !p.In(f) })
		s := rule.Match{Protocol: p, Ports: p.WholeProtocol()}.Span()
		d.Line = append(d.Line, dataProtocol{p.String(), s.First, s.Last, p.HasPorts(), p.IsICMP(), familyNumbers(families)})
	}
	d.Protocols["icmp4"] = d.Protocols[rule.ICMP.String()]
	for _, name := range []string{"icmp6", "icmpv6"} {
		d.Protocols[name] = d.Protocols[rule.ICMPv6.String()]
	}
	edges := slices.Concat(g.Edges, g.ShareEdges)
	passes := make([][]reach.Part, len(edges))
	for i := range edges {
		passes[i] = v.Passes(g, &edges[i])
	}
	index := newIndex(g, passes)
	for _, p := range index.prefixes {
		d.Addresses = append(d.Addresses, p.String())
	}
	ends := map[string]int{}
	for _, r := range g.Rules {
		entries := [][4]uint32{}
		for _, e := range r.Entries {
			key := fmt.Sprint(e.Nodes)
			end, ok := ends[key]
			if !ok {
				end = len(d.Ends)
				ends[key] = end
				d.Ends = append(d.Ends, append([]int{}, e.Nodes...))
			}
			s := e.Match.Span()
			entries = append(entries, [4]uint32{uint32(number(e.Match.Family)), s.First, s.Last, uint32(end)})
		}
		d.Entries = append(d.Entries, entries)
	}
	shapes := map[string]int{}
	for i := range edges {
		e := &edges[i]
		cell := index.cell(e, passes[i], d.Nodes[e.From].Rules, d.Nodes[e.To].Rules)
		key := fmt.Sprint(cell)
		shape, ok := shapes[key]
		if !ok {
			shape = len(d.Shapes)
			shapes[key] = shape
			d.Shapes = append(d.Shapes, cell)
		}
		if d.Cells[e.From] == nil {
			d.Cells[e.From] = map[int][]int{}
		}
		d.Cells[e.From][shape] = append(d.Cells[e.From][shape], e.To)
	}
	return d
}

// rulesOf are the numbers of the rules of a node's tiers, in the order of their lines.
func rulesOf(n reach.Node, g *reach.Graph) []int {
	var list []int
	for i, r := range g.Rules {
		if slices.Contains(n.Tiers, r.Tier) {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(i, j int) int {
		a, b := g.Rules[i].Origin, g.Rules[j].Origin
		return cmp.Or(rule.ComparePos(a.Pos, b.Pos), rule.ComparePos(a.PeerPos, b.PeerPos))
	})
	return list
}

func byItself() []dataItself {
	var itself []dataItself
	for t := range 256 {
		for _, from := range []bool{false, true} {
			for _, to := range []bool{false, true} {
				if m := (rule.Match{Family: rule.IPv6, Protocol: rule.ICMPv6, Ports: rule.ICMPType(uint8(t))}); reach.ByItself(m, from, to) {
					itself = append(itself, dataItself{m.Span().First, m.Span().Last, from, to})
				}
			}
		}
	}
	return itself
}

func number(f rule.Family) int {
	if f == rule.IPv4 {
		return 4
	}
	return 6
}

func familyNumbers(families []rule.Family) []int {
	list := []int{}
	for _, f := range families {
		list = append(list, number(f))
	}
	return list
}

// index finds the numbers of rules and addresses.
type index struct {
	rules    map[rule.Origin]int
	prefixes []netip.Prefix // sorted as reach sorts them
}

func newIndex(g *reach.Graph, passes [][]reach.Part) index {
	x := index{rules: map[rule.Origin]int{}}
	for i, r := range g.Rules {
		x.rules[r.Origin] = i
	}
	for _, parts := range passes {
		for _, p := range parts {
			x.prefixes = append(append(x.prefixes, p.From.Addresses...), p.To.Addresses...)
		}
	}
	slices.SortFunc(x.prefixes, netip.Prefix.Compare)
	x.prefixes = slices.Compact(x.prefixes)
	return x
}

func (x index) cell(e *reach.Edge, passes []reach.Part, egress, ingress []int) dataCell {
	var c dataCell
	for _, s := range e.Segments {
		whole := uint32(0)
		if s.Whole {
			whole = 1
		}
		c.Segments = append(c.Segments, [4]uint32{uint32(number(s.Family)), s.First, s.Last, whole})
	}
	same := func(a, b piece) bool {
		return a.Family == b.Family && a.Egress == b.Egress && a.Ingress == b.Ingress && a.From.equal(b.From) && a.To.equal(b.To)
	}
	for _, pass := range passes {
		p := piece{Family: number(pass.Family), Egress: x.rule(pass.Egress, egress), Ingress: x.rule(pass.Ingress, ingress), From: x.side(pass.From), To: x.side(pass.To)}
		n := slices.IndexFunc(c.Pieces, func(have piece) bool { return same(have, p) })
		if n < 0 {
			n = len(c.Pieces)
			c.Pieces = append(c.Pieces, p)
		}
		for _, m := range pass.Matches {
			s := m.Span()
			c.Pieces[n].Spans = append(c.Pieces[n].Spans, s.First, s.Last)
		}
	}
	return c
}

// rule is where a rule stands among those of a node.
func (x index) rule(o *rule.Origin, rules []int) int {
	if o == nil {
		return -1
	}
	return slices.Index(rules, x.rules[*o])
}

func (x index) side(s reach.Side) sideData {
	out := sideData{Unknown: s.Unknown, AddressGroup: s.AddressGroup}
	for _, p := range s.Addresses {
		n, _ := slices.BinarySearchFunc(x.prefixes, p, netip.Prefix.Compare)
		out.Addresses = append(out.Addresses, n)
	}
	return out
}

func (s sideData) equal(t sideData) bool {
	return s.Unknown == t.Unknown && s.AddressGroup == t.AddressGroup && slices.Equal(s.Addresses, t.Addresses)
}

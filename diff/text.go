package diff

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// Text writes the differences for people: a paragraph a group, the policy lines
// behind each change below it. Of a long list it shows the widest and counts the
// rest. Without differences it writes nothing.
func Text(w io.Writer, p Policy) error { return p.text(w, widest) }

// WholeText is [Text] with all of each list.
func WholeText(w io.Writer, p Policy) error { return p.text(w, all) }

func (p Policy) text(w io.Writer, shown folding) error {
	var b strings.Builder
	if len(p.Fields) > 0 {
		b.WriteString("policy\n")
		writeFields(&b, p.Fields)
	}
	for i, g := range p.Groups {
		if i > 0 || len(p.Fields) > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(rule.Printable(g.Tier))
		if g.Status != Changed {
			fmt.Fprintf(&b, " (%s)", g.Status)
		}
		b.WriteByte('\n')
		writeFields(&b, g.Fields)
		shown.list(&b, "opens", g.Tier, g.Opens)
		shown.list(&b, "closes", g.Tier, g.Closes)
		if g.Grants != nil {
			shown.list(&b, "others may open", g.Tier, g.Grants)
		}
		if g.Revokes != nil {
			shown.list(&b, "others may no longer open", g.Tier, g.Revokes)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeFields(b *strings.Builder, fields []Field) {
	for _, f := range fields {
		fmt.Fprintf(b, "  %s\n", f)
	}
}

func (shown folding) list(b *strings.Builder, verb, tier string, changes []Change) {
	if len(changes) == 0 {
		fmt.Fprintf(b, "  %s: nothing\n", verb)
		return
	}
	flows, more := shown(FlowsOf(tier, changes))
	for _, f := range flows {
		fmt.Fprintf(b, "  %s: %s\n", verb, rule.Printable(f.String()))
		for _, o := range f.Origins {
			fmt.Fprintf(b, "      %s\n", rule.Printable(o.Pos.String()+": "+o.Path))
		}
	}
	if more > 0 {
		fmt.Fprintf(b, "  %s: %s\n", verb, besides(more))
	}
}

// Flow is access as people read it, one for what changes alike in both families.
type Flow struct {
	From, To string    // one is the group's tier, the other the remote in words
	Rule     rule.Rule // what changes, of the first family
	Service  string    // with what is left out: "any, except tcp/22 from 10.0.0.0/8"
	Families []string
	Origins  []rule.Origin // the lines behind it
}

func (f Flow) String() string {
	return fmt.Sprintf("%s → %s %s (%s)", f.From, f.To, f.Service, strings.Join(f.Families, ", "))
}

// FlowsOf is the changes of a tier's group, those alike in both families as one.
func FlowsOf(tier string, changes []Change) []Flow {
	type words struct {
		direction rule.Direction
		remote    rule.Remote
		service   string
	}
	var flows []Flow
	alike := map[words][]int{} // flows of the same words, by other lines each
	for _, c := range changes {
		f := flow(tier, c)
		key := words{c.Direction, c.Remote, f.Service}
		same := func(i int) bool { return slices.Equal(flows[i].Origins, f.Origins) }
		at := slices.IndexFunc(alike[key], same)
		if at < 0 {
			at = len(alike[key])
			alike[key] = append(alike[key], len(flows))
			flows = append(flows, f)
		}
		i := alike[key][at]
		flows[i].Families = append(flows[i].Families, c.Family.String())
	}
	return flows
}

// Flows is changes as sentences, one for what changes alike in both families:
// "anyone → app tcp/443 (IPv4, IPv6)".
func Flows(tier string, changes []Change) []string { return all.flows(tier, changes) }

// FewFlows is [Flows] where they are few. Of many it is those about the widest networks, and
// how many more there are.
func FewFlows(tier string, changes []Change) []string { return widest.flows(tier, changes) }

func (shown folding) flows(tier string, changes []Change) []string {
	var bare []Change
	for _, c := range changes {
		bare = append(bare, Change{Opening: c.Opening})
	}
	var flows []string
	list, more := shown(FlowsOf(tier, bare))
	for _, f := range list {
		flows = append(flows, f.String())
	}
	if more > 0 {
		flows = append(flows, besides(more))
	}
	return flows
}

// flow is a change without its family, and with what is left out:
// "…, except from 10.0.0.0/8".
func flow(tier string, c Change) Flow {
	f := Flow{From: c.Remote.String(), To: tier, Rule: c.Rule, Service: c.Service(), Origins: c.Origins}
	preposition := "from"
	if c.Direction == rule.Egress {
		f.From, f.To, preposition = tier, c.Remote.String(), "to"
	}
	for i, except := range c.Except {
		joint := ", except"
		if i > 0 {
			joint = " and"
		}
		f.Service += joint
		if except.Service() != c.Service() {
			f.Service += " " + except.Service()
		}
		if except.Remote != c.Remote {
			f.Service += " " + preposition + " " + except.Remote.String()
		}
	}
	return f
}

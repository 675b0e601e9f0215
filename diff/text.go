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
		name := rule.Printable(f.Name)
		switch f.Status {
		case Created:
			fmt.Fprintf(b, "  %s (created): %q\n", name, f.New)
		case Removed:
			fmt.Fprintf(b, "  %s (removed): %q\n", name, f.Old)
		default:
			fmt.Fprintf(b, "  %s: %q → %q\n", name, f.Old, f.New)
		}
	}
}

func (shown folding) list(b *strings.Builder, verb, tier string, changes []Change) {
	if len(changes) == 0 {
		fmt.Fprintf(b, "  %s: nothing\n", verb)
		return
	}
	for _, line := range shown(joinFamilies(tier, changes)) {
		fmt.Fprintf(b, "  %s: %s\n", verb, rule.Printable(line.text))
		for _, o := range line.origins {
			fmt.Fprintf(b, "      %s\n", rule.Printable(o.Pos.String()+": "+o.Path))
		}
	}
}

type line struct {
	flow     string
	families []string
	text     string
	origins  []rule.Origin
	size     int // of the remote; see [size]
}

// joinFamilies writes what opens or closes alike in both families as one line.
func joinFamilies(tier string, changes []Change) []line {
	var lines []line
	for _, c := range changes {
		words := flow(tier, c)
		same := func(l line) bool { return l.flow == words && slices.Equal(l.origins, c.Origins) }
		i := slices.IndexFunc(lines, same)
		if i < 0 {
			lines = append(lines, line{flow: words, origins: c.Origins, size: size(c.Remote)})
			i = len(lines) - 1
		}
		lines[i].families = append(lines[i].families, c.Family.String())
	}
	for i, l := range lines {
		lines[i].text = fmt.Sprintf("%s (%s)", l.flow, strings.Join(l.families, ", "))
	}
	return lines
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
	for _, l := range shown(joinFamilies(tier, bare)) {
		flows = append(flows, l.text)
	}
	return flows
}

// flow is a change as a sentence without its family: "anyone → app tcp/443",
// "app → tier db tcp/5432", with what is left out: "…, except from 10.0.0.0/8".
func flow(tier string, c Change) string {
	from, to, preposition := c.Remote.String(), tier, "from"
	if c.Direction == rule.Egress {
		from, to, preposition = tier, c.Remote.String(), "to"
	}
	words := fmt.Sprintf("%s → %s %s", from, to, c.Service())
	for i, except := range c.Except {
		joint := ", except"
		if i > 0 {
			joint = " and"
		}
		words += joint
		if except.Service() != c.Service() {
			words += " " + except.Service()
		}
		if except.Remote != c.Remote {
			words += " " + preposition + " " + except.Remote.String()
		}
	}
	return words
}

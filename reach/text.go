package reach

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// Text writes an answer for people.
func Text(w io.Writer, a Answer) error {
	var b strings.Builder
	from, to, service := rule.Printable(a.From.Name), rule.Printable(a.To.Name), words(a.Service)
	switch a.Verdict {
	case Yes:
		fmt.Fprintf(&b, "yes: %s reaches %s with %s\n", from, to, service)
	case InPart:
		fmt.Fprintf(&b, "in part: %s reaches %s with %s", from, to, service)
		if a.Perhaps {
			b.WriteString(", " + Depending)
		}
		b.WriteByte('\n')
	case No:
		if service == "any" {
			service = "any service"
		}
		fmt.Fprintf(&b, "no: %s does not reach %s with %s\n", from, to, service)
	}
	writeParts(&b, a)
	if a.Verdict == InPart {
		writeLacks(&b, a.Lacks)
	}
	for _, block := range a.Blocks {
		writeBlock(&b, block, a)
	}
	writeReplies(&b, a.Replies)
	for _, note := range a.Notes {
		fmt.Fprintf(&b, "  %s\n", rule.Printable(note))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Depending is how messages speak of what passes perhaps.
const Depending = "depending on addresses that the policy does not know"

// Listing writes answers as a list, one below the other; what passes perhaps is one
// line of names at its end.
func Listing(w io.Writer, answers []Answer) error {
	var b strings.Builder
	var perhaps []string
	for _, a := range answers {
		pair := rule.Printable(a.From.Name + " → " + a.To.Name)
		if a.Perhaps {
			perhaps = append(perhaps, pair)
			continue
		}
		b.WriteString(pair + "\n")
		writeParts(&b, a)
		for _, note := range a.Notes {
			fmt.Fprintf(&b, "  %s\n", rule.Printable(note))
		}
	}
	if perhaps != nil {
		fmt.Fprintf(&b, "%s: %s\n", Depending, Few(perhaps))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// words is a service with what it is: "postgresql (tcp/5432, udp/5432)", "tcp/22".
func words(s rule.Service) string {
	list := services(s.Matches)
	if list == s.Name || s.Name == "any" {
		return rule.Printable(s.Name)
	}
	return fmt.Sprintf("%s (%s)", rule.Printable(s.Name), list)
}

// writeLacks writes examples of what does not pass, the same in both families as one.
func writeLacks(b *strings.Builder, lacks []Packet) {
	type line struct {
		flow     string
		families []string
	}
	var lines []line
	for _, p := range lacks {
		i := slices.IndexFunc(lines, func(l line) bool { return l.flow == p.flow() })
		if i < 0 {
			i = len(lines)
			lines = append(lines, line{flow: p.flow()})
		}
		lines[i].families = append(lines[i].families, p.Match.Family.String())
	}
	for _, l := range lines {
		fmt.Fprintf(b, "  does not pass, for example: %s (%s)\n", rule.Printable(l.flow), strings.Join(l.families, ", "))
	}
}

// services lists matches, each service once.
func services(matches []rule.Match) string {
	var list []string
	for _, m := range matches {
		list = append(list, m.String())
	}
	return strings.Join(unique(list), ", ")
}

// writeParts writes what passes, alike in both families as one.
func writeParts(b *strings.Builder, a Answer) {
	type line struct {
		Part
		services string
		families []string
	}
	var lines []line
	for _, p := range a.Parts {
		l := line{Part: p, services: services(p.Matches), families: []string{p.Family.String()}}
		i := slices.IndexFunc(lines, func(have line) bool {
			return have.services == l.services && slices.Equal(have.rules(), l.rules()) && have.From.alike(l.From) && have.To.alike(l.To)
		})
		if i < 0 {
			lines = append(lines, l)
			continue
		}
		lines[i].families = append(lines[i].families, l.families...)
		lines[i].From.Addresses = slices.Concat(lines[i].From.Addresses, l.From.Addresses)
		lines[i].To.Addresses = slices.Concat(lines[i].To.Addresses, l.To.Addresses)
	}
	for _, l := range lines {
		flow := l.services + l.From.words("from", a.From) + l.To.words("to", a.To)
		fmt.Fprintf(b, "  %s (%s)\n", rule.Printable(flow), strings.Join(l.families, ", "))
		for _, r := range l.rules() {
			fmt.Fprintf(b, "      %s\n", rule.Printable(r))
		}
	}
}

// alike says whether two sides differ in addresses alone.
func (s Side) alike(t Side) bool {
	return s.End == t.End && s.Unknown == t.Unknown && s.AddressGroup == t.AddressGroup && (s.Addresses == nil) == (t.Addresses == nil)
}

// words is the side where it is not just what was asked about.
func (s Side) words(preposition string, asked rule.End) string {
	name := s.End.Name
	switch {
	case s.AddressGroup != "":
		return fmt.Sprintf(" %s %s if its address is in the address group %s", preposition, name, s.AddressGroup)
	case s.Unknown:
		return fmt.Sprintf(" %s %s if its address is in %s", preposition, name, some(s.Addresses))
	case s.Addresses != nil && s.End.Kind != rule.EndServer:
		return fmt.Sprintf(" %s %s", preposition, some(s.Addresses))
	case s.Addresses != nil:
		return fmt.Sprintf(" %s %s at %s", preposition, name, some(s.Addresses))
	case name != asked.Name:
		return fmt.Sprintf(" %s %s", preposition, name)
	}
	return ""
}

// some is at most four prefixes, and how many more there are.
func some(prefixes []netip.Prefix) string {
	list := make([]string, len(prefixes))
	for i, p := range prefixes {
		list[i] = p.String()
	}
	return Few(list)
}

// Few is at most four words of a list, and how many more there are.
func Few(list []string) string {
	const most = 4
	if more := len(list) - most; more > 0 {
		list = append(list[:most:most], fmt.Sprintf("%d more", more))
	}
	return strings.Join(list, ", ")
}

// rules is the lines of the policy that let the part through.
func (p Part) rules() []string {
	var list []string
	if p.Egress != nil {
		list = append(list, ruleLine(*p.Egress)+fmt.Sprintf(" to %q", p.Egress.Peer))
	}
	if p.Ingress != nil {
		list = append(list, ruleLine(*p.Ingress)+fmt.Sprintf(" from %q", p.Ingress.Peer))
	}
	return list
}

func ruleLine(o rule.Origin) string { return o.Pos.String() + ": " + o.Path }

func writeBlock(b *strings.Builder, block Block, a Answer) {
	server := rule.Printable(block.Server.Name)
	if block.Rules == 0 {
		fmt.Fprintf(b, "  %s of %s blocks: it has no rules\n", block.Direction, server)
		return
	}
	fmt.Fprintf(b, "  %s of %s blocks", block.Direction, server)
	if len(block.Nearest) == 0 {
		fmt.Fprintf(b, ": of its %s none is about %s or about the other end\n", rule.Counted(block.Rules, "rule"), rule.Printable(a.Service.Name))
		return
	}
	b.WriteString("; nearest:\n")
	for _, near := range block.Nearest {
		preposition := "from"
		if block.Direction == rule.Egress {
			preposition = "to"
		}
		fmt.Fprintf(b, "      %s\n", rule.Printable(fmt.Sprintf("%s: %s %s %q", ruleLine(near.Origin), near.Match, preposition, near.Origin.Peer)))
	}
}

func writeReplies(b *strings.Builder, r Replies) {
	var names []string
	for _, e := range r.Stateless {
		names = append(names, e.Name)
	}
	stateless := rule.Printable(strings.Join(names, ", "))
	switch {
	case r.Verdict == 0:
	case r.Verdict == Yes && names == nil:
		b.WriteString("  replies pass: every group is stateful\n")
	case r.Verdict == Yes:
		fmt.Fprintf(b, "  replies pass: the rules of %s, which is stateless, let them through\n", stateless)
	case r.Verdict == InPart:
		fmt.Fprintf(b, "  replies pass in part: %s is stateless, and its rules are not for all of them\n", stateless)
	case r.Verdict == No:
		fmt.Fprintf(b, "  replies do not pass: %s is stateless, and has no rule for them\n", stateless)
	}
}

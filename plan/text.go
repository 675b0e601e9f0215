package plan

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sgc.dev/sgc/diff"
	"sgc.dev/sgc/rule"
)

// Text writes a plan for people: a paragraph for each group that changes, with all rules that
// are created (+) and that go (-), each with its policy line or its id, and then the access
// that opens and closes, of which long lists are folded; at the end the counts. What does not
// change is counted.
func Text(w io.Writer, p *Plan) error { return p.text(w, false) }

// WholeText is [Text] with the groups and rules that do not change (=), and nothing folded.
func WholeText(w io.Writer, p *Plan) error { return p.text(w, true) }

func (p *Plan) text(w io.Writer, whole bool) error {
	var b strings.Builder
	for _, g := range p.Groups {
		if whole || !g.Empty() || len(g.Drift) > 0 {
			g.text(&b, whole)
		}
	}
	if whole || !p.Empty() {
		p.Externals.text(&b)
	}
	b.WriteString(p.laterText() + p.Summary() + "\n" + p.unchanged(whole))
	_, err := io.WriteString(w, b.String())
	return err
}

// Sessions is what becomes of open connections where access closes. Package conformance shows
// it on OVN; with iptables, Neutron's agent deletes the conntrack entries of each rule that goes.
const Sessions = "Where access closes, connections that are open now are cut too: on OVN at the next packet from the side that opened them, with the iptables firewall as soon as the rule is gone."

// Closes says whether the plan closes any access.
func (p *Plan) Closes() bool {
	return slices.ContainsFunc(p.Groups, func(g Group) bool {
		_, closes := g.Flows()
		return closes != nil
	})
}

// Summary is the counts of a plan in one line.
func (p *Plan) Summary() string {
	if p.Empty() {
		return fmt.Sprintf("policy %s: nothing to do", rule.Printable(p.Policy))
	}
	counts := map[Action]int{}
	created, born, removed := p.counts()
	for _, g := range p.Groups {
		counts[g.Action]++
	}
	var parts []string
	for _, a := range []Action{Create, Adopt, Change, Release, Delete} {
		if counts[a] > 0 {
			parts = append(parts, fmt.Sprintf("%d to %s", counts[a], a))
		}
	}
	groups := "no group changes"
	if parts != nil {
		groups = "groups: " + strings.Join(parts, ", ")
	}
	given := ""
	if born > 0 {
		given = fmt.Sprintf("%d given by the cloud, ", born)
	}
	summary := fmt.Sprintf("policy %s: %s; rules: %d to create, %s%d to remove", rule.Printable(p.Policy), groups, created, given, removed)
	goes := func(g Group) bool { return len(g.Remove) > 0 }
	if p.DeletesFirst && created > 0 && slices.ContainsFunc(p.Groups, goes) {
		summary += "; removes before it creates, which interrupts traffic"
	}
	return summary
}

// unchanged counts the groups and rules that stay as they are, in a line of their own.
func (p *Plan) unchanged(whole bool) string {
	groups, rules, left := 0, 0, 0
	for _, g := range p.Groups {
		if g.Empty() {
			groups++
		}
		rules, left = rules+len(g.Stay), left+len(g.Left)
	}
	if groups+rules+left == 0 {
		return ""
	}
	text := "unchanged: " + rule.Counted(groups, "group") + ", " + rule.Counted(rules, "rule")
	if left > 0 {
		text += "; left to others: " + rule.Counted(left, "rule")
	}
	if !whole {
		text += "; --all lists them"
	}
	return text + "\n"
}

var headings = map[Action]string{
	Create:  "+ %s: new group\n",
	Change:  "~ %s\n",
	Adopt:   "~ %s: taken over\n",
	Keep:    "= %s: no change\n",
	Delete:  "- %s: deleted\n",
	Release: "~ %s: not the policy's any more; its rules stay\n",
}

func (g Group) text(b *strings.Builder, whole bool) {
	name := rule.Printable(g.Name)
	if g.Tier != g.Name {
		name += " (tier " + rule.Printable(g.Tier) + ")"
	}
	if g.ID != "" {
		name += " " + rule.Printable(g.ID)
	}
	fmt.Fprintf(b, headings[g.Action], name)
	if g.Why != "" {
		fmt.Fprintf(b, "  %s\n", rule.Printable(g.Why))
	}
	for _, f := range g.Fields {
		fmt.Fprintf(b, "  %s: %q → %q\n", rule.Printable(f.Name), f.Old, f.New)
	}
	for _, t := range []struct {
		what string
		tags []string
	}{{"tags", g.Tag}, {"tags that go", g.Untag}} {
		if t.tags != nil {
			fmt.Fprintf(b, "  %s: %s\n", t.what, rule.Printable(strings.Join(t.tags, ", ")))
		}
	}
	g.rules(b, whole)
	if g.Unmark != (Field{}) {
		fmt.Fprintf(b, "  finally, description: %q → %q\n", g.Unmark.Old, g.Unmark.New)
	}
	if g.Action == Create {
		usually := "none"
		if _, gone := g.BornWith(); gone != nil {
			usually = strconv.Itoa(len(gone))
		}
		fmt.Fprintf(b, "  - other rules that the cloud gives a new group: usually %s\n", usually)
	}
	if g.Action != Keep {
		words := diff.FewFlows
		if whole {
			words = diff.Flows
		}
		if opens, closes := g.flows(words); opens != nil || closes != nil {
			flows(b, "opens", opens)
			flows(b, "closes", closes)
		}
	}
	for _, d := range g.Drift {
		fmt.Fprintf(b, "  description of %s: %q, the policy says %q; --descriptions rewrites it\n", rule.Printable(d.Rule.String()), d.Rule.Description, d.Want)
	}
	b.WriteByte('\n')
}

// text says which ids the names of others' groups stand for: rules open for those.
func (x Externals) text(b *strings.Builder) {
	lines := 0
	for _, kind := range []struct {
		name string
		ids  map[string]string
	}{{"group", x.Groups}, {"address group", x.AddressGroups}} {
		for _, key := range slices.Sorted(maps.Keys(kind.ids)) {
			id := kind.ids[key]
			if _, _, awaited := Maker(id); id != key && !awaited {
				fmt.Fprintf(b, "%s %s is %s\n", kind.name, rule.Printable(key), rule.Printable(id))
				lines++
			}
		}
	}
	if lines > 0 {
		b.WriteByte('\n')
	}
}

// rules writes the rules in two columns: what becomes of which, and where it
// comes from. Those that stay are counted alone, but for the whole.
func (g Group) rules(b *strings.Builder, whole bool) {
	type row struct{ rule, source string }
	var rows []row
	born, _ := g.BornWith()
	for _, e := range g.Create {
		source := lines(e.Origins)
		if slices.Contains(born, e.Rule) { // nobody creates it, and the counts are without
			source += ", given by the cloud"
		}
		if day := e.LastDay(); day != "" {
			source += ", until " + rule.Printable(day)
		}
		rows = append(rows, row{"+ " + rule.Printable(e.Rule.String()), source})
	}
	for _, l := range g.Remove {
		source := rule.Printable(l.ID) + described(l.Description)
		if slices.Contains(g.Lapsed, l.ID) {
			source += ", has expired"
		}
		rows = append(rows, row{"- " + rule.Printable(l.String()), source})
	}
	if whole {
		for _, l := range g.Stay {
			rows = append(rows, row{"= " + rule.Printable(l.String()), ""})
		}
		for _, l := range g.Left {
			rows = append(rows, row{"= " + rule.Printable(l.String()), rule.Printable(l.ID) + described(l.Description) + ", left to others"})
		}
	}
	width := 0
	for _, r := range rows {
		width = max(width, utf8.RuneCountInString(r.rule))
	}
	for _, r := range rows {
		b.WriteString(strings.TrimRight(fmt.Sprintf("  %-*s  %s", width, r.rule, r.source), " ") + "\n")
	}
	if n := len(g.Stay); n > 0 && !whole {
		fmt.Fprintf(b, "  = %s unchanged\n", rule.Counted(n, "rule"))
	}
	if n := len(g.Left); n > 0 && !whole {
		fmt.Fprintf(b, "  = %s left to others\n", rule.Counted(n, "rule"))
	}
}

// lines are the policy lines of a rule: the first, and how many more.
func lines(origins []rule.Origin) string {
	if len(origins) == 0 {
		return ""
	}
	first := rule.Printable(origins[0].Path)
	if origins[0].Pos.File != "" { // as of a snapshot
		first = rule.Printable(origins[0].Pos.String()) + ": " + first
	}
	if more := len(origins) - 1; more > 0 {
		first += fmt.Sprintf(" and %d more", more)
	}
	return first
}

func described(description string) string {
	if description == "" {
		return ""
	}
	return " " + rule.Printable(strconv.Quote(description))
}

func flows(b *strings.Builder, verb string, flows []string) {
	if len(flows) == 0 {
		flows = []string{"nothing"}
	}
	for _, flow := range flows {
		fmt.Fprintf(b, "  %s: %s\n", verb, rule.Printable(flow))
	}
}

package drift

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Text writes a report for people: a line for each access that is not as it should be, with
// what is known of where it comes from, and the counts.
func Text(w io.Writer, reports ...Report) error {
	var b strings.Builder
	for i, r := range reports {
		if i > 0 {
			b.WriteByte('\n')
		}
		r.write(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r Report) write(b *strings.Builder) {
	if r.Target != "" {
		b.WriteString(rule.Printable(r.Target) + ": ")
	}
	b.WriteString(rule.Printable(r.Place.String()) + "\n")
	for _, p := range r.Policies {
		b.WriteByte('\n')
		var rows [][]string
		for _, g := range p.Groups {
			name, verdict := rule.Printable(g.Name), string(g.Verdict)
			for _, line := range g.lines() {
				rows = append(rows, append([]string{name, verdict}, line...))
				name, verdict = "", ""
			}
		}
		table(b, rows)
		fmt.Fprintf(b, "policy %s: %s\n", rule.Printable(p.Name), p.Summary())
		if slices.ContainsFunc(p.Groups, func(g Group) bool { return g.Verdict == Differs }) {
			b.WriteString(unknown + "\n")
		}
	}
	if text := plan.UnownedText(r.Unowned); text != "" {
		b.WriteString("\n" + text + "\n")
	}
	if r.Coverage != nil {
		fmt.Fprintf(b, "\n%s\n", r.Coverage)
	}
}

// unknown is said where groups differ.
const unknown = "What differs may be drift, or not be applied yet: nothing says what was applied. \"sgc apply --fingerprints\" leaves that as a tag, --applied names a saved plan."

// Summary counts the groups of each verdict in all reports.
func Summary(reports ...Report) string {
	var all Policy
	for _, r := range reports {
		for _, p := range r.Policies {
			all.Groups = append(all.Groups, p.Groups...)
		}
	}
	return all.Summary()
}

// Summary counts the groups of each verdict.
func (p Policy) Summary() string {
	counts, left := map[Verdict]int{}, 0
	for _, g := range p.Groups {
		counts[g.Verdict]++
		left += g.Left
	}
	parts := []string{fmt.Sprintf("%d as applied", counts[Applied])}
	for _, v := range []Verdict{Drifted, Differs, Pending} {
		if counts[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[v], v))
		}
	}
	if left > 0 {
		parts = append(parts, rule.Counted(left, "rule")+" left to others")
	}
	return strings.Join(parts, ", ")
}

// words says, by verdict, what is said of access that a group has and should not, and the
// other way round.
var words = map[Verdict]struct{ more, less string }{
	Drifted: {"opens", "closes"},
	Pending: {"still opens", "is to open"},
	Differs: {"allows", "lacks"},
}

// lines is what there is to say of a group: of access whether there is too much or too little,
// which, and what is known of where it comes from.
func (g Group) lines() (lines [][]string) {
	said := words[g.Verdict]
	switch {
	case g.Verdict == Applied:
		return nil
	case g.Both: // which difference is which side's cannot be told
		said = words[Differs]
	}
	if g.Why != "" {
		lines = append(lines, []string{g.Why})
	}
	for _, c := range g.More {
		lines = append(lines, []string{said.more, c.words(), c.by()})
	}
	for _, c := range g.Less {
		lines = append(lines, []string{said.less, c.words(), c.wanted(g)})
	}
	if g.Both {
		lines = append(lines, []string{"this is neither what was applied nor what the policy says now: some of it may be pending"})
	}
	for _, line := range lines {
		for i := range line {
			line[i] = rule.Printable(line[i])
		}
	}
	return lines
}

// words is the access, or what the cloud calls it where sgc cannot.
func (c Change) words() string {
	if c.Rule == (rule.Rule{}) {
		return c.Rules[0].Words
	}
	text := packets(c.Rule)
	for i, except := range c.Except {
		text += [...]string{", except ", " and "}[min(i, 1)] + packets(except)
	}
	return text
}

func packets(r rule.Rule) string {
	side := "from"
	if r.Direction == rule.Egress {
		side = "to"
	}
	return fmt.Sprintf("%s %s %s %s", r.Service(), r.Family, side, r.Remote)
}

// by is the rules that allow more than they should: the newest, and how many there are.
func (c Change) by() string {
	newest := c.Rules[0]
	for _, l := range c.Rules {
		if l.Created > newest.Created {
			newest = l
		}
	}
	id, _, _ := strings.Cut(newest.ID, "-")
	text := "rule " + id + "…"
	if newest.Created != "" {
		text += ", created " + moment(newest.Created)
	}
	if more := len(c.Rules) - 1; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if c.Expired != "" {
		return text + ", expired after " + c.Expired
	}
	return text + ", at no line"
}

// wanted is the lines of the policy that want what the group does not allow.
func (c Change) wanted(g Group) string {
	text := "at no line" // of a policy that was applied, which a snapshot has
	if len(c.Origins) > 0 {
		text = c.Origins[0].Pos.String()
		if more := len(c.Origins) - 1; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
	}
	if g.Verdict == Pending {
		return text + " is not applied"
	}
	if g.Verdict == Drifted && !g.Both && g.Touched != "" {
		text += ", gone not later than " + moment(g.Touched)
	}
	return text
}

// moment is a cloud's "2026-11-29T14:02:11Z" as people write it.
func moment(text string) string {
	const minutes = len("2006-01-02T15:04")
	if len(text) <= minutes || text[10] != 'T' || text[len(text)-1] != 'Z' {
		return text
	}
	return text[:10] + " " + text[11:minutes] + " UTC"
}

// table writes rows whose columns begin below one another, but for the last of each row.
func table(b *strings.Builder, rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row[:len(row)-1] {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		for i, cell := range row {
			if i < len(row)-1 {
				cell = fmt.Sprintf("%-*s  ", widths[i], cell)
			}
			b.WriteString(cell)
		}
		b.WriteByte('\n')
	}
}

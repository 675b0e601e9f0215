package draft

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// tier is a group on its way to becoming a tier.
type tier struct {
	live       *rule.LiveGroup
	statements []*statement
	covered    []rule.Rule // rules that others make unnecessary
	unsaid     []string    // their descriptions, quoted
	twice      int         // how many rules are there once more

	name     string
	families families        // what the tier says, 0 for nothing
	born     bool            // it has all that groups are born with
	ports    int             // how many carry it
	known    bool            // the policy that there is has it
	opaque   []rule.LiveRule // of a known one: what no policy can say
	over     []rule.LiveRule // of a known one: what the policy allowed until a day that is over
	unfit    []unfitRule     // of a known one: what cannot stand beside what the policy says
}

// statement is a rule of the policy.
type statement struct {
	direction rule.Direction
	atom      *atom
	families  families // in which it opens something
	exact     bool     // it would open more if it were for more families
	remotes   []rule.Remote
	sets      []string    // address sets of the policy that there is, for some more of them
	from      []rule.Rule // the group's rules in it
	first     rule.Rule   // the first of them: statements are sorted by it
	texts     []string    // descriptions of the group's rules
	about     rule.Origin // their owner, ticket and last day, where they have a last day
	notes     []string

	key    string
	shared bool // the atom stands under services
	born   bool // the pattern says it
}

// fold turns the rules of a group into statements. Rules that end on different days, or
// never, stay apart.
func (c *catalog) fold(g *rule.LiveGroup, today string) *tier {
	t := &tier{live: g}
	parts := map[rule.Origin][]rule.LiveRule{}
	for _, l := range g.Rules {
		about, dated := rule.ParseDated(l.Description)
		if dated && schema.IsDay(about.Expires) && about.Expires >= today {
			l.Description, about.Description = about.Description, ""
		} else {
			about = rule.Origin{}
		}
		parts[about] = append(parts[about], l)
	}
	there := map[statementKey]bool{}
	for _, about := range slices.SortedFunc(maps.Keys(parts), func(a, b rule.Origin) int {
		return cmp.Or(strings.Compare(a.Expires, b.Expires), strings.Compare(a.Owner, b.Owner), strings.Compare(a.Ticket, b.Ticket))
	}) {
		statements := c.foldAlike(t, parts[about])
		rename(statements, there)
		for _, s := range statements {
			s.about = about
		}
		t.statements = append(t.statements, statements...)
	}
	slices.SortFunc(t.statements, compareStatements)
	return t
}

// foldAlike folds rules of the tier that end on one day, or never.
func (c *catalog) foldAlike(t *tier, rules []rule.LiveRule) []*statement {
	texts := map[rule.Rule][]string{}
	var entries []rule.Entry
	for _, l := range byMeaning(rules) {
		if _, again := texts[l.Rule]; again {
			t.twice++
		} else {
			entries = append(entries, rule.Entry{Rule: l.Rule, Origins: []rule.Origin{{}}})
		}
		texts[l.Rule] = append(texts[l.Rule], l.Description)
	}
	kept := access.Minimise(entries, access.Safe)
	stays := map[rule.Rule]bool{}
	type end struct {
		direction rule.Direction
		remote    rule.Remote
	}
	open := map[end][]rule.Rule{}
	var ends []end
	for _, e := range kept {
		stays[e.Rule] = true
		at := end{e.Direction, e.Remote}
		if open[at] == nil {
			ends = append(ends, at)
		}
		open[at] = append(open[at], e.Rule)
	}
	for _, e := range entries {
		if !stays[e.Rule] {
			t.covered = append(t.covered, e.Rule)
			for _, text := range texts[e.Rule] {
				if quoted := fmt.Sprintf("%q", text); text != "" && !slices.Contains(t.unsaid, quoted) {
					t.unsaid = append(t.unsaid, quoted)
				}
			}
		}
	}
	pool := newPool(texts)
	for _, at := range ends {
		for _, u := range c.units(at.direction, at.remote, open[at]) {
			pool.add(at.direction, at.remote, u)
		}
	}
	return pool.statements()
}

// pool collects what is opened by one name, whoever it is opened to.
type pool struct {
	texts map[rule.Rule][]string
	order []poolKey
	units map[poolKey][]pooled
}

type poolKey struct {
	direction rule.Direction
	atom      string
}

type pooled struct {
	unit
	remote rule.Remote
}

func newPool(texts map[rule.Rule][]string) *pool {
	return &pool{texts: texts, units: map[poolKey][]pooled{}}
}

func (p *pool) add(direction rule.Direction, remote rule.Remote, u unit) {
	key := poolKey{direction, u.atom.name}
	if p.units[key] == nil {
		p.order = append(p.order, key)
	}
	p.units[key] = append(p.units[key], pooled{u, remote})
}

// statements are as few as can say who may do what in which family. A network has one
// family, and goes with any statement for it; anybody and groups have both, so the
// statement has to be for theirs alone.
func (p *pool) statements() []*statement {
	var all []*statement
	for _, key := range p.order {
		byFamilies := map[families]*statement{}
		place := func(f families, u pooled, exact bool) {
			s := byFamilies[f]
			if s == nil {
				s = &statement{direction: key.direction, atom: u.atom}
				byFamilies[f] = s
			}
			s.families |= u.families
			s.exact = s.exact || exact
			p.put(s, u)
		}
		units := p.units[key]
		for _, u := range units {
			if u.remote.Kind() != rule.RemotePrefix {
				place(u.families&u.atom.exist, u, true)
			}
		}
		for _, u := range units {
			if u.remote.Kind() != rule.RemotePrefix {
				continue
			}
			f := u.families
			switch {
			case byFamilies[both] != nil:
				f = both
			case byFamilies[f] != nil:
			case byFamilies[both-f] != nil && byFamilies[both-f].exact:
			default:
				f = both
			}
			place(f, u, false)
		}
		main := true
		for _, f := range []families{both, only4, only6} {
			s := byFamilies[f]
			if s == nil {
				continue
			}
			s.key = s.atom.name
			if !main {
				s.key += map[families]string{only4: "-ipv4", only6: "-ipv6", both: "-both"}[s.families]
			}
			main = false
			all = append(all, s.settled())
		}
	}
	slices.SortFunc(all, compareStatements)
	return all
}

func compareStatements(a, b *statement) int {
	return cmp.Or(cmp.Compare(a.direction, b.direction), rule.Compare(a.first, b.first), strings.Compare(a.key, b.key))
}

func (p *pool) put(s *statement, u pooled) {
	if !slices.Contains(s.remotes, u.remote) {
		s.remotes = append(s.remotes, u.remote)
	}
	if u.note != "" {
		s.note(u.note)
	}
	s.from = append(s.from, u.from...)
	for _, r := range u.from {
		if s.first == (rule.Rule{}) || rule.Compare(r, s.first) < 0 {
			s.first = r
		}
		for _, text := range p.texts[r] {
			if lastDay.MatchString(text) {
				s.note(fmt.Sprintf("The cloud describes a rule as %q, but this one has no end; add expires if it should have one", text))
			}
			// A cloud's, or sgc's, way to say nothing.
			if text != "" && text != s.atom.name && !slices.Contains(s.texts, text) {
				s.texts = append(s.texts, text)
			}
		}
	}
}

func (s *statement) note(note string) {
	if !slices.Contains(s.notes, note) {
		s.notes = append(s.notes, note)
	}
}

// lastDay is how a description that [rule.ParseDated] cannot read, or of a day that is
// over, names a day.
var lastDay = regexp.MustCompile(regexp.QuoteMeta(rule.Until("")) + `\d{4}-\d\d-\d\d`)

func (s *statement) settled() *statement {
	slices.Sort(s.texts)
	if s.atom.also != nil {
		s.notes = append(s.notes, fmt.Sprintf("%s is %s to the catalog too", s.first.Service(), also(s.atom)))
	}
	return s
}

func also(a *atom) string {
	quoted := make([]string, len(a.also))
	for i, name := range a.also {
		quoted[i] = `"` + name + `"`
	}
	return strings.Join(quoted, " and ")
}

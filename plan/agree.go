package plan

import (
	"fmt"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// Beyond says what the next plans would do that the agreed ones do not: which groups they
// would touch, delete or close in, that nobody was shown, and which have taken the place of
// others that rules name. Whatever else a plan opens, its policy opens, so that is not
// looked at. What a group is born with, born, and what two runs at once make twice is
// nobody's work: it counts as agreed to.
func Beyond(agreed, next []*Plan, born []rule.Rule) Problems {
	shown := map[string]Group{} // by id
	made := map[string]bool{}   // the marks of groups that were to be created
	stood := map[string]Group{} // those that were there, by their marks
	for _, p := range agreed {
		for _, l := range p.Later {
			stood[rule.Mark(p.Policy, l.Tier)] = Group{Name: l.Name, ID: strings.Join(l.IDs, ", ")}
		}
		for _, g := range p.Groups {
			if g.Action == Create {
				made[rule.Mark(p.Policy, g.Tier)] = true
				continue
			}
			if g.stays() {
				stood[rule.Mark(p.Policy, g.Tier)] = g
			}
			if !g.Empty() {
				shown[g.ID] = g
			}
		}
	}
	var problems Problems
	for _, p := range next {
		for _, g := range p.Groups {
			if was, there := stood[rule.Mark(p.Policy, g.Tier)]; g.Action == Create && there {
				problems = append(problems, Problem{g.Pos, fmt.Sprintf("group %s (%s) is gone, and another one would be created", was.Name, was.ID)})
			}
			if g.Action == Create || g.Empty() {
				continue
			}
			was, known := shown[g.ID]
			fresh := made[rule.Mark(p.Policy, g.Tier)] && (g.Action == Change || g.Action == Delete)
			problems = append(problems, p.beyond(was, g, known, fresh, born)...)
		}
	}
	return append(problems, swapped(agreed, next)...)
}

// swapped says which groups and address groups are others than in the agreed plans, where
// rules that come or stay name them. One that was to be made is whichever its tier has now.
func swapped(agreed, next []*Plan) Problems {
	were, made := map[string]map[rule.Remote]rule.Remote{}, map[rule.Remote]rule.Remote{}
	for _, p := range agreed {
		were[p.Policy] = p.ids()
	}
	for _, p := range next {
		for _, g := range p.Groups {
			if g.stays() {
				made[rule.ForeignGroup(ToBeMade(p.Policy, g.Tier))] = rule.ForeignGroup(g.ID)
			}
		}
	}
	var problems Problems
	for _, p := range next {
		are := p.ids()
		for _, g := range p.Groups {
			said := map[rule.Remote]bool{}
			for _, r := range append(rulesOf(g.Create), liveRules(g.Stay)...) {
				was, known := were[p.Policy][r.Remote]
				is := are[r.Remote]
				_, _, again := Maker(is.Name()) // which is said of the group itself
				if !known || is == was || is == made[was] || again || said[r.Remote] {
					continue
				}
				said[r.Remote] = true
				problems = append(problems, Problem{g.Pos, fmt.Sprintf("group %s would have rules that name %s, which was %s and is %s now", g.Name, r.Remote, was.Name(), is.Name())})
			}
		}
	}
	return problems
}

// beyond is [Beyond] of one group, was being what was agreed to about it; fresh is a group
// with the mark of a tier for which one was to be created.
func (p *Plan) beyond(was, g Group, known, fresh bool, born []rule.Rule) Problems {
	twin := fresh && g.Action == Delete && p.twin(g)
	var problems Problems
	more := func(format string, args ...any) {
		problems = append(problems, Problem{g.Pos, fmt.Sprintf("group %s (%s) ", g.Name, g.ID) + fmt.Sprintf(format, args...)})
	}
	switch {
	case twin:
		return nil
	case g.Action == Delete && was.Action != Delete:
		more("would be deleted")
		return problems
	case g.Action == Release && was.Action != Release:
		more("would be given back")
		return problems
	case g.Action == Adopt && was.Action != Adopt:
		more("would be taken over")
		return problems
	case !known && !fresh:
		more("would change, although it was to stay as it is")
	}
	for _, f := range g.Fields {
		if !slices.Contains(was.Fields, f) {
			more("would get the %s %q instead of %q", f.Name, f.New, f.Old)
		}
	}
	if g.Unmark != (Field{}) && g.Unmark != was.Unmark && !fresh {
		more("would get the description %q instead of %q", g.Unmark.New, g.Unmark.Old)
	}
	for _, tag := range g.Untag {
		if !slices.Contains(was.Untag, tag) {
			more("would lose the tag %s", tag)
		}
	}
	for _, l := range g.Remove {
		agreed := slices.ContainsFunc(was.Remove, func(w rule.LiveRule) bool { return w.ID == l.ID })
		again := slices.ContainsFunc(g.Stay, func(s rule.LiveRule) bool { return !l.Opaque() && s.Rule == l.Rule })
		if !agreed && !again && !(fresh && slices.Contains(born, l.Rule)) && !p.namesTwin(l) {
			more("would lose a rule that has been added since: %s (%s)", l, l.ID)
		}
	}
	return problems
}

// namesTwin says whether the rule's remote is the second group of a tier, which goes.
func (p *Plan) namesTwin(l rule.LiveRule) bool {
	return slices.ContainsFunc(p.Groups, func(g Group) bool { return g.Action == Delete && p.twin(g) && l.Rule.Remote == stranger(g.ID, g.Name) })
}

package plan

import (
	"fmt"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// Beyond says what the next plans would do that the agreed ones do not: which groups they
// would touch, delete or close in, that nobody was shown. Whatever a plan opens, its policy
// opens, so that is not looked at. What a group is born with, born, and what two runs at
// once make twice is nobody's work: it counts as agreed to.
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
		more("would change, and was to stay as it is")
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

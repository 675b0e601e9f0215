package conformance

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/carryout"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// A ledger is what a run has done by its own calls, held to what was agreed to: views right
// before and right after each tell it from what others do. It is the run's watcher too, one
// that agrees to nothing more.
type ledger struct {
	*trial
	strike   strike
	destroys bool
	agreed   map[string]plan.Group // what was shown, by id; without what stays as it is
	toMake   map[string]bool       // tiers

	was    view
	made   map[string]bool // ids of groups and rules that the run has made
	shots  []plan.Snapshot
	told   []string // why it planned again
	after  int      // so many rounds were saved when it last did
	wrong  []string // what nobody has agreed to
	astray []astray
	gone   []removed
}

// astray is a change that went to a group that was not the policy's any more.
type astray struct {
	call   int
	group  string // its id
	what   string
	unseen bool // by the run, which cannot know of it
}

// removed is a rule that went by the run's hand.
type removed struct {
	rule         liveRule
	group, label string // the id
	twin         bool
}

func newLedger(v *trial, s strike, r *apply.Round, destroys bool) *ledger {
	l := &ledger{trial: v, strike: s, destroys: destroys, agreed: map[string]plan.Group{}, toMake: map[string]bool{}, made: map[string]bool{}}
	for _, g := range r.Plans[0].Groups {
		if g.Action == plan.Create {
			l.toMake[g.Tier] = true
		} else if !g.Empty() {
			l.agreed[g.ID] = g
		}
	}
	return l
}

func (*ledger) Agree(_ *apply.Round, beyond plan.Problems) error { return beyond }
func (*ledger) Did(carryout.Event)                               {}
func (*ledger) Settled(*rule.State)                              {}

func (l *ledger) Replanned(why *carryout.Changed) {
	l.told = append(l.told, why.Error())
	l.after = len(l.shots)
}

func (l *ledger) Save(r *apply.Round) error {
	var file bytes.Buffer
	if err := r.Plans[0].Before(r.State, r.Place).Write(&file); err != nil {
		return err
	}
	shot, err := plan.ParseSnapshot(file.Bytes())
	l.shots = append(l.shots, shot)
	return err
}

// judge holds what call number n has done to what was agreed to.
func (l *ledger) judge(n int, call string, is view) {
	wrong := func(g liveGroup, format string, args ...any) {
		l.wrong = append(l.wrong, fmt.Sprintf("call %d, %s: group %s (%s, %s) ", n, call, g.Name, l.was.label(g.ID), g.ID)+fmt.Sprintf(format, args...))
	}
	after := map[string]liveGroup{}
	for _, g := range is.groups {
		after[g.ID] = g
		if !slices.ContainsFunc(l.was.groups, func(b liveGroup) bool { return b.ID == g.ID }) {
			l.created(g, wrong)
		}
	}
	for _, g := range l.was.groups {
		now, there := after[g.ID]
		_, agreed := l.agreed[g.ID]
		switch fresh := l.fresh(g); {
		case !there:
			l.deleted(g, wrong)
		case g.Name != now.Name || g.Description != now.Description || g.Stateful != now.Stateful:
			l.changed(g, now, wrong)
		case slices.Equal(g.Tags, now.Tags) && slices.EqualFunc(g.Rules, now.Rules, func(a, b liveRule) bool { return a.ID == b.ID }):
		case !owned(g):
			l.met(n, call, g, now, wrong)
		case !agreed && !fresh && !strings.HasPrefix(call, "DELETE "+groupsPath): // which takes rules along
			wrong(g, "was touched, and was to stay as it is")
		default:
			l.tagged(n, g, now, wrong)
			l.ruled(g, now, is, wrong)
		}
	}
	if len(l.shots) == l.after {
		l.wrong = append(l.wrong, fmt.Sprintf("call %d, %s: nothing was saved before that, after %d rounds", n, call, l.after))
	}
}

// stands is what groups stand for by then: the second group of a tier is the tier's where
// the first has gone.
func (l *ledger) stands(now view) func(id string) string {
	tier := "tier " + l.scene.twin
	alone := !slices.ContainsFunc(now.groups, func(g liveGroup) bool { return owned(g) && now.label(g.ID) == tier })
	return func(id string) string {
		if label := now.label(id); label != "twin" || !alone {
			return label
		}
		return tier
	}
}

type wrongly func(g liveGroup, format string, args ...any)

// fresh says whether a group is one that was to be made, by whomever.
func (l *ledger) fresh(g liveGroup) bool {
	policy, tier, _ := rule.ParseMark(g.Description)
	return l.made[g.ID] || policy == scenePolicy && l.toMake[tier]
}

func (l *ledger) created(g liveGroup, wrong wrongly) {
	l.made[g.ID] = true
	for _, r := range g.Rules {
		l.made[r.ID] = true
	}
	_, tier, _ := rule.ParseMark(g.Description)
	if l.destroys || !owned(g) || l.tier(tier) == nil {
		wrong(g, "was created: %q", g.Description)
	}
}

func (l *ledger) tier(name string) *rule.Group {
	at := slices.IndexFunc(l.scene.set.Groups, func(g rule.Group) bool { return g.Tier == name })
	if at < 0 {
		return nil
	}
	return &l.scene.set.Groups[at]
}

func (l *ledger) deleted(g liveGroup, wrong wrongly) {
	was, agreed := l.agreed[g.ID]
	_, tier, _ := rule.ParseMark(g.Description)
	fresh := l.fresh(g) && owned(g)
	switch {
	case !owned(g):
		wrong(g, "was deleted, and was not the policy's: %q", g.Description)
		return
	case agreed && was.Action == plan.Delete, fresh:
	default:
		wrong(g, "was deleted")
		return
	}
	twin := make(flows, len(l.packets))
	if fresh {
		twin.add(l.born)
		twin.add(l.new[tier])
	}
	for _, r := range g.Rules {
		if !removes(was, r.ID) && !fresh {
			wrong(g, "took along rule %s: %s", r.ID, r.words())
		}
		if p, more := l.first(l.of([]liveRule{r}, l.stands(l.was)), twin); fresh && more {
			wrong(g, "was no mere twin: it was open to %+v", p)
		}
		l.lost(g, r)
	}
}

func (l *ledger) lost(g liveGroup, r liveRule) {
	if !l.made[r.ID] {
		l.gone = append(l.gone, removed{r, g.ID, l.was.label(g.ID), l.fresh(g) || l.was.label(g.ID) == "twin"})
	}
}

// beside says whether a group is the younger of two that a tier has in a snapshot, made by
// another client before the plan: going back does not bring it back, and says so.
func (l *ledger) beside(id string) bool {
	return slices.ContainsFunc(l.shots, func(shot plan.Snapshot) bool {
		at := slices.IndexFunc(shot.State.Groups, func(g rule.LiveGroup) bool { return g.ID == id })
		back, _ := shot.Desired()
		return at >= 0 && !slices.ContainsFunc(back.Groups, func(g plan.DesiredGroup) bool { return g.ID == id }) &&
			slices.ContainsFunc(shot.State.Groups, func(g rule.LiveGroup) bool {
				policy, tier, marked := rule.ParseMark(g.Description)
				return marked && g.ID != id && strings.HasSuffix(shot.State.Groups[at].Description, rule.Mark(policy, tier))
			})
	})
}

func removes(g plan.Group, id string) bool {
	return slices.ContainsFunc(g.Remove, func(r rule.LiveRule) bool { return r.ID == id })
}

func (l *ledger) changed(g, now liveGroup, wrong wrongly) {
	was := l.agreed[g.ID]
	if !owned(g) && was.Action != plan.Adopt {
		wrong(g, "was changed to %q %q, and was not the policy's: %q", now.Name, now.Description, g.Description)
		return
	}
	for _, f := range []plan.Field{
		{Name: "name", Old: g.Name, New: now.Name},
		{Name: "description", Old: g.Description, New: now.Description},
		{Name: "stateful", Old: strconv.FormatBool(g.Stateful), New: strconv.FormatBool(now.Stateful)},
	} {
		if f.Old != f.New && !slices.Contains(was.Fields, f) && was.Unmark != f {
			wrong(g, "has got the %s %q in place of %q", f.Name, f.New, f.Old)
		}
	}
}

// met notes a change of a group that was not the policy's when it came.
func (l *ledger) met(n int, call string, g, now liveGroup, wrong wrongly) {
	cascade := strings.HasPrefix(call, "DELETE "+groupsPath)
	what := "tag group"
	if !slices.EqualFunc(g.Rules, now.Rules, func(a, b liveRule) bool { return a.ID == b.ID }) {
		what = "create rule"
		if len(now.Rules) < len(g.Rules) {
			what = "remove rule"
		}
	}
	if !slices.Contains([]string{"legacy", "partner", "stranger"}, l.before.label(g.ID)) || cascade {
		l.astray = append(l.astray, astray{n, g.ID, what, cascade})
		if _, goes, _ := strings.Cut(call, groupsPath+"/"); cascade && l.read(goes, n) {
			wrong(g, "has lost a rule that named group %s, which was read before", goes)
		}
		for _, r := range g.Rules {
			if !cascade && !slices.ContainsFunc(now.Rules, func(k liveRule) bool { return k.ID == r.ID }) {
				l.lost(g, r)
			}
		}
		return
	}
	wrong(g, "was never the policy's, and met: %s", what)
}

func (l *ledger) tagged(n int, g, now liveGroup, wrong wrongly) {
	_, tier, _ := rule.ParseMark(g.Description)
	var wanted []string
	if t := l.tier(tier); t != nil {
		wanted = slices.Concat(t.Tags, rule.OwnershipTags(scenePolicy, tier))
	}
	for _, tag := range now.Tags {
		if !slices.Contains(g.Tags, tag) && !slices.Contains(wanted, tag) {
			wrong(g, "has got the tag %s", tag)
		}
	}
	for _, tag := range g.Tags {
		switch {
		case slices.Contains(now.Tags, tag), slices.Contains(l.agreed[g.ID].Untag, tag):
		case l.made[g.ID] && tag == "theirs" && !l.read(g.ID, n): // its own tags are set at once
			l.astray = append(l.astray, astray{n, g.ID, "tag group", true})
		default:
			wrong(g, "has lost the tag %s", tag)
		}
	}
}

// read says whether a reading before call number n has shown the strike in a group.
func (l *ledger) read(id string, n int) bool {
	for i, call := range l.gate.calls[:n-1] {
		if shows := i+1 > l.strike.at || i+1 == l.strike.at && !l.strike.acted; shows && (isList(call) || call == "GET "+groupPath(id)) {
			return true
		}
	}
	return false
}

func (l *ledger) ruled(g, now liveGroup, is view, wrong wrongly) {
	_, tier, _ := rule.ParseMark(g.Description)
	kept := map[string]bool{}
	for _, r := range now.Rules {
		kept[r.ID] = true
		if slices.ContainsFunc(g.Rules, func(b liveRule) bool { return b.ID == r.ID }) {
			continue
		}
		l.made[r.ID] = true
		allowed := l.new[tier]
		if l.destroys || allowed == nil {
			allowed = l.none
		}
		if p, more := l.first(l.of([]liveRule{r}, l.stands(is)), allowed); more {
			wrong(g, "has got a rule that opens it to %+v: %s", p, r.words())
		}
	}
	for _, r := range g.Rules {
		if kept[r.ID] {
			continue
		}
		l.lost(g, r)
		alone := l.of([]liveRule{r}, l.stands(l.was))
		_, cuts := l.first(alone, l.of(now.Rules, l.stands(is)))
		born := slices.ContainsFunc(l.scene.born4and6(), func(b liveRule) bool { return likeBirth(b, r) })
		namesFresh := r.Group != nil && slices.ContainsFunc(l.was.groups, func(o liveGroup) bool { return o.ID == *r.Group && l.fresh(o) })
		if !removes(l.agreed[g.ID], r.ID) && cuts && !(l.fresh(g) && born) && !namesFresh {
			wrong(g, "has lost rule %s: %s", r.ID, r.words())
		}
	}
}

// likeBirth says whether a rule is like one that groups are born with.
func likeBirth(born, r liveRule) bool {
	return r.Direction == born.Direction && r.Ethertype == born.Ethertype && r.Protocol == nil && r.AddressGroup == nil && r.Group == nil && (r.Prefix == nil || strings.HasSuffix(*r.Prefix, "/0"))
}

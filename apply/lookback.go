package apply

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Unsettled is a cloud that, at the end, is not as the plans have left it: what it has
// answered to and not done, and what others have changed meanwhile.
type Unsettled struct {
	Undone []string
	Others []string
}

func (u *Unsettled) Error() string {
	var parts []string
	if u.Undone != nil {
		parts = append(parts, "the cloud does not show what it said it did: "+strings.Join(u.Undone, "; "))
	}
	if u.Others != nil {
		parts = append(parts, "others have changed since: "+strings.Join(u.Others, "; "))
	}
	return strings.Join(parts, "; ")
}

// lookBack compares the cloud with what the plans have made of it, once all is done. What
// is not there yet is waited for: databases that are read may lag behind.
func (r *run) lookBack(calls context.Context) error {
	if r.done == 0 {
		return nil
	}
	for try := uint(1); ; try++ {
		s, err := r.client.Read(calls)
		if err != nil {
			return fmt.Errorf("all calls were answered, and it is not known whether the cloud shows it: %w", err)
		}
		u := r.compare(s)
		if u.Undone == nil && u.Others == nil {
			return nil
		}
		if r.client.Wait(calls, try) != nil {
			return u
		}
	}
}

func (r *run) compare(s *rule.State) *Unsettled {
	u := &Unsettled{}
	for _, t := range r.tasks {
		at := slices.IndexFunc(s.Groups, func(g rule.LiveGroup) bool { return g.ID == t.id })
		switch deleted := t.planned.Action == plan.Delete; {
		case at < 0 && !deleted:
			u.other(t, "has gone")
		case at >= 0 && deleted:
			u.undone(t, "is still there")
		case at >= 0:
			t.compare(u, s.Groups[at], r.words(t.plan))
		}
	}
	return u
}

func (u *Unsettled) undone(t *task, format string, args ...any) {
	u.Undone = append(u.Undone, t.says(format, args...))
}

func (u *Unsettled) other(t *task, format string, args ...any) {
	u.Others = append(u.Others, t.says(format, args...))
}

func (t *task) says(format string, args ...any) string {
	return fmt.Sprintf("group %s (%s) ", t.planned.Name, t.id) + fmt.Sprintf(format, args...)
}

// compare says in what a group is not as the plan has left it.
func (t *task) compare(u *Unsettled, live rule.LiveGroup, words map[rule.Remote]rule.Remote) {
	// A field as it was before is taken for one that was not changed.
	is := map[string]string{"name": live.Name, "description": live.Description, "stateful": strconv.FormatBool(live.Stateful)}
	changed := slices.Clone(t.planned.Fields)
	if t.planned.Unmark != (plan.Field{}) {
		changed = append(changed, t.planned.Unmark)
	}
	for _, f := range changed {
		switch is[f.Name] {
		case f.New:
		case f.Old:
			u.undone(t, "has the %s %q", f.Name, f.Old)
		default:
			u.other(t, "has the %s %q", f.Name, is[f.Name])
		}
	}
	if live.Name != t.name && !slices.ContainsFunc(changed, func(f plan.Field) bool { return f.Name == "name" }) {
		u.other(t, "is called %s", live.Name)
	}
	if is, was := markOf(live.Description), markOf(t.description); is != was && !slices.ContainsFunc(changed, func(f plan.Field) bool { return f.Name == "description" }) {
		u.other(t, "has the description %q", live.Description)
	}
	for _, tag := range t.planned.Tag {
		if !slices.Contains(live.Tags, tag) {
			u.undone(t, "lacks the tag %s, unless somebody took it away", tag)
		}
	}
	for _, tag := range t.planned.Untag {
		if slices.Contains(live.Tags, tag) {
			u.undone(t, "has the tag %s, unless somebody gave it back", tag)
		}
	}
	t.compareRules(u, live, words)
}

func (t *task) compareRules(u *Unsettled, live rule.LiveGroup, words map[rule.Remote]rule.Remote) {
	removed := map[string]bool{}
	for _, id := range t.removed {
		removed[id] = true
	}
	ids, there, desired := map[string]bool{}, map[rule.Rule]bool{}, map[rule.Rule]bool{}
	for _, e := range t.planned.Create {
		desired[e.Rule] = true
	}
	for _, l := range live.Rules {
		ids[l.ID] = true
		word := worded(l, words)
		there[word] = true
		switch {
		case removed[l.ID]:
			u.undone(t, "has rule %s: %s", l.ID, l)
		case !t.rules[l.ID] && !desired[word]:
			u.other(t, "has got rule %s: %s", l.ID, l)
		}
	}
	for _, l := range t.planned.Stay {
		if !ids[l.ID] {
			u.other(t, "has lost rule %s: %s", l.ID, l)
		}
	}
	for _, e := range t.planned.Create {
		if !there[e.Rule] {
			u.undone(t, "lacks a rule, unless somebody removed it: %s", e.Rule)
		}
	}
}

package apply

import (
	"context"
	"errors"
	"slices"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Job is what the groups of one policy are to become: all that planning takes beside the
// cloud.
type Job struct {
	Desired plan.Desired
	Options plan.Options
	// Lookup says how ids are found for what the policy names and does not own.
	Lookup    Lookup
	Externals plan.Externals // those ids, where they are given
}

// Lookup is a way to find ids.
type Lookup int

const (
	Needed Lookup = iota // rules will name them: each has to be found
	Shown                // people read the policy's names for them: nothing depends on that
	Given                // they are known
)

// externals finds the ids. Groups that the jobs of one run make first are among the groups of s.
func (j Job) externals(ctx context.Context, from Project, s *rule.State, jobs []Job) (plan.Externals, error) {
	switch {
	case j.Lookup == Given:
		return j.given(ctx, from, s, jobs)
	case j.Lookup == Shown:
		return from.Recognise(ctx, j.Desired, s)
	}
	return from.Resolve(ctx, j.Desired, s)
}

// given is the ids that are known. A group that has gone since may come back by another
// job, under another id; where it does not, the rules that name it cannot come back either.
func (j Job) given(ctx context.Context, from Project, s *rule.State, jobs []Job) (plan.Externals, error) {
	x := plan.Externals{Groups: map[string]string{}, AddressGroups: j.Externals.AddressGroups}
	var gone []rule.External
	for key, id := range j.Externals.Groups {
		there := slices.ContainsFunc(s.Groups, func(g rule.LiveGroup) bool { return g.ID == id })
		x.Groups[key] = id
		if again := comesBack(id, s, jobs); !there && again != "" {
			x.Groups[key] = again
		} else if !there && j.names(key) {
			gone = append(gone, rule.External{Key: key, ID: id})
		}
	}
	if gone == nil {
		return x, nil
	}
	_, err := from.Resolve(ctx, plan.Desired{Foreign: gone}, s)
	var problems plan.Problems
	if errors.As(err, &problems) {
		for i := range problems {
			problems[i].Message += ": rules of the snapshot name it; if it was another policy's, restore that one's snapshot along with this"
		}
		return x, problems
	}
	return x, err
}

// names says whether rules that are to be there name a group of others.
func (j Job) names(key string) bool {
	return slices.ContainsFunc(j.Desired.Groups, func(g plan.DesiredGroup) bool {
		return slices.ContainsFunc(g.Rules, func(e rule.Entry) bool { return e.Remote == rule.ForeignGroup(key) })
	})
}

// comesBack is the id of the group that comes, or has come, in place of one that has gone; ""
// where no job is about it.
func comesBack(id string, s *rule.State, jobs []Job) string {
	for _, j := range jobs {
		for _, g := range j.Desired.Groups {
			if g.ID != id {
				continue
			}
			if groups := s.Owned(j.Desired.Policy)[g.Tier]; len(groups) > 0 {
				return groups[0].ID
			}
			return plan.ToBeMade(j.Desired.Policy, g.Tier)
		}
	}
	return ""
}

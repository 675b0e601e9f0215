package plan

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
)

// BackDestroys says whether the way back from the plan takes [Permits.Destroy]: it deletes
// what the plan creates, and may close most of what a group allows by then. Ports that use
// the group may come later, so they are not asked about.
func (p *Plan) BackDestroys() bool {
	return slices.ContainsFunc(p.Groups, func(g Group) bool { return g.Action == Create || g.back().mostlyCloses() })
}

// back is the group with its rules on the way back: those that it gets go, and those that go
// come again, unless sgc has no words for them.
func (g Group) back() Group {
	back := Group{Stay: g.Stay}
	for _, e := range g.Create {
		back.Remove = append(back.Remove, rule.LiveRule{Rule: e.Rule})
	}
	expressed, _ := split(g.Remove)
	for _, l := range expressed {
		back.Create = append(back.Create, rule.Entry{Rule: l.Rule})
	}
	return back
}

// returns says what speaks against going back with a group that exists, as g plans it:
// an id alone, or a name, says which group it was, and not whose it is by now. Groups
// of others are not changed, and restore takes none over.
func (g Group) returns(policy string, want DesiredGroup, live *rule.LiveGroup) Problems {
	owner, _, marked := rule.ParseMark(live.Description)
	wanted, _, _ := rule.ParseMark(want.Description)
	owned := wanted == policy
	var message string
	switch {
	case owner == policy && marked, g.Empty():
		return nil
	case marked:
		message = fmt.Sprintf("belongs to policy %s now", owner)
	case want.ID != live.ID:
		message = "exists and is not the policy's (rename or delete it first)"
	case owned && g.undoesRelease(live):
		return nil
	case owned:
		message = "has lost the policy's mark since: it is somebody else's now"
	default:
		message = "was not the policy's when the snapshot was saved, nor is it now, and has changed since (where sgc did that, go back with that run's snapshot first)"
	}
	return Problems{{want.Pos, fmt.Sprintf("security group %s (%s) %s: restore does not touch it", live.Name, live.ID, message)}}
}

// undoesRelease says whether nothing happens but that a group gets back the mark and the tags
// that it has lost when the policy let go of it.
func (g Group) undoesRelease(live *rule.LiveGroup) bool {
	return live.Description == rule.Unmarked(g.Description) && !slices.ContainsFunc(live.Tags, rule.IsOwnTag) && len(g.Fields) == 1 && g.Fields[0].Name == "description" && len(g.Create)+len(g.Remove) == 0
}

// lost says which rules of the moment that is to come back are not there any more, nor can be
// made again: sgc has no words for them.
func (g DesiredGroup) lost(live []rule.LiveRule) []Problem {
	var notes []Problem
	for _, l := range g.Opaque {
		if !slices.ContainsFunc(live, func(now rule.LiveRule) bool { return now.Words == l.Words }) {
			notes = append(notes, Problem{g.Pos, "group " + g.Name + ": a rule that sgc cannot express does not come back: " + l.Words})
		}
	}
	return notes
}

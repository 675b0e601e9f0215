package plan

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/rule"
)

// Snapshot is a policy's groups as they were before a plan was carried out, and
// those that it was about to take over: all that going back takes.
type Snapshot struct {
	Version int        `json:"version"`
	Place   Place      `json:"place,omitzero"` // of version 1, nothing is known of it but the project
	Policy  string     `json:"policy"`
	State   rule.State `json:"state"`
	// Unowned is the ids of the groups that were nobody's then: what the policy has taken
	// over since is given back.
	Unowned []string `json:"unowned,omitempty"`
	// Others is what others may open, and have, by the ids of the groups.
	Others map[string]Granted `json:"others,omitempty"`
}

// Granted is what is left to others in a group of a snapshot, remotes by id.
type Granted struct {
	May  []rule.Entry `json:"may"`            // what they may open
	Left []string     `json:"left,omitempty"` // the ids of the rules that they have
	Made []rule.Rule  `json:"made,omitempty"` // what the plan opens of that itself
}

// Before is the snapshot of what the plan is about to change.
func (p *Plan) Before(s *rule.State, at Place) Snapshot {
	shot := Snapshot{Version: Version, Place: at, Policy: p.Policy, State: rule.State{Project: s.Project, Groups: []rule.LiveGroup{}}}
	live := map[string]rule.LiveGroup{}
	for _, g := range s.Groups {
		live[g.ID] = g
		if _, _, marked := rule.ParseMark(g.Description); !marked {
			shot.Unowned = append(shot.Unowned, g.ID)
		}
	}
	slices.Sort(shot.Unowned) // a cloud lists groups in any order
	for _, g := range p.Groups {
		if before, there := live[g.ID]; there {
			shot.State.Groups = append(shot.State.Groups, before)
			if g.Others != nil {
				shot.grant(g, p.ids())
			}
		}
	}
	return shot
}

// grant notes what is left to others in a group. What names a group that is still to be made
// goes with it on the way back.
func (s *Snapshot) grant(g Group, ids map[rule.Remote]rule.Remote) {
	byID := func(r *rule.Rule) bool {
		id, named := ids[r.Remote]
		if named {
			r.Remote = id
		}
		_, _, awaited := Maker(id.Name())
		return !awaited && (named || r.Remote.Kind() != rule.RemoteTier)
	}
	var others Granted
	for _, e := range g.Others {
		if byID(&e.Rule) {
			others.May = append(others.May, e)
		}
	}
	for _, l := range g.Left {
		others.Left = append(others.Left, l.ID)
	}
	may := access.Of(rulesOf(others.May)...)
	for _, e := range g.Create {
		if byID(&e.Rule) && may.Contains(e.Rule) {
			others.Made = append(others.Made, e.Rule)
		}
	}
	slices.Sort(others.Left)
	if s.Others == nil {
		s.Others = map[string]Granted{}
	}
	s.Others[g.ID] = others
}

// EndOthers takes out what others may no longer open, given the day of today ("2027-01-31").
func (s Snapshot) EndOthers(today string) {
	for id, others := range s.Others {
		others.May = slices.DeleteFunc(others.May, func(e rule.Entry) bool { return e.LastDay() != "" && e.LastDay() < today })
		s.Others[id] = others
	}
}

// Write writes the snapshot as JSON.
func (s Snapshot) Write(w io.Writer) error {
	e := json.NewEncoder(rule.PrintableJSON(w))
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(s)
}

// ParseSnapshot reads what [Snapshot.Write] wrote, of this version or one before.
func ParseSnapshot(data []byte) (Snapshot, error) {
	var s Snapshot
	if err := json.Unmarshal(data, &s); err != nil {
		return s, unread("a snapshot", data, err)
	}
	if s.Version > Version {
		return s, fmt.Errorf("this is a snapshot of version %d, and this sgc reads version %d and before: restore it with the sgc that saved it", s.Version, Version)
	}
	if s.Version < 1 || s.Policy == "" {
		return s, fmt.Errorf("not a snapshot of sgc, of version %d or before", Version)
	}
	if (s.Version == Version || s.Place != (Place{})) && s.Place.Project != s.State.Project {
		return s, fmt.Errorf("not a snapshot of sgc: it belongs to project %q, and its groups to project %q", s.Place.Project, s.State.Project)
	}
	err := rule.CheckPolicyName(s.Policy)
	if err == nil {
		err = s.State.CheckIDs()
	}
	if err == nil {
		err = checkWritten(data, s.Write)
	}
	if err == nil {
		err = s.check()
	}
	if err == nil && s.Version == Version && s.Place.Saved() {
		err = errors.New("it does not say which cloud it is of")
	}
	if err != nil {
		return s, fmt.Errorf("not a snapshot of sgc: %w", err)
	}
	return s, nil
}

// check refuses what no cloud has: a group twice, or a rule that says nothing.
func (s Snapshot) check() error {
	for id, others := range s.Others {
		if !s.has(id) {
			return fmt.Errorf("it says what others may open in a group that it does not have, %s", id)
		}
		g := rule.LiveGroup{ID: id}
		for _, r := range append(rulesOf(others.May), others.Made...) {
			g.Rules = append(g.Rules, rule.LiveRule{ID: id, Rule: r})
		}
		if err := g.CheckIDs(); err != nil {
			return err
		}
	}
	groups := map[string]bool{}
	for _, g := range s.State.Groups {
		if groups[g.ID] {
			return fmt.Errorf("group %s (%s) is there twice", g.Name, g.ID)
		}
		groups[g.ID] = true
		for _, l := range g.Rules {
			if l.Opaque() != (l.Words != "") {
				return fmt.Errorf("rule %s of group %s (%s) must have either a rule or words", l.ID, g.Name, g.ID)
			}
		}
	}
	return nil
}

// Desired is the moment of the snapshot as what shall be. Groups that the policy
// has got since are not part of it, and go; nor is the second group of a tier,
// which a run that was killed had left.
func (s Snapshot) Desired() (Desired, Externals) {
	d := Desired{Policy: s.Policy, Whole: true, Unowned: s.Unowned}
	x := Externals{Groups: map[string]string{}, AddressGroups: map[string]string{}}
	tiers := s.tiers()
	for _, live := range s.State.Groups {
		tier, ok := tiers[live.ID]
		if !ok {
			d.Notes = append(d.Notes, Problem{Message: fmt.Sprintf("group %s (%s) does not come back: its tier had another", live.Name, live.ID)})
			continue
		}
		g := DesiredGroup{Tier: tier, ID: live.ID, Name: live.Name, Description: live.Description, Stateful: live.Stateful, Tags: live.Tags}
		expressed, opaque := split(live.Rules)
		g.Opaque = opaque
		others := s.Others[live.ID]
		var entries []rule.Entry
		for _, l := range expressed {
			if l.Rule.Remote.Kind() == rule.RemoteGroup && s.has(l.Rule.Remote.Name()) && tiers[l.Rule.Remote.Name()] == "" {
				continue // nobody could be in that second group
			}
			l.Rule.Remote = x.keep(l.Rule.Remote, tiers)
			was := rule.Entry{Rule: l.Rule, Origins: []rule.Origin{{Path: "was " + l.ID, Description: l.Description}}}
			if slices.Contains(others.Left, l.ID) { // it is theirs, whether it is still there or not
				g.Others = append(g.Others, was)
			} else {
				entries = append(entries, was)
			}
		}
		for _, e := range others.May {
			e.Remote = x.keep(e.Remote, tiers)
			g.Others = append(g.Others, e)
		}
		for _, r := range others.Made {
			r.Remote = x.keep(r.Remote, tiers)
			g.Made = append(g.Made, r)
		}
		// As it was, not the fewest; but never twice the same, which a cloud refuses.
		g.Rules = access.Minimise(entries, access.Off)
		d.Groups = append(d.Groups, g)
	}
	return d, x
}

// tiers is what the groups are called in a plan to go back to them, by id: their
// tiers, or their names where the policy had not taken them over yet, from nobody or from
// another policy. The second group of a tier is called nothing.
func (s Snapshot) tiers() map[string]string {
	tiers, taken := map[string]string{}, map[string]bool{}
	for tier, groups := range s.State.Owned(s.Policy) {
		tiers[groups[0].ID], taken[tier] = tier, true
	}
	for _, g := range s.State.Groups {
		if owner, _, _ := rule.ParseMark(g.Description); owner != s.Policy {
			tiers[g.ID] = g.Name
			if taken[g.Name] {
				tiers[g.ID] += " " + g.ID
			}
			taken[tiers[g.ID]] = true
		}
	}
	return tiers
}

func (s Snapshot) has(id string) bool {
	return slices.ContainsFunc(s.State.Groups, func(g rule.LiveGroup) bool { return g.ID == id })
}

// keep is a remote of a snapshot in the words of a policy: groups that come back,
// possibly with another id, are tiers; others keep their ids.
func (x Externals) keep(r rule.Remote, tiers map[string]string) rule.Remote {
	switch r.Kind() {
	case rule.RemoteGroup:
		if tier, ok := tiers[r.Name()]; ok {
			return rule.Tier(tier)
		}
		x.Groups[r.Name()] = r.Name()
	case rule.RemoteAddressGroup:
		x.AddressGroups[r.Name()] = r.Name()
	}
	return r
}

package plan

import (
	"encoding/json"
	"fmt"
	"io"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/rule"
)

// Snapshot is a policy's groups as they were before a plan was carried out, and
// those that it was about to take over: all that going back takes.
type Snapshot struct {
	Version int        `json:"version"` // that of the plan's JSON
	Policy  string     `json:"policy"`
	State   rule.State `json:"state"`
}

// Before is the snapshot of what the plan is about to change.
func (p *Plan) Before(s *rule.State) Snapshot {
	shot := Snapshot{Version: Version, Policy: p.Policy, State: rule.State{Project: s.Project, Groups: []rule.LiveGroup{}}}
	for _, g := range p.Groups {
		for _, live := range s.Groups {
			if live.ID == g.ID {
				shot.State.Groups = append(shot.State.Groups, live)
			}
		}
	}
	return shot
}

// Write writes the snapshot as JSON.
func (s Snapshot) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(s)
}

// ParseSnapshot reads what [Snapshot.Write] wrote.
func ParseSnapshot(data []byte) (Snapshot, error) {
	var s Snapshot
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("not a snapshot of sgc: %w", err)
	}
	if s.Version != Version || s.Policy == "" {
		return s, fmt.Errorf("not a snapshot of sgc, version %d", Version)
	}
	return s, nil
}

// Desired is the moment of the snapshot as what shall be. Groups that the policy
// has got since are not part of it, and go.
func (s Snapshot) Desired() (Desired, Externals) {
	d := Desired{Policy: s.Policy, Whole: true}
	x := Externals{Groups: map[string]string{}, AddressGroups: map[string]string{}}
	tiers := map[string]string{} // by id
	for _, g := range s.State.Groups {
		tiers[g.ID] = tierOf(g)
	}
	for _, live := range s.State.Groups {
		g := DesiredGroup{
			Tier: tierOf(live), ID: live.ID, Name: live.Name, Description: live.Description, Stateful: live.Stateful, Tags: live.Tags,
		}
		expressed, opaque := split(live.Rules)
		g.Opaque = opaque
		var entries []rule.Entry
		for _, l := range expressed {
			l.Rule.Remote = x.keep(l.Rule.Remote, tiers)
			entries = append(entries, rule.Entry{Rule: l.Rule, Origins: []rule.Origin{{Path: l.ID, Description: l.Description}}})
		}
		// As it was, not the fewest; but never twice the same, which a cloud refuses.
		g.Rules = access.Minimise(entries, access.Off)
		d.Groups = append(d.Groups, g)
	}
	return d, x
}

// tierOf is what a group is called in a plan to restore it: its tier, or its
// name where the policy had not taken it over yet.
func tierOf(g rule.LiveGroup) string {
	if _, tier, ok := rule.ParseMark(g.Description); ok {
		return tier
	}
	return g.Name
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

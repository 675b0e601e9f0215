package conformance

import (
	"net/http"
	"slices"
	"testing"

	"sgc.dev/sgc/rule"
)

// A saboteur is another client of the project, which does one thing while sgc is at work.
type saboteur struct{ *trial }

// A move is what a saboteur does, to groups as they are at that moment. It returns the
// ids of the groups that it was done to; none where there was nothing to do it to.
type move struct {
	name string
	do   func(s saboteur, t *testing.T, now view) []string
}

func moves() []move {
	field := func(name string, value func(s saboteur, g liveGroup) string) func(saboteur, *testing.T, view) []string {
		return func(s saboteur, _ *testing.T, now view) []string {
			g, ok := s.mine(now)
			return s.done(ok && s.send(http.MethodPut, groupPath(g.ID), body{"security_group": body{name: value(s, g)}}), g.ID)
		}
	}
	rules := func(made func(s saboteur, g liveGroup, now view) (body, bool)) func(saboteur, *testing.T, view) []string {
		return func(s saboteur, _ *testing.T, now view) []string {
			g, ok := s.mine(now)
			if !ok {
				return nil
			}
			r, ok := made(s, g, now)
			return s.done(ok && s.addRule(g.ID, r), g.ID)
		}
	}
	return []move{
		{"takes the mark off a group", field("description", func(_ saboteur, g liveGroup) string { return rule.Unmarked(g.Description) })},
		{"gives a group another policy's mark", field("description", func(saboteur, liveGroup) string { return rule.Mark("thief", "den") })},
		{"takes a group over", func(s saboteur, _ *testing.T, now view) []string {
			g, ok := s.mine(now)
			ok = ok && s.send(http.MethodPut, groupPath(g.ID), body{"security_group": body{"name": "mail", "description": ""}})
			return s.done(ok && s.addRule(g.ID, stray()), g.ID)
		}},
		{"renames a group", field("name", func(saboteur, liveGroup) string { return "renamed by hand" })},
		{"describes a group otherwise", field("description", func(_ saboteur, g liveGroup) string {
			policy, tier, _ := rule.ParseMark(g.Description)
			return "by hand " + rule.Mark(policy, tier)
		})},
		{addsCovered, rules(func(s saboteur, g liveGroup, now view) (body, bool) { return s.covered(g, now) })},
		{"adds a rule that it does not", rules(func(saboteur, liveGroup, view) (body, bool) { return stray(), true })},
		{"removes a rule", func(s saboteur, _ *testing.T, now view) []string {
			g, ok := s.mine(now)
			ok = ok && len(g.Rules) > 0
			return s.done(ok && s.send(http.MethodDelete, rulesPath+"/"+draw(s.scene, g.Rules).ID, nil), g.ID)
		}},
		{"adds a tag", func(s saboteur, _ *testing.T, now view) []string {
			g, ok := s.mine(now)
			return s.done(ok && s.send(http.MethodPut, groupPath(g.ID)+"/tags/theirs", nil), g.ID)
		}},
		{"takes a tag away", func(s saboteur, _ *testing.T, now view) []string {
			g, ok := s.mine(now)
			ok = ok && len(g.Tags) > 0
			return s.done(ok && s.send(http.MethodDelete, groupPath(g.ID)+"/tags/"+draw(s.scene, g.Tags), nil), g.ID)
		}},
		{"deletes a group", func(s saboteur, _ *testing.T, now view) []string {
			g, ok := s.mine(now)
			return s.done(ok && s.send(http.MethodDelete, groupPath(g.ID), nil), g.ID)
		}},
		{"creates a group of a tier's name", func(s saboteur, t *testing.T, _ view) []string {
			return s.newGroup(draw(s.scene, s.scene.set.Groups).Name, "")
		}},
		{joins, func(s saboteur, t *testing.T, _ view) []string {
			g := draw(s.scene, s.scene.set.Groups)
			return s.newGroup(g.Name, g.CloudDescription(scenePolicy))
		}},
		{"has a group of others name one", func(s saboteur, _ *testing.T, now view) []string {
			goes, ok := s.goes(now)
			g, is := s.theirs(now)
			r := stray()
			r["remote_group_id"] = goes.ID
			delete(r, "remote_ip_prefix")
			return s.done(ok && is && s.addRule(g.ID, r), g.ID, goes.ID)
		}},
		{"adds a rule to a group of others", func(s saboteur, _ *testing.T, now view) []string {
			g, ok := s.theirs(now)
			return s.done(ok && s.addRule(g.ID, stray()), g.ID)
		}},
		{"changes a group of others", func(s saboteur, _ *testing.T, now view) []string {
			g, ok := s.theirs(now)
			ok = ok && s.send(http.MethodPut, groupPath(g.ID), body{"security_group": body{"description": "by hand"}})
			return s.done(ok && s.send(http.MethodPut, groupPath(g.ID)+"/tags/theirs", nil), g.ID)
		}},
	}
}

// Moves that runs do not always see.
const (
	addsCovered = "adds a rule that the policy covers"
	joins       = "creates a group of a tier, as another run does"
)

func groupPath(id string) string { return groupsPath + "/" + id }

// stray is a rule that no scene has.
func stray() body {
	return body{"direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 7001, "port_range_max": 7009, "remote_ip_prefix": "198.51.100.0/24"}
}

// send says whether the cloud did it.
func (s saboteur) send(method, path string, in any) bool {
	_, err := s.account().neutron.call(method, path, in, nil)
	return err == nil
}

func (s saboteur) addRule(group string, r body) bool {
	r["security_group_id"] = group
	return s.send(http.MethodPost, rulesPath, body{"security_group_rule": r})
}

func (s saboteur) newGroup(name, description string) []string {
	var made struct {
		Group liveGroup `json:"security_group"`
	}
	_, err := s.account().neutron.call(http.MethodPost, groupsPath, body{"security_group": body{"name": name, "description": description}}, &made)
	return s.done(err == nil, made.Group.ID)
}

func (saboteur) done(ok bool, ids ...string) []string {
	if !ok {
		return nil
	}
	return ids
}

// mine is a group of the policy.
func (s saboteur) mine(now view) (liveGroup, bool) { return s.any(now, owned) }

// theirs is a group of others, the default one aside.
func (s saboteur) theirs(now view) (liveGroup, bool) {
	return s.any(now, func(g liveGroup) bool {
		return !owned(g) && g.Name != "default" && slices.Contains([]string{"legacy", "partner", "stranger"}, now.label(g.ID))
	})
}

// goes is a group of the policy that will be deleted, or else one of its groups.
func (s saboteur) goes(now view) (liveGroup, bool) {
	g, ok := s.any(now, func(g liveGroup) bool { return slices.Contains([]string{"old", "twin"}, now.label(g.ID)) })
	if !ok {
		g, ok = s.mine(now)
	}
	return g, ok
}

func (s saboteur) any(now view, is func(liveGroup) bool) (liveGroup, bool) {
	groups := slices.DeleteFunc(slices.Clone(now.groups), func(g liveGroup) bool { return !is(g) })
	if len(groups) == 0 {
		return liveGroup{}, false
	}
	return draw(s.scene, groups), true
}

func owned(g liveGroup) bool {
	policy, _, _ := rule.ParseMark(g.Description)
	return policy == scenePolicy
}

// covered is a rule that the group's tier covers and most likely does not list.
func (s saboteur) covered(g liveGroup, now view) (body, bool) {
	_, tier, _ := rule.ParseMark(g.Description)
	at := slices.IndexFunc(s.scene.set.Groups, func(w rule.Group) bool { return w.Tier == tier })
	if at < 0 || len(s.scene.set.Groups[at].Rules) == 0 {
		return nil, false
	}
	e := draw(s.scene, s.scene.set.Groups[at].Rules)
	forms := s.scene.forms(e.Rule)
	if len(forms) == 0 {
		return nil, false
	}
	r := forms[0]
	id := func(label *string) *string {
		if label == nil {
			return nil
		}
		for id, l := range now.labels {
			if l == *label {
				return &id
			}
		}
		return label
	}
	if e.Remote.Kind() == rule.RemoteAnyone {
		inside := map[string]string{"IPv4": "10.9.0.0/16", "IPv6": "2001:db8:9::/48"}[r.Ethertype]
		r.Prefix = &inside
	}
	return body{"direction": r.Direction, "ethertype": r.Ethertype, "protocol": r.Protocol, "port_range_min": r.Min, "port_range_max": r.Max,
		"remote_ip_prefix": r.Prefix, "remote_group_id": id(r.Group), "remote_address_group_id": id(r.AddressGroup)}, true
}

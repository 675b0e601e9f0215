package conformance

import (
	"testing"

	"sgc.dev/sgc/sandbox"
)

// A project is one that a client is tried on: of the sandbox, or of a real cloud.
// Its methods go past the client.
type project interface {
	account() account
	// plant makes groups as they are given, without rules, and returns their ids.
	// The id, the time and the revision are the cloud's.
	plant(t testing.TB, groups []liveGroup) []string
	// plantRules makes rules those of a group, in that form. A real cloud leaves out
	// what it takes for a duplicate.
	plantRules(t testing.TB, group string, rules []liveRule)
	// groups is all groups of the project. It need not say when they were made.
	groups(t testing.TB) []liveGroup
	// wipe removes all groups but the default one.
	wipe(t testing.TB)
}

// sandboxProject is the project of a sandbox's first account.
type sandboxProject struct {
	cloud *sandbox.Cloud
	demo  account
}

func newSandboxProject(t testing.TB) *sandboxProject {
	t.Helper()
	cloud := sandbox.New()
	server, err := cloud.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	demo := cloud.Demo()
	cloud.SetQuota(demo.ProjectID, -1, -1)
	a, _ := login(t, server.URL(), demo.Name, demo.Password, demo.Name)
	return &sandboxProject{cloud, a}
}

func (p *sandboxProject) account() account { return p.demo }

func (p *sandboxProject) plant(_ testing.TB, groups []liveGroup) []string {
	var ids []string
	for _, g := range groups {
		ids = append(ids, p.cloud.PlantGroup(sandbox.Group{Name: g.Name, Description: g.Description, Stateful: g.Stateful, Tags: g.Tags}).ID)
	}
	return ids
}

func (p *sandboxProject) plantRules(_ testing.TB, group string, rules []liveRule) {
	for _, r := range rules {
		p.cloud.PlantRule(group, sandbox.Rule{
			Direction: r.Direction, Ethertype: r.Ethertype, Protocol: text(r.Protocol), PortRangeMin: r.Min, PortRangeMax: r.Max,
			RemoteIPPrefix: text(r.Prefix), RemoteGroupID: text(r.Group), RemoteAddressGroupID: text(r.AddressGroup), Description: &r.Description,
		})
	}
}

func (p *sandboxProject) groups(testing.TB) []liveGroup {
	var all []liveGroup
	for _, g := range p.cloud.Groups(p.demo.projectID) {
		live := liveGroup{ID: g.ID, Name: g.Name, Description: g.Description, Stateful: g.Stateful, Tags: g.Tags, Revision: g.Revision}
		for _, r := range g.Rules {
			live.Rules = append(live.Rules, liveRule{
				ID: r.ID, Direction: r.Direction, Ethertype: r.Ethertype, Protocol: null(r.Protocol), Min: r.PortRangeMin, Max: r.PortRangeMax,
				Prefix: null(r.RemoteIPPrefix), Group: null(r.RemoteGroupID), AddressGroup: null(r.RemoteAddressGroupID), Description: text(r.Description),
			})
		}
		all = append(all, live)
	}
	return all
}

func (p *sandboxProject) wipe(t testing.TB) {
	for _, g := range p.groups(t) {
		if g.Name != "default" {
			p.cloud.RemoveGroup(g.ID)
		}
	}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func null(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

package schema

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestPolicies loads every archive in testdata/policies and compares all that
// was read, positions too. Inputs and tags are in the archive's comment.
func TestPolicies(t *testing.T) {
	names, err := filepath.Glob("testdata/policies/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			c := unpack(t, name)
			policies, err := Load(c.options)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for _, p := range policies {
				dump(&b, p)
			}
			if *update {
				c.rewrite(t, b.String())
				return
			}
			if got := b.String(); got != c.want {
				t.Errorf("got:\n%swant:\n%s", got, c.want)
			}
		})
	}
}

// dump writes all of a policy that is not the default, a line for each thing.
func dump(b *strings.Builder, p *Policy) {
	line := func(pos rule.Pos, format string, args ...any) {
		fmt.Fprintf(b, "%-22s %s\n", pos, fmt.Sprintf(format, args...))
	}
	waive := func(list []Waiver) {
		for _, w := range list {
			line(w.Pos, "  waive %s: %s", w.Code, w.Reason)
		}
	}
	addresses := func(list []Address) {
		for _, a := range list {
			line(a.Pos, "  %s = %s", a.Text, a.Prefix)
		}
	}
	matches := func(s Service) {
		for _, m := range s.Matches {
			line(m.Pos, "  %s %s, %s", m.Protocol, m.Ports, m.Families)
		}
	}
	peers := func(word string, list []Peer) {
		for _, x := range list {
			line(x.Pos, "  %s %s: kind %d, name %q %v", word, x.Text, x.Kind, x.Name, x.Prefixes)
		}
	}
	line(p.Pos, "policy %s", p.Name)
	waive(p.Waive)
	for _, s := range p.Addresses {
		line(s.Pos, "addresses %s", s.Name)
		addresses(s.Items)
		waive(s.Waive)
	}
	for _, s := range p.Services {
		line(s.Pos, "service %s", s.Name)
		matches(s)
		waive(s.Waive)
	}
	for _, x := range p.Groups {
		line(x.Pos, "group %s: name %q, id %q", x.Key, x.Name, x.ID)
		waive(x.Waive)
	}
	for _, x := range p.AddressGroups {
		line(x.Pos, "address group %s: name %q, id %q", x.Key, x.Name, x.ID)
		waive(x.Waive)
	}
	for _, t := range p.Tiers {
		line(t.Pos, "tier %s: group %q, stateful %v, tags %q, description %q", t.Name, t.Group, t.Stateful, t.Tags, t.Description)
		waive(t.Waive)
		for _, u := range t.Rules {
			line(u.Pos, " %s %s: service %s, own ports %v, any %v, %s, explicit %v", u.Direction, u.Path, u.Service.Name, u.OwnPorts, u.Any, u.Families, u.FamiliesExplicit)
			if u.Description+u.Owner+u.Ticket+u.Expires != "" {
				line(u.ExpiresPos, "  text %q, owner %q, ticket %q, expires %q", u.Description, u.Owner, u.Ticket, u.Expires)
			}
			matches(u.Service)
			peers("peer", u.Peers)
			waive(u.Waive)
		}
	}
	for _, s := range p.Servers {
		line(s.Pos, "server %s: %q", s.Name, s.Tiers)
		addresses(s.Addresses)
		waive(s.Waive)
	}
	for _, a := range p.Asserts {
		service := "everything"
		if a.Service != nil {
			service = a.Service.Name
		}
		line(a.Pos, "assert %q: kind %d, %s", a.Title, a.Kind, service)
		peers("from", a.From)
		peers("to", a.To)
	}
}

package plan

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/rule"
)

// universe draws rules that often cover, meet or equal one another.
type universe struct{ *rand.Rand }

func (u universe) rule(remotes []rule.Remote) rule.Rule {
	r := rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Remote: remotes[u.IntN(len(remotes))]}
	lo := uint16(1 + u.IntN(6))
	r.Ports = rule.PortRange(lo, lo+uint16(u.IntN(3)))
	switch u.IntN(6) {
	case 0:
		r.Protocol, r.Ports = rule.ICMP, rule.ICMPType(uint8(u.IntN(2)))
	case 1:
		r.Protocol, r.Ports = rule.AnyProtocol, rule.NoPorts()
	case 2:
		r.Direction = rule.Egress
	}
	return r
}

func (u universe) rules(most int, remotes []rule.Remote) []rule.Rule {
	var list []rule.Rule
	for range u.IntN(most + 1) {
		list = append(list, u.rule(remotes))
	}
	return list
}

// carryOut does to a state what the plan says, one call after the other, and
// shows each state on the way.
func carryOut(p *Plan, s *rule.State, show func(*rule.State)) *rule.State {
	now := &rule.State{Project: s.Project}
	for _, g := range s.Groups {
		g.Rules, g.Tags = slices.Clone(g.Rules), slices.Clone(g.Tags)
		now.Groups = append(now.Groups, g)
	}
	at := func(id string) *rule.LiveGroup {
		return &now.Groups[slices.IndexFunc(now.Groups, func(g rule.LiveGroup) bool { return g.ID == id })]
	}
	ids := map[string]string{} // of tiers
	for i := range p.Groups {
		g := &p.Groups[i]
		if g.Action == Create {
			g.ID = fmt.Sprintf("new-%s", g.Tier)
			fresh := rule.LiveGroup{ID: g.ID, Name: g.Name, Created: "2026-11-24", Description: g.Description, Stateful: g.Stateful}
			for j, r := range bornWith {
				fresh.Rules = append(fresh.Rules, rule.LiveRule{ID: fmt.Sprintf("born-%s-%d", g.Tier, j), Rule: r})
			}
			now.Groups = append(now.Groups, fresh)
		}
		if g.Action != Delete {
			ids[g.Tier] = g.ID
		}
	}
	show(now)
	create := func() {
		for _, g := range p.Groups {
			for i, e := range g.Create {
				r := e.Rule
				if r.Remote.Kind() == rule.RemoteTier {
					r.Remote = rule.ForeignGroup(ids[r.Remote.Name()])
				}
				live := at(g.ID)
				if g.Action == Create && slices.ContainsFunc(live.Rules, func(l rule.LiveRule) bool { return l.Rule == r }) {
					continue // born with it
				}
				live.Rules = append(live.Rules, rule.LiveRule{ID: fmt.Sprintf("made-%s-%d", g.Tier, i), Rule: r, Description: e.Description()})
				show(now)
			}
		}
	}
	remove := func() {
		for _, g := range p.Groups {
			if g.Action == Delete {
				continue
			}
			live := at(g.ID)
			gone := slices.Clone(g.Remove)
			if g.Action == Create {
				for _, l := range live.Rules {
					if slices.Contains(bornWith, l.Rule) && !slices.ContainsFunc(g.Create, func(e rule.Entry) bool { return e.Rule == l.Rule }) {
						gone = append(gone, l)
					}
				}
			}
			for _, l := range gone {
				live.Rules = slices.DeleteFunc(slices.Clone(live.Rules), func(o rule.LiveRule) bool { return o.ID == l.ID })
				show(now)
			}
		}
	}
	if p.DeletesFirst {
		remove()
		create()
	} else {
		create()
		remove()
	}
	for _, g := range p.Groups {
		if g.Action == Delete {
			now.Groups = slices.DeleteFunc(now.Groups, func(l rule.LiveGroup) bool { return l.ID == g.ID })
			for i := range now.Groups { // as the server does, without a word
				live := &now.Groups[i]
				live.Rules = slices.DeleteFunc(slices.Clone(live.Rules), func(l rule.LiveRule) bool { return l.Rule.Remote == rule.ForeignGroup(g.ID) })
			}
			show(now)
			continue
		}
		live := at(g.ID)
		live.Name, live.Description, live.Stateful = g.Name, g.Description, g.Stateful
		live.Tags = slices.DeleteFunc(append(live.Tags, g.Tag...), func(tag string) bool { return slices.Contains(g.Untag, tag) })
		live.Revision++
	}
	return now
}

// TestEveryStepIsSafe carries random plans out step by step: what old and new
// both allow is allowed all along, nothing but old, new and what a group is born
// with ever is, and at the end it is what the policy says and the next plan is empty,
// as it was foretold to be. What the way back takes is foretold too.
func TestEveryStepIsSafe(t *testing.T) {
	u := universe{rand.New(rand.NewPCG(11, 24))}
	steps, changed, stayed, left := 0, 0, 0, 0
	n := rounds.Of(300)
	for round := range n {
		desired := []rule.Remote{rule.Anyone(), network("10.0.0.0/8"), network("10.128.0.0/9"), rule.Tier("web"), rule.Tier("db")}
		cloud := []rule.Remote{rule.Anyone(), network("10.0.0.0/8"), network("10.0.0.0/9"), network("10.128.0.0/9"), rule.ForeignGroup("id-web"), rule.ForeignGroup("id-old")}
		set := &rule.Set{Policy: "shop", Groups: []rule.Group{
			{Tier: "db", Name: "db", Stateful: true, Rules: access.Minimise(entries(u.rules(6, desired)...), access.Full)},
			{Tier: "web", Name: "web", Stateful: true, Rules: access.Minimise(entries(u.rules(6, desired)...), access.Full)},
		}}
		if round%3 == 0 {
			for i := range set.Groups {
				set.Groups[i].Others = entries(u.rules(3, desired)...)
			}
		}
		d := FromSet(set)
		s := &rule.State{Project: "p1"}
		for _, tier := range []string{"db", "web", "old"} {
			if u.IntN(4) > 0 {
				s.Groups = append(s.Groups, live("id-"+tier, tier, u.rules(8, cloud)...))
			}
		}
		o := Options{Tidy: u.IntN(3) == 0, DeletesFirst: u.IntN(5) == 0}
		p := mustMake(t, d, s, o)
		if again := mustMake(t, d, s, o); fmt.Sprint(again.Groups) != fmt.Sprint(p.Groups) {
			t.Fatalf("round %d: two plans of one state differ", round)
		}
		if next := mustMake(t, d, p.After(s), Options{}); !next.Empty() {
			t.Fatalf("round %d: after the plan there is something to do: %s", round, next.Summary())
		}
		if round%10 == 0 { // writing and reading takes longer than all else
			if differs := differsNow(t, mustDocument(t, []*rule.Set{set}, s, o), s); differs != nil {
				t.Fatalf("round %d: an honest plan is refused: %v", round, differs)
			}
		}
		old := allowed(s)
		want, whole := map[string]access.Access{}, map[string]access.Access{} // with what others may open
		tierID := map[string]string{"web": "new-web", "db": "new-db"}
		for _, g := range s.Groups {
			tierID[g.Name] = g.ID
		}
		for _, g := range d.Groups {
			byID := func(entries []rule.Entry) []rule.Rule {
				rules := rulesOf(entries)
				for i, r := range rules {
					if r.Remote.Kind() == rule.RemoteTier {
						rules[i].Remote = rule.ForeignGroup(tierID[r.Remote.Name()])
					}
				}
				return rules
			}
			want[tierID[g.Tier]] = access.Of(byID(g.Rules)...)
			whole[tierID[g.Tier]] = access.Of(byID(slices.Concat(g.Rules, g.Others))...)
		}
		end := carryOut(p, s, func(now *rule.State) {
			steps++
			for _, g := range now.Groups {
				is := access.Of(liveRules(g.Rules)...)
				for _, r := range old[g.ID].Rules() {
					for _, both := range meet(r, want[g.ID]) {
						if !o.DeletesFirst && !is.Contains(both) {
							t.Fatalf("round %d: %s lost %v, which old and new allow", round, g.ID, both)
						}
					}
				}
				born := bornWith
				if _, there := old[g.ID]; there {
					born = nil
				}
				most := access.Of(slices.Concat(old[g.ID].Rules(), want[g.ID].Rules(), born)...)
				for _, r := range is.Rules() {
					if !most.Contains(r) {
						t.Fatalf("round %d: %s allows %v, which neither old nor new does", round, g.ID, r)
					}
				}
			}
		})
		// What others may open stays; without it there is what the policy says, and nothing else.
		for _, g := range p.Groups {
			left += len(g.Left)
		}
		for _, g := range s.Groups {
			for _, l := range g.Rules {
				gone := !slices.ContainsFunc(end.Groups, func(e rule.LiveGroup) bool {
					return e.ID == g.ID && slices.ContainsFunc(e.Rules, func(r rule.LiveRule) bool { return r.ID == l.ID })
				})
				if gone && !o.Tidy && whole[g.ID].Contains(l.Rule) && l.Rule.Remote != rule.ForeignGroup("id-old") {
					t.Fatalf("round %d: %s is gone from %s", round, l, g.ID)
				}
			}
		}
		for id, is := range allowed(end) {
			for _, r := range is.Rules() {
				if !whole[id].Contains(r) {
					t.Fatalf("round %d: %s allows %v, which others may not open", round, id, r)
				}
			}
		}
		for id, is := range allowed(withoutLeft(p, end)) {
			if !is.Equal(want[id]) {
				t.Fatalf("round %d: %s allows %v, not %v", round, id, is.Rules(), want[id].Rules())
			}
		}
		if next := mustMake(t, d, end, Options{}); !next.Empty() {
			t.Fatalf("round %d: the next plan is not empty: %s", round, next.Summary())
		}
		was, x := p.Before(s, Place{}).Desired()
		back, err := Make(was, end, x, Options{})
		if err != nil {
			t.Fatalf("round %d: there is no way back: %v", round, err)
		}
		destroys := slices.ContainsFunc(back.Groups, func(g Group) bool { return g.Action == Delete || g.mostlyCloses() })
		if p.BackDestroys() != destroys {
			t.Fatalf("round %d: the way back is said to take a permit: %t, not %t", round, !destroys, destroys)
		}
		for _, g := range p.Groups {
			changed += len(g.Create) + len(g.Remove)
			stayed += len(g.Stay)
		}
	}
	if steps < 6*n || changed < 3*n || stayed < n/2 || left < n/10 {
		t.Errorf("%d steps, %d rules changed, %d stayed, %d were left: the universe is too thin", steps, changed, stayed, left)
	}
}

// withoutLeft is the state without what the plan leaves to others.
func withoutLeft(p *Plan, s *rule.State) *rule.State {
	theirs := map[string]bool{}
	for _, g := range p.Groups {
		for _, l := range g.Left {
			theirs[l.ID] = true
		}
	}
	own := &rule.State{}
	for _, g := range s.Groups {
		g.Rules = slices.DeleteFunc(slices.Clone(g.Rules), func(l rule.LiveRule) bool { return theirs[l.ID] })
		own.Groups = append(own.Groups, g)
	}
	return own
}

func allowed(s *rule.State) map[string]access.Access {
	all := map[string]access.Access{}
	for _, g := range s.Groups {
		all[g.ID] = access.Of(liveRules(g.Rules)...)
	}
	return all
}

// meet is packets of r that the access allows too, as rules of the universe's
// grain: r itself, or each of its ports.
func meet(r rule.Rule, a access.Access) []rule.Rule {
	if a.Contains(r) {
		return []rule.Rule{r}
	}
	lo, hi, ok := r.Ports.Range()
	if !ok {
		return nil
	}
	var both []rule.Rule
	for port := lo; port <= hi; port++ {
		r.Ports = rule.PortRange(port, port)
		if a.Contains(r) {
			both = append(both, r)
		}
	}
	return both
}

package drift_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/drift"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

func tcp(port uint16, from rule.Remote) rule.Rule {
	return rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(port, port), Remote: from}
}

// at is a rule of the policy's line of that number.
func at(line int, expires string, rules ...rule.Rule) (entries []rule.Entry) {
	for _, r := range rules {
		entries = append(entries, rule.Entry{Rule: r, Origins: []rule.Origin{{Pos: rule.Pos{File: "p.cue", Line: line, Column: 3}, Path: "tiers", Key: "r", Expires: expires}}})
	}
	return entries
}

// shop is a policy of two tiers, db and web, of which db is for web and for a group of others.
func shop(web ...rule.Entry) *rule.Set {
	return &rule.Set{
		Policy:  "shop",
		Foreign: []rule.External{{Key: "old", Name: "legacy"}},
		Groups: []rule.Group{
			{Tier: "db", Name: "db", Stateful: true, Pos: rule.Pos{File: "p.cue", Line: 3, Column: 1},
				Rules: at(4, "", tcp(5432, rule.Tier("web")), tcp(5433, rule.ForeignGroup("old")))},
			{Tier: "web", Name: "web", Stateful: true, Pos: rule.Pos{File: "p.cue", Line: 7, Column: 1}, Rules: web},
		},
	}
}

func group(id, name, description string, rules ...rule.Rule) rule.LiveGroup {
	g := rule.LiveGroup{ID: id, Name: name, Description: description, Stateful: true, Touched: "2026-11-29T14:05:59Z"}
	for i, r := range rules {
		g.Rules = append(g.Rules, rule.LiveRule{ID: fmt.Sprintf("%s%d-rule", id, i), Rule: r, Created: fmt.Sprintf("2026-11-29T14:0%d:00Z", i)})
	}
	return g
}

// project is the groups of the policy, with the mark and without tags, and that of others.
func project(web ...rule.Rule) *rule.State {
	return &rule.State{Project: "p1", Groups: []rule.LiveGroup{
		group("d", "db", "[sgc:shop/db]", tcp(5432, rule.ForeignGroup("w")), tcp(5433, rule.ForeignGroup("l"))),
		group("l", "legacy", ""),
		group("w", "web", "[sgc:shop/web]", web...),
	}}
}

// applied is a state with the tags that an apply of the set leaves. Live access is as it was.
func applied(t *testing.T, s *rule.State, set *rule.Set) *rule.State {
	t.Helper()
	p := made(t, s, set, plan.Options{Adopt: true, Fingerprints: true})
	end := p.After(s)
	for i := range s.Groups {
		s.Groups[i].Tags = end.Groups[i].Tags
	}
	return s
}

func made(t *testing.T, s *rule.State, set *rule.Set, o plan.Options) *plan.Plan {
	t.Helper()
	x, err := plan.Resolve(plan.FromSet(set), s.Project, plan.Candidates(s), nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Make(plan.FromSet(set), s, x, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func judge(t *testing.T, s *rule.State, set *rule.Set, was *plan.Document) drift.Report {
	t.Helper()
	p := made(t, s, set, plan.Options{Adopt: true})
	return drift.Report{Policies: drift.Judge(s, []*plan.Plan{p}, []*rule.Set{set}, was)}
}

// TestVerdicts has every way in which a cloud and a policy can have parted.
func TestVerdicts(t *testing.T) {
	var (
		http, https, rdp = tcp(80, rule.Anyone()), tcp(443, rule.Anyone()), tcp(3389, rule.Anyone())
		odd              = rule.LiveRule{ID: "odd-rule", Words: "ingress IPv4 protocol 0", Created: "2026-11-29T14:09:00Z"}
		now              = func(rules ...rule.Rule) *rule.Set { return shop(at(8, "", rules...)...) }
		accepted         = now(http)
		stateless        = project(http)
		opaque           = project(http)
		twin             = project(http)
		fewer            = now(http)
	)
	accepted.Groups[1].Others = at(9, "2026-12-31", rdp)
	fewer.Groups = fewer.Groups[:1]
	fewer.Groups[0].Rules = at(4, "", tcp(5432, rule.ForeignGroup("old")))
	lapsed := now(http)
	lapsed.Groups[1].Expired = at(9, "2026-11-28", rdp)
	for _, c := range []struct {
		name string
		live *rule.State
		tags *rule.Set // what was applied, of which tags tell; nil is nothing
		now  *rule.Set
		want string
	}{
		{"as applied", project(http), now(http), now(http), ""},
		{"as applied, without tags", project(http), nil, now(http), ""},
		{"made so by hand", project(http, https), now(http), now(http, https), ""},
		{"in another spelling", project(tcp(80, rule.Anyone()), tcp(80, rule.ForeignGroup("d"))), now(http), now(http), ""},
		{"pending", project(http), now(http), now(http, https), "web pending: is to open tcp/443 IPv4 from anyone: p.cue:8:3 is not applied"},
		{"pending, to close", project(http, https), now(http, https), now(http),
			"web pending: still opens tcp/443 IPv4 from anyone: rule w1…, created 2026-11-29 14:01 UTC, at no line"},
		{"pending since it has expired", project(http, rdp), now(http, rdp), lapsed,
			"web pending: still opens tcp/3389 IPv4 from anyone: rule w1…, created 2026-11-29 14:01 UTC, expired after 2026-11-28"},
		{"drifted", project(rdp), now(http), now(http),
			"web drifted: opens tcp/3389 IPv4 from anyone: rule w0…, created 2026-11-29 14:00 UTC, at no line; closes tcp/80 IPv4 from anyone: p.cue:8:3, gone not later than 2026-11-29 14:05 UTC"},
		{"drifted, and pending as well", project(http, rdp), now(http), now(http, https),
			"web drifted: allows tcp/3389 IPv4 from anyone: rule w1…, created 2026-11-29 14:01 UTC, at no line; lacks tcp/443 IPv4 from anyone: p.cue:8:3; this is neither what was applied nor what the policy says now: some of it may be pending"},
		{"without tags", project(http, rdp), nil, now(http), "web differs: allows tcp/3389 IPv4 from anyone: rule w1…, created 2026-11-29 14:01 UTC, at no line"},
		{"accepted until a day", project(http, rdp), now(http), accepted, ""},
		{"accepted, and applied beside it", project(http, rdp), accepted, accepted, ""},
		{"accepted no more", project(http, rdp), accepted, now(http), "web drifted: opens tcp/3389 IPv4 from anyone: rule w1…, created 2026-11-29 14:01 UTC, at no line"},
		{"accepted now, and more is to come", project(http, rdp), now(http), func() *rule.Set {
			set := now(http, https)
			set.Groups[1].Others = accepted.Groups[1].Others
			return set
		}(), "web pending: is to open tcp/443 IPv4 from anyone: p.cue:8:3 is not applied"},
		{"left to others now, and more is to come", project(http, rdp), now(http, rdp), func() *rule.Set {
			set := now(http, https)
			set.Groups[1].Others = accepted.Groups[1].Others
			return set
		}(), "web pending: is to open tcp/443 IPv4 from anyone: p.cue:8:3 is not applied"},
		{"stateless", func() *rule.State { stateless.Groups[2].Stateful = false; return stateless }(), now(http), now(http),
			"web drifted: stateful is false, and should be true"},
		{"what cannot be expressed", func() *rule.State { opaque.Groups[2].Rules = append(opaque.Groups[2].Rules, odd); return opaque }(), now(http), now(http),
			"web drifted: opens ingress IPv4 protocol 0: rule odd…, created 2026-11-29 14:09 UTC, at no line"},
		{"no group", &rule.State{Project: "p1", Groups: project().Groups[1:]}, nil, now(),
			"db differs: there is no such group (any more, or yet)"},
		{"a second group", func() *rule.State {
			twin.Groups = append(twin.Groups, group("x", "web", "[sgc:shop/web]", http))
			twin.Groups[3].Created = "2026-11-29T15:00:00Z"
			return twin
		}(), nil, now(http), "web differs: the tier has an older one; allows tcp/80 IPv4 from anyone: rule x0…, created 2026-11-29 14:00 UTC, at no line"},
		{"a tier that is gone", project(http), now(http), fewer,
			"db pending: still opens tcp/5432 IPv4 from tier web: rule d0…, created 2026-11-29 14:00 UTC, at no line; " +
				"still opens tcp/5433 IPv4 from group old: rule d1…, created 2026-11-29 14:01 UTC, at no line; " +
				"is to open tcp/5432 IPv4 from group old: p.cue:4:3 is not applied; " +
				"web pending: the policy has no such tier any more; still opens tcp/80 IPv4 from anyone: rule w0…, created 2026-11-29 14:00 UTC, at no line"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := c.live
			if c.tags != nil {
				s = applied(t, s, c.tags)
			}
			if got := said(judge(t, s, c.now, nil)); got != c.want {
				t.Errorf("%s\nnot\n%s", got, c.want)
			}
		})
	}
}

// said is the results of a report, one after the other.
func said(r drift.Report) string {
	var list []string
	last := ""
	for _, f := range r.Findings() {
		text := f.Message
		if head, rest, _ := strings.Cut(text, ": "); head == last {
			text = rest
		} else {
			last = head
		}
		list = append(list, text)
	}
	return strings.Join(list, "; ")
}

// TestFound finds groups by their names where no mark says which they are.
func TestFound(t *testing.T) {
	http := tcp(80, rule.Anyone())
	s := project(http, tcp(443, rule.Anyone()))
	for i := range s.Groups {
		s.Groups[i].Description = "by Terraform"
	}
	want := "web differs: allows tcp/443 IPv4 from anyone: rule w1…, created 2026-11-29 14:01 UTC, at no line"
	if got := said(judge(t, s, shop(at(8, "", http)...), nil)); got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
}

// TestApplied lets the document of the plans that were carried out decide, whatever tags say.
func TestApplied(t *testing.T) {
	http, https, rdp := tcp(80, rule.Anyone()), tcp(443, rule.Anyone()), tcp(3389, rule.Anyone())
	was, now := shop(at(5, "", http)...), shop(at(8, "", http, https)...)
	document := func(s *rule.State) *plan.Document {
		return &plan.Document{Plans: []*plan.Plan{made(t, s, was, plan.Options{})}, Policies: []*rule.Set{was}}
	}
	for _, c := range []struct {
		name string
		live *rule.State
		want string
	}{
		{"pending", project(http), "web pending: is to open tcp/443 IPv4 from anyone: p.cue:8:3 is not applied"},
		{"as the policy says", project(http, https), ""},
		{"drifted, and nothing is said of what is pending", project(http, rdp),
			"web drifted: opens tcp/3389 IPv4 from anyone: rule w1…, created 2026-11-29 14:01 UTC, at no line"},
		{"drifted", project(), "web drifted: closes tcp/80 IPv4 from anyone: p.cue:5:3, gone not later than 2026-11-29 14:05 UTC"},
		{"gone", &rule.State{Project: "p1", Groups: []rule.LiveGroup{
			group("d", "db", "[sgc:shop/db]", tcp(5433, rule.ForeignGroup("l"))), group("l", "legacy", ""),
		}}, "db drifted: closes tcp/5432 IPv4 from tier web: p.cue:4:3, gone not later than 2026-11-29 14:05 UTC; web drifted: the group is gone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := document(project(http))
			if got := said(judge(t, applied(t, c.live, shop()), now, d)); got != c.want {
				t.Errorf("%s\nnot\n%s", got, c.want)
			}
		})
	}
	t.Run("yet to be made", func(t *testing.T) {
		s := &rule.State{Project: "p1", Groups: []rule.LiveGroup{group("l", "legacy", "")}}
		want := "db pending: the group is yet to be made; web pending: the group is yet to be made"
		if got := said(judge(t, s, now, &plan.Document{})); got != want {
			t.Errorf("%s\nnot\n%s", got, want)
		}
	})
}

// TestCover counts groups and ports, but for the default group that nobody has touched and
// what belongs to the network.
func TestCover(t *testing.T) {
	s := project()
	s.Groups = append(s.Groups, rule.LiveGroup{ID: "default", Name: "default", Stateful: true, Revision: 1})
	ports := []rule.LivePort{
		{ID: "1", Groups: []string{"w"}},
		{ID: "2", Groups: []string{"w", "d"}},
		{ID: "3", Groups: []string{"w", "l"}},
		{ID: "4", Groups: []string{"default"}},
		{ID: "5"},
		{ID: "6", Owner: "network:dhcp"},
	}
	c := drift.Cover(s, plan.UnownedOf(s), ports)
	if want := (drift.Coverage{Groups: drift.Share{Covered: 2, All: 3}, Ports: drift.Share{Covered: 2, All: 5}}); *c != want {
		t.Errorf("%+v, not %+v", *c, want)
	}
}

// TestFindings knows each access again though lines, ids and times are others.
func TestFindings(t *testing.T) {
	http, rdp := tcp(80, rule.Anyone()), tcp(3389, rule.Anyone())
	keys := func(s *rule.State, line int) (keys []string) {
		for _, f := range judge(t, s, shop(at(line, "", http)...), nil).Findings() {
			keys = append(keys, strings.Join(f.Key, "|"))
		}
		return keys
	}
	before, other := project(rdp), project(tcp(22, rule.Anyone()), rdp)
	if a, b := keys(before, 8), keys(other, 18); len(a) != 2 || !slices.Contains(b, a[0]) || !slices.Contains(b, a[1]) || len(b) != 3 {
		t.Errorf("%q\n%q", a, b)
	}
}

// TestHostile writes what a stranger has called a group so that nothing of it acts.
func TestHostile(t *testing.T) {
	const name = "\x1b[2J\n\u202eweb\"} 1\n"
	s := project(tcp(80, rule.Anyone()))
	s.Groups = append(s.Groups, group("h", name, ""))
	set := shop()
	set.Groups[1].Name, s.Groups[2].Name = name+"2", name+"2"
	r := judge(t, s, set, nil)
	r.Unowned, r.Place.Project = plan.UnownedOf(s), name
	for format, write := range map[string]func(*bytes.Buffer) error{
		"text":       func(b *bytes.Buffer) error { return drift.Text(b, r) },
		"json":       func(b *bytes.Buffer) error { return drift.JSON(b, nil, r) },
		"sarif":      func(b *bytes.Buffer) error { return drift.SARIF(b, "1", r) },
		"prometheus": func(b *bytes.Buffer) error { return drift.Prometheus(b, 1, r) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(b.String(), "\x1b\u202e") || !strings.Contains(b.String(), "web") {
			t.Errorf("%s:\n%q", format, b.String())
		}
	}
}

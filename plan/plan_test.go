package plan

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

func tcp(port uint16, remote rule.Remote) rule.Rule {
	return rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(port, port), Remote: remote}
}

func network(s string) rule.Remote { return rule.Prefix(netip.MustParsePrefix(s)) }

func entries(rules ...rule.Rule) []rule.Entry {
	var list []rule.Entry
	for i, r := range rules {
		list = append(list, rule.Entry{Rule: r, Origins: []rule.Origin{{
			Pos: rule.Pos{File: "p.cue", Line: i + 3, Column: 5}, Path: "tiers.web.ingress.r", Key: "r",
		}}})
	}
	return list
}

// shop is a policy of two tiers: web, and db that web reaches.
func shop(web ...rule.Rule) Desired { return FromSet(shopSet(web...)) }

func shopSet(web ...rule.Rule) *rule.Set {
	return &rule.Set{Policy: "shop", Groups: []rule.Group{
		{Tier: "db", Name: "db", Stateful: true, Rules: entries(tcp(5432, rule.Tier("web")))},
		{Tier: "web", Name: "web", Stateful: true, Rules: entries(web...)},
	}}
}

func live(id, tier string, rules ...rule.Rule) rule.LiveGroup {
	g := rule.LiveGroup{
		ID: id, Name: tier, Description: rule.Mark("shop", tier), Stateful: true, Tags: rule.OwnershipTags("shop", tier), Revision: 7,
		Created: "2026-11-01T00:00:00Z",
	}
	for i, r := range rules {
		g.Rules = append(g.Rules, rule.LiveRule{ID: id + "-" + string(rune('a'+i)), Rule: r, Description: "r"})
	}
	return g
}

func settled(web ...rule.Rule) *rule.State {
	return &rule.State{Project: "p1", Groups: []rule.LiveGroup{
		live("id-db", "db", tcp(5432, rule.ForeignGroup("id-web"))),
		live("id-web", "web", web...),
	}}
}

func mustMake(t *testing.T, d Desired, s *rule.State, o Options) *Plan {
	t.Helper()
	p, err := Make(d, s, Externals{}, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func group(t *testing.T, p *Plan, tier string) Group {
	t.Helper()
	for _, g := range p.Groups {
		if g.Tier == tier {
			return g
		}
	}
	t.Fatalf("no group of tier %s", tier)
	return Group{}
}

func TestNothingToDo(t *testing.T) {
	http := tcp(80, rule.Anyone())
	if p := mustMake(t, shop(http), settled(http), Options{}); !p.Empty() {
		t.Errorf("%+v", p.Groups)
	}
}

func TestSameMeaningIsNoChange(t *testing.T) {
	whole := tcp(0, rule.Anyone())
	whole.Ports = rule.PortRange(80, 81)
	forms := settled(tcp(80, rule.Anyone()), tcp(81, rule.Anyone()), tcp(80, network("10.0.0.0/8")), tcp(80, rule.Anyone()))
	if p := mustMake(t, shop(whole), forms, Options{}); !p.Empty() {
		t.Errorf("%+v", group(t, p, "web"))
	}
	tidy := group(t, mustMake(t, shop(whole), forms, Options{Tidy: true}), "web")
	if len(tidy.Create) != 1 || tidy.Create[0].Rule != whole || len(tidy.Remove) != 4 || tidy.Stay != nil {
		t.Errorf("tidy: %+v", tidy)
	}
}

func TestWhatIsInsideStays(t *testing.T) {
	inside, outside := tcp(80, network("10.0.0.0/8")), tcp(22, rule.Anyone())
	g := group(t, mustMake(t, shop(tcp(80, rule.Anyone())), settled(inside, outside), Options{}), "web")
	if len(g.Stay) != 1 || g.Stay[0].Rule != inside || len(g.Remove) != 1 || g.Remove[0].Rule != outside || len(g.Create) != 1 {
		t.Errorf("%+v", g)
	}
}

// TestGoneWithItsRemote shows a rule as one that goes where the group that it
// names is deleted: the cloud would take it along, covered or not.
func TestGoneWithItsRemote(t *testing.T) {
	s := settled(tcp(443, rule.Anyone()), tcp(443, rule.ForeignGroup("id-old")), tcp(443, rule.ForeignGroup("id-twin")))
	twin := live("id-twin", "web")
	twin.Created = "2026-11-02T00:00:00Z"
	s.Groups = append(s.Groups, live("id-old", "old"), twin)
	g := group(t, mustMake(t, shop(tcp(443, rule.Anyone())), s, Options{}), "web")
	if len(g.Stay) != 1 || len(g.Remove) != 2 || len(g.Create) != 0 || g.Action != Change {
		t.Errorf("%+v", g)
	}
	d := shop(tcp(443, rule.ForeignGroup("legacy")))
	d.Foreign = []rule.External{{Key: "legacy", ID: "id-twin", Pos: rule.Pos{File: "p.cue", Line: 9, Column: 3}}}
	_, err := Make(d, s, Externals{Groups: map[string]string{"legacy": "id-twin"}}, Options{})
	if want := "p.cue:9:3: group legacy is a second one of tier web, and will be deleted: name the tier instead"; err == nil || err.Error() != want {
		t.Errorf("%v, not %s", err, want)
	}
}

func TestOpaqueRulesGo(t *testing.T) {
	http := tcp(80, rule.Anyone())
	s := settled(http)
	s.Groups[1].Rules = append(s.Groups[1].Rules, rule.LiveRule{ID: "odd", Words: "udplite ports 1-2"})
	g := group(t, mustMake(t, shop(http), s, Options{}), "web")
	if len(g.Remove) != 1 || g.Remove[0].ID != "odd" || len(g.Stay) != 1 {
		t.Errorf("%+v", g)
	}
}

func TestMatching(t *testing.T) {
	http := tcp(80, rule.Anyone())
	stranger := func(name, description string) rule.LiveGroup {
		return rule.LiveGroup{ID: "id-stranger", Name: name, Description: description, Stateful: true}
	}
	younger := live("id-a", "web", http)
	younger.Created = "2026-11-02T00:00:00Z"
	renamed := live("id-www", "www", http)
	renamed.Name = "web"
	for _, c := range []struct {
		name   string
		groups []rule.LiveGroup
		o      Options
		want   string // an action, or a problem
	}{
		{"a name alone", []rule.LiveGroup{stranger("web", "")}, Options{}, "--adopt takes it over"},
		{"a name alone, adopted", []rule.LiveGroup{stranger("web", "")}, Options{Adopt: true}, "adopt id-stranger"},
		{"two names", []rule.LiveGroup{stranger("web", ""), {ID: "id-2", Name: "web"}}, Options{Adopt: true}, "2 security groups are called web (id-stranger, id-2)"},
		{"another policy's", []rule.LiveGroup{stranger("web", "[sgc:other/web]")}, Options{Adopt: true}, "belongs to policy other"},
		{"a mark in the middle", []rule.LiveGroup{stranger("web", "[sgc:shop/web] no more")}, Options{}, "--adopt takes it over"},
		{"a mark under another name", []rule.LiveGroup{stranger("old", "[sgc:shop/web]")}, Options{}, "change id-stranger"},
		{"a tier with a new name", []rule.LiveGroup{renamed}, Options{}, "change id-www"},
		{"twins", []rule.LiveGroup{younger, live("id-b", "web", http)}, Options{}, "keep id-b, delete id-a"},
	} {
		d := shop(http)
		d.Groups = d.Groups[1:]
		p, err := Make(d, &rule.State{Groups: c.groups}, Externals{}, c.o)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			var actions []string
			for _, g := range p.Groups {
				actions = append(actions, string(g.Action)+" "+g.ID)
			}
			got = strings.Join(actions, ", ")
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestTagsOfRenamedTier renames a tier: its group says no more what it was called, and
// keeps what others say of it.
func TestTagsOfRenamedTier(t *testing.T) {
	http := tcp(80, rule.Anyone())
	was := live("id-www", "www", http)
	was.Name, was.Tags = "web", append(was.Tags, "theirs")
	s := &rule.State{Groups: []rule.LiveGroup{was, live("id-db", "db", tcp(5432, rule.ForeignGroup("id-www")))}}
	d := mustDocument(t, []*rule.Set{shopSet(http)}, s, Options{})
	g := group(t, d.Plans[0], "web")
	if g.Action != Change || !slices.Equal(g.Tag, []string{"sgc:tier=web"}) || !slices.Equal(g.Untag, []string{"sgc:tier=www"}) {
		t.Errorf("%+v", g)
	}
	if is, want := d.Plans[0].After(s).Groups[0].Tags, []string{"sgc:policy=shop", "theirs", "sgc:tier=web"}; !slices.Equal(is, want) {
		t.Errorf("%q, not %q", is, want)
	}
	if differs := differsNow(t, d, s); differs != nil {
		t.Error(differs)
	}
}

func TestDefaultGroup(t *testing.T) {
	d := FromSet(&rule.Set{Policy: "shop", Groups: []rule.Group{{Tier: "none", Name: "default", Stateful: true}}})
	if _, err := Make(d, &rule.State{}, Externals{}, Options{Adopt: true}); err == nil || !strings.Contains(err.Error(), "there is no default group: a saved state must include it") {
		t.Error(err)
	}
	there := rule.LiveGroup{ID: "id-d", Name: "default", Description: "Default security group", Stateful: true, Rules: []rule.LiveRule{{ID: "e", Rule: bornWith[0]}}}
	g := mustMake(t, d, &rule.State{Groups: []rule.LiveGroup{there}}, Options{Adopt: true}).Groups[0]
	if g.Action != Adopt || len(g.Remove) != 1 || g.Fields[0].New != "Default security group [sgc:shop/none]" {
		t.Errorf("%+v", g)
	}
	for _, c := range []struct{ has, wants, problem string }{
		{"default", "none", "tier none has the project's default group (id-none), which cannot be renamed: give group none to a tier of another name"},
		{"none", "default", "tier none has group none (id-none), which cannot become the project's default group: give default to a tier of another name"},
	} {
		owned := live("id-none", "none")
		owned.Name, d.Groups[0].Name = c.has, c.wants
		if _, err := Make(d, &rule.State{Groups: []rule.LiveGroup{owned, there}}, Externals{}, Options{Adopt: true}); err == nil || !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%s, then %s: %v", c.has, c.wants, err)
		}
	}
	there.Description, there.Tags = "mine [sgc:shop/none]", append(rule.OwnershipTags("shop", "none"), "theirs")
	g = mustMake(t, Desired{Policy: "shop"}, &rule.State{Groups: []rule.LiveGroup{there}}, Options{}).Groups[0]
	if g.Action != Release || g.Remove != nil || len(g.Stay) != 1 || g.Description != "mine" || g.Tag != nil || !slices.Equal(g.Untag, rule.OwnershipTags("shop", "none")) {
		t.Errorf("%+v", g)
	}
}

func numbered(n int) (tags []string) {
	for i := range n {
		tags = append(tags, fmt.Sprint("t", i))
	}
	return tags
}

func TestCheck(t *testing.T) {
	http, ssh := tcp(80, rule.Anyone()), tcp(22, rule.Anyone())
	used := Facts{Ports: map[string][]Port{"id-web": {{ID: "port-1", Name: "eth0"}}}}
	room := Quota{Groups: Room{Limit: 10, Used: 3}, Rules: Room{Limit: 100, Used: 9}}
	cascade := settled(http)
	cascade.Groups = append(cascade.Groups, rule.LiveGroup{ID: "id-x", Name: "legacy", Rules: []rule.LiveRule{{ID: "r9", Rule: tcp(1, rule.ForeignGroup("id-web"))}}})
	oddly := settled(http)
	oddly.Groups = append(oddly.Groups, rule.LiveGroup{ID: "id-y", Name: "older", Rules: []rule.LiveRule{{ID: "r8", Words: "udplite ports 1-2", Group: "id-web"}}})
	onlyDB := shop()
	onlyDB.Groups = onlyDB.Groups[:1]
	onlyDB.Groups[0].Rules = entries(tcp(5432, rule.Anyone()))
	renamed := onlyDB
	renamed.Groups = append(slices.Clone(onlyDB.Groups), DesiredGroup{Tier: "front", Name: "front", Description: rule.Mark("shop", "front"), Stateful: true})
	stateless := shop(http)
	stateless.Groups[1].Stateful = false
	tagged := shop(http)
	tagged.Groups[1].Tags = append([]string{"prod"}, tagged.Groups[1].Tags...)
	tagged.Groups[1].Pos = rule.Pos{File: "p.cue", Line: 9, Column: 3}
	has := func(tags ...string) *rule.State {
		s := settled(http)
		s.Groups[1].Tags = tags // and not those of its owner, so that they change
		return s
	}
	for _, c := range []struct {
		name    string
		d       Desired
		s       *rule.State
		f       Facts
		permits Permits
		want    string
		note    string
	}{
		{"fine", shop(http, ssh), settled(http), Facts{Quota: room}, Permits{}, "", ""},
		{"delete", onlyDB, settled(http), Facts{Quota: room}, Permits{}, "group web (id-web) would be deleted, which needs --allow-destroy", ""},
		{"delete, allowed", onlyDB, settled(http), Facts{Quota: room}, Permits{Destroy: true}, "", ""},
		{"delete, in use", onlyDB, settled(http), Facts{Quota: room, Ports: used.Ports}, Permits{Destroy: true}, "cannot be deleted: port eth0 (port-1) uses it", ""},
		{"delete, in use, and another is new", renamed, settled(http), Facts{Quota: room, Ports: used.Ports}, Permits{Destroy: true},
			"cannot be deleted: port eth0 (port-1) uses it; if its tier has been renamed, group: \"web\" in that tier keeps it", ""},
		{"cascade", onlyDB, cascade, Facts{Quota: room}, Permits{Destroy: true}, "would also delete a rule of group legacy (id-x)", ""},
		{"cascade, opaque", onlyDB, oddly, Facts{Quota: room}, Permits{Destroy: true}, "would also delete a rule of group older (id-y), which belongs to no policy: udplite ports 1-2 (r8)", ""},
		{"half of two", shop(http), settled(http, ssh), used, Permits{}, "", ""},
		{"more than half", shop(tcp(1, rule.Anyone())), settled(http, ssh), Facts{Quota: room, Ports: used.Ports}, Permits{}, "would lose more than half of what it allows, which needs --allow-destroy: port eth0", ""},
		{"more than half, unused", shop(tcp(1, rule.Anyone())), settled(http, ssh), Facts{Quota: room}, Permits{}, "", ""},
		{"stateless", stateless, settled(http), Facts{Extensions: map[string]bool{}}, Permits{}, "lacks the extension stateful-security-group", ""},
		{"stateless, in use", stateless, settled(http), Facts{Extensions: map[string]bool{extensionStateful: true}, Ports: used.Ports}, Permits{}, "cannot become stateless while in use: port eth0", ""},
		{"tags", tagged, has("Prod"), Facts{Quota: room}, Permits{},
			"p.cue:9:3: group web (id-web) has the tag \"Prod\", which is the same as \"prod\" to clouds that ignore case and accents: spell the policy's like it, or remove it from the group", ""},
		{"tags of a cloud that tells them apart", tagged, has("Prod", "prod"), Facts{Quota: room}, Permits{}, "", ""},
		{"tags that are there", tagged, has("prod"), Facts{Quota: room}, Permits{}, "", ""},
		{"tags that fill the room", tagged, has(numbered(47)...), Facts{Quota: room}, Permits{}, "", ""},
		{"tags beyond the room", tagged, has(numbered(48)...), Facts{Quota: room}, Permits{},
			"p.cue:9:3: group web (id-web) has 48 tags, and clouds keep no more than 50: remove some, so that there is room for 3 more", ""},
		{"tags of a new group", tagged, &rule.State{}, Facts{Quota: room}, Permits{}, "", ""},
		{"rules", shop(http, ssh), settled(http), Facts{Quota: Quota{Groups: Room{Limit: 10, Used: 3}, Rules: Room{Limit: 9, Used: 9}}}, Permits{}, "quota of security group rules is 9, with 9 in use: this needs 10 in all; --over-quota goes on all the same", ""},
		{"rules, permitted", shop(http, ssh), settled(http), Facts{Quota: Quota{Groups: Room{Limit: 10, Used: 3}, Rules: Room{Limit: 9, Used: 9}}}, Permits{OverQuota: true}, "",
			"the quota of security group rules is 9, with 9 in use: this needs 10 in all"},
		{"peak", shop(ssh), settled(http), Facts{Quota: Quota{Groups: Room{Limit: 10, Used: 3}, Rules: Room{Limit: 9, Used: 9}}}, Permits{}, "needs 10 in all while it creates before it deletes, and 9 at the end: --allow-interruption deletes first; --over-quota goes on all the same", ""},
		{"groups", shop(http), &rule.State{}, Facts{Quota: Quota{Groups: Room{Limit: 2, Used: 1}, Rules: Room{Limit: -1, Used: 4}}}, Permits{}, "quota of security groups is 2, with 1 in use: this needs 3 in all; --over-quota goes on all the same", ""},
		{"groups, permitted, and a group goes", onlyDB, settled(http), Facts{Quota: Quota{Groups: Room{Limit: 0, Used: 3}, Rules: Room{Limit: 0, Used: 9}}}, Permits{OverQuota: true}, "group web (id-web) would be deleted, which needs --allow-destroy",
			"the quota of security group rules is 0, with 9 in use: this needs 10 in all"},
	} {
		p := mustMake(t, c.d, c.s, Options{})
		needs := NeedsOf([]*Plan{p})
		if c.f.Extensions != nil && !needs.Extensions || c.f.Ports != nil && c.name != "half of two" && len(needs.PortsOf) == 0 || c.f.Quota != (Quota{}) && len(p.Groups[0].Create)+len(p.Groups[1].Create) > 0 && !needs.Quota {
			t.Errorf("%s: needs %+v", c.name, needs)
		}
		problems, notes := Check([]*Plan{p}, c.s, c.f, c.permits)
		for _, said := range []struct{ got, want string }{{problems.Error(), c.want}, {Problems(notes).Error(), c.note}} {
			if (said.got == "") != (said.want == "") || !strings.Contains(said.got, said.want) {
				t.Errorf("%s: %q, want %q", c.name, said.got, said.want)
			}
		}
	}
}

// TestLostMark notes the group that was the policy's until somebody described it anew.
func TestLostMark(t *testing.T) {
	s := settled(tcp(80, rule.Anyone()))
	s.Groups[1].Description = "by hand"
	withoutWeb := shop()
	withoutWeb.Groups = withoutWeb.Groups[:1]
	withoutWeb.Groups[0].Rules = nil
	for name, d := range map[string]Desired{"destroy": {Policy: "shop"}, "apply": withoutWeb} {
		p := mustMake(t, d, s, Options{})
		want := "security group web (id-web) has the policy's tags, but its description has lost the mark"
		if len(p.Notes) != 1 || !strings.HasPrefix(p.Notes[0].Message, want) {
			t.Errorf("%s: %v", name, p.Notes)
		}
	}
}

func TestSnapshotComesBack(t *testing.T) {
	http, ssh := tcp(80, rule.Anyone()), tcp(22, rule.Anyone())
	before := settled(http, ssh, http) // a true duplicate
	p := mustMake(t, shop(tcp(1, rule.Anyone())), before, Options{})
	var b bytes.Buffer
	if err := p.Before(before, Place{Keystone: "https://cloud.example/v3", Project: "p1"}).Write(&b); err != nil {
		t.Fatal(err)
	}
	shot, err := ParseSnapshot(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	d, x := shot.Desired()
	back, err := Make(d, before, x, Options{})
	if err != nil || !back.Empty() {
		t.Errorf("%v %+v", err, back)
	}
	back, err = Make(d, settled(tcp(1, rule.Anyone())), x, Options{})
	if g := group(t, back, "web"); err != nil || len(g.Create) != 2 || len(g.Remove) != 1 {
		t.Errorf("%v %+v", err, g)
	}
	lost := &rule.State{Project: "p1", Groups: before.Groups[:1]}
	back, err = Make(d, lost, x, Options{})
	if g := group(t, back, "web"); err != nil || g.Action != Create || len(g.Create) != 2 || g.Tag == nil {
		t.Errorf("%v %+v", err, g)
	}
	// The group has another id now, so the rule that names it differs.
	if g := group(t, back, "db"); len(g.Create) != 1 || g.Create[0].Remote != rule.Tier("web") || len(g.Remove) != 1 {
		t.Errorf("%+v", g)
	}
}

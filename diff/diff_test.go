package diff

import (
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

func entry(line int, family rule.Family, lo, hi uint16, remote rule.Remote) rule.Entry {
	return rule.Entry{
		Rule:    rule.Rule{Direction: rule.Ingress, Family: family, Protocol: rule.TCP, Ports: rule.PortRange(lo, hi), Remote: remote},
		Origins: []rule.Origin{{Pos: rule.Pos{File: "p.cue", Line: line, Column: 1}, Path: "r"}},
	}
}

func network(s string) rule.Remote { return rule.Prefix(netip.MustParsePrefix(s)) }

// text is the differences as people read them.
func text(t *testing.T, p Policy) string {
	t.Helper()
	var b strings.Builder
	if err := Text(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func set(groups ...rule.Group) *rule.Set { return &rule.Set{Policy: "shop", Groups: groups} }

func web(written ...rule.Entry) rule.Group {
	return rule.Group{Tier: "web", Name: "web", Stateful: true, Written: written}
}

// may is a group in which others may open what is written.
func may(others ...rule.Entry) rule.Group {
	return rule.Group{Tier: "web", Name: "web", Stateful: true, Others: others}
}

func TestSets(t *testing.T) {
	anyone, office := rule.Anyone(), network("192.0.2.0/24")
	for _, c := range []struct {
		name          string
		before, after *rule.Set
		want          string
	}{
		{"nothing", set(web(entry(1, 4, 80, 90, anyone))), set(web(entry(2, 4, 80, 85, anyone), entry(3, 4, 84, 90, anyone))), ""},
		{"what only an exception shares is not behind a change",
			set(web(entry(1, 4, 22, 22, office))),
			set(web(entry(2, 4, 22, 22, anyone), entry(3, 4, 22, 22, office))), `web
  opens: anyone → web tcp/22, except from 192.0.2.0/24 (IPv4)
      p.cue:2:1: r
  closes: nothing
`},
		{"families that change alike are one line, others two",
			set(web()),
			set(web(entry(4, 4, 443, 443, anyone), entry(4, 6, 443, 443, anyone), entry(5, 4, 70, 70, anyone), entry(6, 6, 70, 70, anyone))), `web
  opens: anyone → web tcp/70 (IPv4)
      p.cue:5:1: r
  opens: anyone → web tcp/70 (IPv6)
      p.cue:6:1: r
  opens: anyone → web tcp/443 (IPv4, IPv6)
      p.cue:4:1: r
  closes: nothing
`},
		{"every line behind a change",
			set(web()), set(web(entry(9, 4, 10, 20, office), entry(8, 4, 15, 30, office))), `web
  opens: 192.0.2.0/24 → web tcp/10-30 (IPv4)
      p.cue:8:1: r
      p.cue:9:1: r
  closes: nothing
`},
		{"the policy",
			&rule.Set{Policy: "shop", Servers: []rule.Server{{Name: "a", Tiers: []string{"web", "db"}}, {Name: "b", Tiers: []string{"web"}}, {Name: "c", Tiers: []string{"mail"}}}},
			&rule.Set{Policy: "shop-2", Servers: []rule.Server{{Name: "a", Tiers: []string{"db", "web"}}, {Name: "b", Tiers: []string{"db"}}, {Name: "d", Tiers: []string{"dns"}}}}, `policy
  name: "shop" → "shop-2"
  server b: "web" → "db"
  server c (removed): "mail"
  server d (created): "dns"
`},
		{"a rule's description",
			set(rule.Group{Tier: "web", Rules: []rule.Entry{{Rule: entry(1, 4, 22, 22, anyone).Rule, Origins: []rule.Origin{{Key: "ssh"}}}}}),
			set(rule.Group{Tier: "web", Rules: []rule.Entry{{Rule: entry(1, 4, 22, 22, anyone).Rule, Origins: []rule.Origin{{Key: "shell"}}}}}), `web
  description of ingress IPv4 tcp/22 from anyone: "ssh" → "shell"
  opens: nothing
  closes: nothing
`},
		{"what others may open",
			set(may(entry(1, 4, 90, 99, anyone), entry(1, 6, 90, 99, anyone))), set(may(entry(2, 4, 95, 99, office))), `web
  opens: nothing
  closes: nothing
  others may no longer open: anyone → web tcp/90-99, except tcp/95-99 from 192.0.2.0/24 (IPv4)
      p.cue:1:1: r
  others may no longer open: anyone → web tcp/90-99 (IPv6)
      p.cue:1:1: r
`},
		{"what others may open first",
			set(web(entry(1, 4, 90, 99, anyone))), set(may(entry(2, 4, 95, 99, office))), `web
  opens: nothing
  closes: anyone → web tcp/90-99 (IPv4)
      p.cue:1:1: r
  others may open: 192.0.2.0/24 → web tcp/95-99 (IPv4)
      p.cue:2:1: r
`},
		{"the same for others", set(may(entry(1, 4, 90, 99, anyone))), set(may(entry(2, 4, 90, 95, anyone), entry(3, 4, 93, 99, anyone))), ""},
		{"fields",
			set(web()), set(rule.Group{Tier: "web", Name: "front", Description: "x", Tags: []string{"a", "b"}}), `web
  name: "web" → "front"
  description: "" → "x"
  stateful: "true" → "false"
  tags: "" → "a, b"
  opens: nothing
  closes: nothing
`},
	} {
		if got := text(t, Sets(c.before, c.after)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// TestForeignGroups holds that a group of others is what it is in the cloud: the
// policy's own word for it may change, and an id is not a name.
func TestForeignGroups(t *testing.T) {
	with := func(x rule.External) *rule.Set {
		s := set(web(entry(1, 4, 22, 22, rule.ForeignGroup(x.Key))))
		s.Foreign = []rule.External{x}
		return s
	}
	named := with(rule.External{Key: "old", Name: "legacy"})
	if got := Sets(named, with(rule.External{Key: "new", Name: "legacy"})); !got.Empty() {
		t.Errorf("another word for one group: %+v", got)
	}
	for _, other := range []rule.External{{Key: "old", Name: "legacy-2"}, {Key: "old", ID: "legacy"}} {
		if got := Sets(named, with(other)).Groups; len(got) != 1 || len(got[0].Opens) != 1 || len(got[0].Closes) != 1 {
			t.Errorf("%+v: %+v", other, got)
		}
	}
	if !reflect.DeepEqual(named, with(rule.External{Key: "old", Name: "legacy"})) {
		t.Error("comparing changed what was compared")
	}
}

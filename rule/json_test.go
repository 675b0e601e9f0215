package rule

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// TestSetAsJSON has a set read back as what its groups come to in a cloud, without what
// answers questions about it.
func TestSetAsJSON(t *testing.T) {
	entry := func(r Rule, o ...Origin) Entry { return Entry{r, o} }
	s := Set{
		Policy: "shop",
		Groups: []Group{
			{Tier: "db", Name: "shop-db", Stateful: true, Pos: Pos{"p.cue", 3, 4}, Rules: []Entry{}},
			{
				Tier: "web", Name: "shop-web", Description: "the web", Tags: []string{"prod"}, Pos: Pos{"p.cue", 9, 5},
				Rules: []Entry{
					entry(Rule{Ingress, IPv4, ICMP, ICMPTypeCode(0, 0), Anyone()}, Origin{Pos: Pos{"p.cue", 11, 6}, Path: "tiers.web.ingress.ping", Key: "ping", Peer: "public"}),
					entry(Rule{Egress, IPv6, TCP, AllPorts(), Tier("db")}, Origin{Key: "sql", Owner: "me", Ticket: "OPS-7", Expires: "2027-01-31"}, Origin{Key: "more", Description: "the rest"}),
				},
				Expired: []Entry{entry(Rule{Ingress, IPv4, TCP, PortRange(22, 23), ForeignGroup("legacy")}, Origin{Key: "ssh", Expires: "2026-11-01"})},
			},
		},
		Foreign:       []External{{Key: "legacy", Name: "theirs", Pos: Pos{"p.cue", 1, 2}}},
		AddressGroups: []External{{Key: "office", ID: "id-8", Pos: Pos{"p.cue", 2, 2}}},
	}
	whole := s
	whole.Servers, whole.Services, whole.Families = []Server{{Name: "front"}}, []Service{{Name: "http"}}, []Family{IPv4}
	data, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	var read Set
	if err := json.Unmarshal(data, &read); err != nil || !reflect.DeepEqual(read, s) {
		t.Errorf("%v\n%+v\nnot\n%+v", err, read, s)
	}
	text := string(data)
	for _, c := range []struct{ from, to, want string }{
		{`"shop"`, `"\u0073hop"`, ""},
		{`"sql (owner me, ticket OPS-7, until 2027-01-31); the rest"`, `"sql; the rest"`,
			`the description is "sql; the rest", where the rule's origins make it "sql (owner me, ticket OPS-7, until 2027-01-31); the rest"`},
		{`"description":"ping"`, `"description":""`, `the description is "", where the rule's origins make it "ping"`},
		{`"from":22`, `"from":24`, "24-23 is not a range of ports"},
		{`"direction":"egress"`, `"direction":"both"`, `not a rule: direction "both", ethertype "IPv6"`},
	} {
		if !strings.Contains(text, c.from) {
			t.Fatalf("%s is not in %s", c.from, text)
		}
		err := json.Unmarshal([]byte(strings.Replace(text, c.from, c.to, 1)), &Set{})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, not %s", c.to, err, c.want)
		}
	}
}

// TestUntil finds the last day of a rule in what the cloud is told about it.
func TestUntil(t *testing.T) {
	e := Entry{Origins: []Origin{{Key: "a", Expires: "2026-11-15"}, {Key: "b", Expires: "2027-01-31"}}}
	for _, day := range []string{"2026-11-15", e.LastDay()} {
		if !strings.Contains(e.Description(), Until(day)) {
			t.Errorf("%s is not in %s", Until(day), e.Description())
		}
	}
}

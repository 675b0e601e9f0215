package rule

import "testing"

// TestSetCheck refuses sets that no compiler makes.
func TestSetCheck(t *testing.T) {
	entry := func(port uint16, remote Remote) Entry {
		return Entry{Rule: Rule{Ingress, IPv4, TCP, PortRange(port, port), remote}, Origins: []Origin{{Key: "k"}}}
	}
	good := func() *Set {
		return &Set{
			Policy: "shop",
			Groups: []Group{
				{Tier: "db", Name: "shop-db", Tags: []string{"prod"}, Rules: []Entry{entry(5432, Tier("web")), entry(22, prefix("192.0.2.0/24"))}},
				{Tier: "web", Name: "shop-web", Description: "the web", Rules: []Entry{entry(80, Anyone()), entry(81, ForeignGroup("legacy")), entry(82, Tier("web"))}, Expired: []Entry{entry(83, AddressGroup("office"))}},
			},
			Foreign:       []External{{Key: "legacy", Name: "theirs"}, {Key: "older", ID: "id-7"}},
			AddressGroups: []External{{Key: "office", ID: "id-8"}, {Key: "legacy", Name: "home"}},
		}
	}
	for want, change := range map[string]func(*Set){
		"":                                func(*Set) {},
		`"" cannot be the name of a tier`: func(s *Set) { s.Groups[0].Tier = "" },
		`"db[sgc:shop/x" cannot be the name of a tier`:                                             func(s *Set) { s.Groups[0].Tier = "db[sgc:shop/x" },
		`"db[sgc:other/db" cannot be the name of a tier`:                                           func(s *Set) { s.Groups[0].Tier = "db[sgc:other/db" },
		`"web" cannot be the name of a tier`:                                                       func(s *Set) { s.Policy = ""; s.Groups = s.Groups[1:] },
		"tier web is there twice":                                                                  func(s *Set) { s.Groups[0].Tier = "web" },
		`tier web: the group's name "shop-db" is missing or used twice`:                            func(s *Set) { s.Groups[1].Name = "shop-db" },
		`tier db: the group's name "" is missing or used twice`:                                    func(s *Set) { s.Groups[0].Name = "" },
		"tier web: the tag sgc:policy=other is reserved for sgc":                                   func(s *Set) { s.Groups[1].Tags = []string{"a", "sgc:policy=other"} },
		"tier db: the tag sgc:tier=db is reserved for sgc":                                         func(s *Set) { s.Groups[0].Tags = []string{"sgc:tier=db"} },
		`the group of others "" has no name, or stands here twice`:                                 func(s *Set) { s.Foreign[0].Key = "" },
		`the group of others "older" has no name, or stands here twice`:                            func(s *Set) { s.Foreign[0].Key = "older" },
		`the group of others "legacy" has no name, or stands here twice`:                           func(s *Set) { s.AddressGroups[0].Key = "legacy" },
		`the group of others "legacy" needs either a name or an id`:                                func(s *Set) { s.Foreign[0].ID = "id-9" },
		`the group of others "office" needs either a name or an id`:                                func(s *Set) { s.AddressGroups[0].ID = "" },
		`the group of others "older": "../7" is no id`:                                             func(s *Set) { s.Foreign[1].ID = "../7" },
		`the group of others "office": "8\n" is no id`:                                             func(s *Set) { s.AddressGroups[0].ID = "8\n" },
		"tier db: nothing says what tier cache is":                                                 func(s *Set) { s.Groups[0].Rules[0].Remote = Tier("cache") },
		"tier web: nothing says what group office is":                                              func(s *Set) { s.Groups[1].Rules[1].Remote = ForeignGroup("office") },
		"tier db: nothing says what address group older is":                                        func(s *Set) { s.Groups[0].Rules[1].Remote = AddressGroup("older") },
		"tier web: nothing says what tier shop is":                                                 func(s *Set) { s.Groups[1].Expired[0].Remote = Tier("shop") },
		"tier web: rule ingress IPv4 tcp from anyone: tcp needs ports or all of them":              func(s *Set) { s.Groups[1].Rules[0].Ports = NoPorts() },
		"tier web: rule ingress IPv4 tcp/0 from address group office: 0-0 is not a range of ports": func(s *Set) { s.Groups[1].Expired[0].Ports = PortRange(0, 0) },
		"tier db: rule ingress IPv4 tcp/5432 from nobody: no remote":                               func(s *Set) { s.Groups[0].Rules[0].Remote = Remote{} },
	} {
		s := good()
		change(s)
		got := ""
		if err := s.Check(); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

// TestSetCheckChangesNothing has a set be the same after it was checked, whatever room there
// is behind its rules.
func TestSetCheckChangesNothing(t *testing.T) {
	rules := make([]Entry, 1, 2)
	rules[0] = Entry{Rule: Rule{Ingress, IPv4, TCP, PortRange(80, 80), Anyone()}}
	behind := rules[:2]
	s := &Set{Policy: "shop", Groups: []Group{{Tier: "web", Name: "web", Rules: rules, Expired: []Entry{{Rule: Rule{Ingress, IPv4, TCP, PortRange(22, 22), Anyone()}}}}}}
	if err := s.Check(); err != nil || behind[1].Rule != (Rule{}) {
		t.Errorf("%v, %v", err, behind[1].Rule)
	}
}

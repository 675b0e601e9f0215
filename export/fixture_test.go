package export

import (
	"net/netip"
	"slices"

	"sgc.dev/sgc/rule"
)

// entry is a rule with one origin, which is enough for most tests.
func entry(line int, path, peer string, r rule.Rule) rule.Entry {
	key := lastOf(path)
	return rule.Entry{Rule: r, Origins: []rule.Origin{{
		Pos:     rule.Pos{File: "policy.cue", Line: line, Column: 3},
		Path:    path,
		Key:     key,
		Peer:    peer,
		PeerPos: rule.Pos{File: "policy.cue", Line: line, Column: 17},
	}}}
}

func lastOf(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '.' {
			return path[i+1:]
		}
	}
	return path
}

func both(entries []rule.Entry, line int, path, peer string, r rule.Rule) []rule.Entry {
	for _, f := range []rule.Family{rule.IPv4, rule.IPv6} {
		r.Family = f
		entries = append(entries, entry(line, path, peer, r))
	}
	return entries
}

func tcp(port uint16, remote rule.Remote) rule.Rule {
	return rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(port, port), Remote: remote}
}

func from(prefix string, r rule.Rule) rule.Rule {
	p := netip.MustParsePrefix(prefix)
	r.Remote = rule.Prefix(p)
	if p.Addr().Is6() {
		r.Family = rule.IPv6
	}
	return r
}

func finished(g rule.Group) rule.Group {
	slices.SortFunc(g.Rules, func(a, b rule.Entry) int { return rule.Compare(a.Rule, b.Rule) })
	for _, e := range g.Rules {
		for _, o := range e.Origins {
			g.Written = append(g.Written, rule.Entry{Rule: e.Rule, Origins: []rule.Origin{o}})
		}
	}
	return g
}

func at(line int) rule.Pos { return rule.Pos{File: "policy.cue", Line: line, Column: 2} }

// threeTier is the policy that everybody starts with.
func threeTier() *rule.Set {
	var app, db, out []rule.Entry
	app = both(app, 19, "tiers.app.ingress.http", "public", tcp(80, rule.Anyone()))
	app = both(app, 20, "tiers.app.ingress.https", "public", tcp(443, rule.Anyone()))
	app = append(app,
		entry(21, "tiers.app.ingress.ssh", "admins", from("2.3.4.5/32", tcp(22, rule.Anyone()))),
		entry(21, "tiers.app.ingress.ssh", "admins", from("2001:db8::a66:ad/128", tcp(22, rule.Anyone()))))
	udp := tcp(5432, rule.Tier("app"))
	udp.Protocol = rule.UDP
	db = both(db, 24, "tiers.db.ingress.postgresql", "app", tcp(5432, rule.Tier("app")))
	db = both(db, 24, "tiers.db.ingress.postgresql", "app", udp)
	db = append(db,
		entry(25, "tiers.db.ingress.ssh", "dbas", from("1.2.3.4/32", tcp(22, rule.Anyone()))),
		entry(25, "tiers.db.ingress.ssh", "dbas", from("2001:db8::db:ad/128", tcp(22, rule.Anyone()))))
	out = both(out, 17, `tiers."internet-access".egress.any`, "public", rule.Rule{
		Direction: rule.Egress, Protocol: rule.AnyProtocol, Ports: rule.NoPorts(), Remote: rule.Anyone()})
	return &rule.Set{
		Policy: "three-tier",
		Groups: []rule.Group{
			finished(rule.Group{Tier: "app", Name: "app", Stateful: true, Pos: at(18), Rules: app}),
			finished(rule.Group{Tier: "db", Name: "db", Description: "databases, from the app tier alone", Stateful: true, Pos: at(23), Rules: db}),
			finished(rule.Group{Tier: "internet-access", Name: "internet-access", Stateful: true, Pos: at(17), Rules: out}),
		},
		Servers: []rule.Server{
			{Name: "app", Tiers: []string{"app", "internet-access"}, Pos: at(30)},
			{Name: "db", Tiers: []string{"db"}, Addresses: []netip.Prefix{netip.MustParsePrefix("10.0.7.9/32")}, Pos: at(31)},
		},
		Addresses: []rule.AddressSet{
			{Name: "admins", Prefixes: []netip.Prefix{netip.MustParsePrefix("2.3.4.5/32"), netip.MustParsePrefix("2001:db8::a66:ad/128")}, Pos: at(6)},
			{Name: "dbas", Prefixes: []netip.Prefix{netip.MustParsePrefix("1.2.3.4/32"), netip.MustParsePrefix("2001:db8::db:ad/128")}, Pos: at(7)},
		},
	}
}

// hostile has every trap of the formats: text that is code elsewhere, names that
// look like options, ICMP type 0, stateless groups, remotes of every kind, an
// IPv6 prefix that servers spell otherwise, a rule with several origins.
func hostile() *rule.Set {
	about := func(e rule.Entry, description string) rule.Entry {
		e.Origins[0].Description = description
		return e
	}
	icmp := func(p rule.Protocol, f rule.Family, ports rule.Ports) rule.Rule {
		return rule.Rule{Direction: rule.Ingress, Family: f, Protocol: p, Ports: ports, Remote: rule.Anyone()}
	}
	egress := tcp(8443, rule.ForeignGroup("legacy"))
	egress.Direction = rule.Egress
	merged := entry(12, "tiers.odd.ingress.web", "public", rule.Rule{
		Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(8000, 8101), Remote: rule.Anyone()})
	merged.Origins = append(merged.Origins, rule.Origin{
		Pos: rule.Pos{File: "more.cue", Line: 4, Column: 5}, Path: "tiers.odd.ingress.alt", Key: "alt", Peer: "public",
		PeerPos:     rule.Pos{File: "more.cue", Line: 4, Column: 16},
		Description: "the other web", Owner: "web@example.org", Ticket: "NET-17", Expires: "2031-02-28"})
	odd := []rule.Entry{
		about(entry(3, "tiers.odd.ingress.ping", "public", icmp(rule.ICMP, rule.IPv4, rule.ICMPTypeCode(0, 0))), `it's "quoted" \ and $HOME`),
		about(entry(4, "tiers.odd.ingress.ping", "public", icmp(rule.ICMP, rule.IPv4, rule.ICMPTypeCode(3, 4))), "`id`; $(id) | cat > /tmp/x & # !"),
		about(entry(5, "tiers.odd.ingress.ping", "public", icmp(rule.ICMPv6, rule.IPv6, rule.ICMPType(129))), "two\nlines\n!touch /tmp/x\n"),
		about(entry(6, "tiers.odd.ingress.ssh", "public", tcp(2222, rule.Tier("-odd"))), "--os-cloud=other"),
		about(entry(7, "tiers.odd.ingress.vpn", "public", rule.Rule{
			Direction: rule.Ingress, Family: rule.IPv4, Protocol: 50, Ports: rule.NoPorts(), Remote: rule.Anyone()}), "Grüße  an  alle \t "),
		about(entry(8, "tiers.odd.ingress.new", "public", rule.Rule{
			Direction: rule.Ingress, Family: rule.IPv4, Protocol: 253, Ports: rule.NoPorts(), Remote: rule.Anyone()}), "one; two  three (owner x, [y])"),
		about(entry(9, "tiers.odd.ingress.dns", "::1.2.3.0/120", from("::1.2.3.0/120", tcp(53, rule.Anyone()))), `\n'"'"'; %s {1} ~ *`),
		entry(10, "tiers.odd.ingress.all", "public", rule.Rule{
			Direction: rule.Ingress, Family: rule.IPv6, Protocol: rule.SCTP, Ports: rule.AllPorts(), Remote: rule.Anyone()}),
		entry(11, "tiers.odd.egress.legacy", "legacy", egress),
		merged,
	}
	return &rule.Set{
		Policy: "hostile",
		Groups: []rule.Group{
			finished(rule.Group{Tier: "-odd", Name: "-it's \"odd\" $(id)\n", Description: "a `b`\n$c \\ 'd' \"e\" ü", Stateful: false,
				Tags: []string{"a b", "it's"}, Pos: rule.Pos{File: "a\nb.cue", Line: 2, Column: 2}, Rules: odd}),
			finished(rule.Group{Tier: "empty", Name: "--version", Stateful: true, Pos: at(40)}),
		},
		Foreign: []rule.External{
			{Key: "legacy", Name: "legacy \"1\"", Pos: at(50)},
		},
	}
}

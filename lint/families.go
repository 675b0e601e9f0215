package lint

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// forgottenFamily is SGC004: a rule that could open both IP versions, opens one,
// and shows no sign of intent. A sign is `families` of one version at the rule,
// its tier or the policy, or another rule of the tier that opens the same in the
// other version. Few rules of one version are mistakes, so it fires only where
//
//   - the world is let in by one version's /0, or
//   - the service exists in one version although it has a counterpart in the
//     other (ping with icmp4 alone), or
//   - networks of one version are named in a policy whose other address sets
//     name both, and not all of them are special to that version, or
//   - the rule itself lists a protocol of the version that its peers lack.
func forgottenFamily(v *view) []found {
	dual := hasDualSet(v.Addresses)
	var list []found
	for _, r := range v.rules {
		if r.Families != (schema.Families{IPv4: true, IPv6: true}) {
			continue
		}
		if m, ok := deadMatch(r); ok {
			has, lacks := r.entries[0].Family, other(r.entries[0].Family)
			list = append(list, v.fire("SGC004", r, m.Pos, fmt.Sprintf(
				`%s opens nothing: the peers are all %s; name %s networks too, or remove it`,
				wordOf(m), has, lacks)))
			continue
		}
		judged := inOneFamily(r.entries)
		suspect := false
		for _, e := range judged {
			suspect = suspect || e.Remote.Kind() != rule.RemotePrefix || isWorld(e.Remote) ||
				dual && !isSpecial(e.Remote.Prefix())
		}
		if !suspect || answeredInOther(v.opensOf(r.tier.Name), judged) {
			continue
		}
		has, lacks := judged[0].Family, other(judged[0].Family)
		e, fix := judged[0], "name "+lacks.String()+" networks too"
		switch back, _ := counterpart(e.Rule); {
		case e.Protocol.IsICMP() && !lists(r.Service, back):
			fix = "open " + back.Service() + " too"
		case e.Remote == rule.Anyone() && r.Except != nil:
			fix = "except less of " + lacks.String()
		case slices.ContainsFunc(judged, func(e rule.Entry) bool { return e.Remote == rule.Anyone() }):
			fix = `write "public", which is both`
		case isWorld(e.Remote):
			fix = fmt.Sprintf("name the %s networks that go with %q too", lacks, e.Origins[0].Peer)
		}
		list = append(list, v.fire("SGC004", r, r.Pos, fmt.Sprintf(
			`opens %s in %s and forgets %s; %s, or say families: ["%s"] to mean it`,
			some(servicesOf(judged)), has, lacks, fix, familyWord(has))))
	}
	return list
}

// deadMatch is the first thing among a rule's own ports that exists in one IP
// version alone, and the peers in the other. A named service may have such parts:
// it is written for all who use it.
func deadMatch(r liveRule) (schema.Match, bool) {
	if !r.OwnPorts {
		return schema.Match{}, false
	}
	var open schema.Families
	for _, e := range r.entries {
		open.IPv4 = open.IPv4 || e.Family == rule.IPv4
		open.IPv6 = open.IPv6 || e.Family == rule.IPv6
	}
	for _, m := range r.Service.Matches {
		if !(m.Families.IPv4 && open.IPv4) && !(m.Families.IPv6 && open.IPv6) {
			return m, true
		}
	}
	return schema.Match{}, false
}

// lists says whether a service has a part in what a rule allows, whoever it is for.
func lists(s schema.Service, r rule.Rule) bool {
	return slices.ContainsFunc(s.Matches, func(m schema.Match) bool {
		return m.Protocol == r.Protocol && concrete(m).Span().Overlaps(r.Span())
	})
}

// inOneFamily is the entries that have a counterpart in the other IP version,
// if they are all of one; else nothing.
func inOneFamily(entries []rule.Entry) []rule.Entry {
	var list []rule.Entry
	for _, e := range entries {
		if _, ok := counterpart(e.Rule); !ok {
			continue
		}
		if len(list) > 0 && list[0].Family != e.Family {
			return nil
		}
		list = append(list, e)
	}
	return list
}

// answeredInOther says whether each entry's counterpart is opened by something
// of the tier, at least in part.
func answeredInOther(opens *openings, entries []rule.Entry) bool {
	for _, e := range entries {
		back, _ := counterpart(e.Rule)
		to := opens.at(side{e.Direction, back.Family}).to
		if !to[whoOf(e.Remote)].Overlaps(back.Span()) && !to[rule.Anyone()].Overlaps(back.Span()) {
			return false
		}
	}
	return true
}

// counterpart is the same service in the other IP version, if there is one. Of
// the ICMPs, echo requests and the whole protocols answer to each other; no
// other types do so exactly.
func counterpart(r rule.Rule) (rule.Rule, bool) {
	r.Family = other(r.Family)
	if !r.Protocol.IsICMP() {
		return r, r.Protocol.In(r.Family)
	}
	echo, back := uint8(8), uint8(128)
	if r.Protocol == rule.ICMPv6 {
		echo, back = back, echo
	}
	if r.Protocol == rule.ICMP {
		r.Protocol = rule.ICMPv6
	} else {
		r.Protocol = rule.ICMP
	}
	if r.Ports.Whole() {
		return r, true
	}
	t, _ := r.Ports.Type()
	r.Ports = rule.ICMPType(back)
	return r, t == echo
}

func hasDualSet(sets []schema.AddressSet) bool {
	for _, s := range sets {
		var has schema.Families
		for _, p := range s.Prefixes {
			if p.Addr().Is4() {
				has.IPv4 = true
			} else {
				has.IPv6 = true
			}
		}
		if has.IPv4 && has.IPv6 {
			return true
		}
	}
	return false
}

func other(f rule.Family) rule.Family {
	if f == rule.IPv4 {
		return rule.IPv6
	}
	return rule.IPv4
}

// familyWord is a family as a policy writes it.
func familyWord(f rule.Family) string {
	if f == rule.IPv4 {
		return "ipv4"
	}
	return "ipv6"
}

// servicesOf is the entries' services, each once, in their order.
func servicesOf(entries []rule.Entry) []string {
	var list []string
	for _, e := range entries {
		if s := e.Service(); len(list) == 0 || list[len(list)-1] != s {
			list = append(list, s)
		}
	}
	return list
}

package schema

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/explain"
)

// portFields are the fields of a rule or a service that open something.
const portFields = "tcp udp sctp icmp4 icmp6 protocols"

// portsOf is the fields of a rule or a service that open something.
func portsOf(n node) []node {
	var ports []node
	for _, f := range n.Inner {
		switch f.Name {
		case "tcp", "udp", "sctp", "icmp4", "icmp6", "protocols":
			ports = append(ports, f)
		}
	}
	return ports
}

// service reads a service of the policy.
func (r *reader) service(n node) Service {
	r.checkName(n)
	r.text(n.Field("description"))
	includes, ports := n.Field("includes"), portsOf(n)
	for _, item := range r.items(includes) {
		if _, ok := r.str(item); ok {
			r.parts[n.Name] = append(r.parts[n.Name], item)
		}
	}
	if ports == nil && !includes.There() {
		r.lack(n, portFields+" includes", "the service opens nothing: say tcp, udp, sctp, icmp4, icmp6, protocols or includes")
	}
	return Service{
		Name: n.Name, Pos: n.Pos(), Matches: r.matches(ports), Waive: r.waivers(n.Field("waive")), Referenced: r.refs.To(n.Up, n.Name),
	}
}

// nestServices finds the services that others include, and puts together what each opens.
func (r *reader) nestServices(p *Policy) {
	for name, items := range r.parts {
		r.parts[name] = slices.DeleteFunc(items, func(item node) bool { return !r.isPart(item) })
	}
	r.circles(r.parts)
	own := map[string][]Match{}
	for _, s := range p.Services {
		own[s.Name] = s.Matches
	}
	for i := range p.Services {
		s := &p.Services[i]
		if s.Includes = r.parts.inner(s.Name); s.Includes == nil {
			continue
		}
		all := slices.Clone(s.Matches)
		for _, name := range s.Includes {
			if part, ok := own[name]; ok {
				all = append(all, part...)
			} else {
				all = append(all, r.catalog.service(name).Matches...)
			}
		}
		s.Matches = distinct(all)
	}
}

// distinct is what opens something, each once.
func distinct(matches []Match) []Match {
	type opening struct {
		rule.Protocol
		rule.Ports
	}
	seen := map[opening]bool{}
	var list []Match
	for _, m := range matches {
		if o := (opening{m.Protocol, m.Ports}); !seen[o] {
			seen[o] = true
			list = append(list, m)
		}
	}
	return list
}

// isPart checks the name of a service in another.
func (r *reader) isPart(item node) bool {
	switch {
	case item.Text == "any":
		r.fault(item, `"any" is every protocol, and nothing beside it adds to it: name it in the rule`)
	case r.serviceNamed(item.Text) != nil:
		return true
	default:
		r.fault(item, r.unknownService(item.Text, "%s beside includes", "or give this one ports, as in tcp: [8080]"))
	}
	return false
}

// serviceOf finds what a rule opens: its own ports, the service that it names,
// or the one that its key names.
func (r *reader) serviceOf(u *Rule, n node, service node, ports []node) {
	switch {
	case service.There() && ports != nil:
		r.fault(service, fmt.Sprintf("service and %s exclude each other: leave one out", ports[0].Name))
	case ports != nil:
		u.OwnPorts = true
		u.Service, u.Named = Service{Name: n.Name, Pos: n.Pos(), Matches: r.matches(ports)}, r.serviceNamed(n.Name)
	case service.There():
		u.Named = r.serviceNamed(n.Name)
		if name, ok := r.str(service); ok {
			r.use(u, service, name)
		}
	default:
		r.use(u, n, n.Name)
	}
}

func (r *reader) use(u *Rule, n node, name string) {
	if s := r.named(n, name); s != nil {
		u.Service, u.Any = *s, name == "any"
	}
}

// anyService is the word of the language for every protocol.
func anyService() *Service {
	return &Service{Name: "any", Matches: []Match{{
		Protocol: rule.AnyProtocol, Ports: rule.NoPorts(), Families: bothFamilies,
	}}}
}

// serviceOf is a service that is written as in tcp/8080.
func serviceOf(s rule.Service) *Service {
	out := Service{Name: s.Name}
	for _, m := range s.Matches {
		out.Matches = append(out.Matches, Match{
			Protocol: m.Protocol, Ports: m.Ports, Families: Families{IPv4: m.Family == rule.IPv4, IPv6: m.Family == rule.IPv6},
		})
	}
	return &out
}

// matches reads what a rule or a service opens.
func (r *reader) matches(ports []node) []Match {
	var found []Match
	for _, f := range ports {
		for _, item := range r.items(f) {
			m, err := r.match(f.Name, item)
			if err != nil {
				r.fault(item, err.Error())
				continue
			}
			if m.Protocol == 0 {
				continue
			}
			m.Families = allFamilies(m.Protocol)
			m.Pos = item.Pos()
			found = append(found, m)
		}
	}
	return found
}

// match reads one item; its protocol is 0 where the definitions have refused it.
func (r *reader) match(field string, item node) (Match, error) {
	switch field {
	case "protocols":
		return r.protocol(item)
	case "icmp4":
		return r.icmp(rule.ICMP, item)
	case "icmp6":
		return r.icmp(rule.ICMPv6, item)
	}
	return r.port(map[string]rule.Protocol{"tcp": rule.TCP, "udp": rule.UDP, "sctp": rule.SCTP}[field], item)
}

func (r *reader) port(p rule.Protocol, item node) (Match, error) {
	if n := item.Number; item.Kind == cue.IntKind {
		if n < 1 || n > 65535 {
			r.skipped++
			return Match{}, nil
		}
		return Match{Protocol: p, Ports: rule.PortRange(uint16(n), uint16(n))}, nil
	}
	s, ok := r.str(item)
	if !ok {
		return Match{}, nil
	}
	first, last, ok := strings.Cut(s, "-")
	if !ok {
		r.skipped++
		return Match{}, nil
	}
	lo, err1 := strconv.ParseUint(first, 10, 16)
	hi, err2 := strconv.ParseUint(last, 10, 16)
	switch {
	case err1 != nil || err2 != nil || lo == 0 || hi == 0:
		return Match{}, fmt.Errorf("a port is 1 to 65535, not %q", s)
	case first[0] == '0' || last[0] == '0':
		return Match{}, fmt.Errorf("a port has no leading zeros: write \"%d-%d\"", min(lo, hi), max(lo, hi))
	case lo > hi:
		return Match{}, fmt.Errorf("the range is reversed: write \"%d-%d\"", hi, lo)
	}
	return Match{Protocol: p, Ports: rule.PortRange(uint16(lo), uint16(hi))}, nil
}

func (r *reader) icmp(p rule.Protocol, item node) (Match, error) {
	var typ, code *uint8
	for _, f := range r.fields(item) {
		if f.Kind != cue.IntKind || f.Number < 0 || f.Number > 255 {
			r.skipped++
			return Match{}, nil
		}
		v := uint8(f.Number)
		switch f.Name {
		case "type":
			typ = &v
		case "code":
			code = &v
		}
	}
	switch {
	case typ == nil && code != nil:
		return Match{}, fmt.Errorf("an ICMP code needs its type: {type: …, code: %d}", *code)
	case typ == nil:
		r.lack(item, "type", fmt.Sprintf("missing field \"type\": for every type write protocols: [%q]", map[rule.Protocol]string{rule.ICMP: "icmp", rule.ICMPv6: "icmpv6"}[p]))
		return Match{}, nil
	case code == nil:
		return Match{Protocol: p, Ports: rule.ICMPType(*typ)}, nil
	}
	return Match{Protocol: p, Ports: rule.ICMPTypeCode(*typ, *code)}, nil
}

func (r *reader) protocol(item node) (Match, error) {
	name := item.Text
	if item.Kind == cue.IntKind {
		name = strconv.FormatInt(item.Number, 10)
	} else if item.Kind != cue.StringKind {
		r.skipped++
		return Match{}, nil
	}
	p, err := rule.ParseProtocol(name)
	if err != nil {
		return Match{}, r.unknownProtocol(name)
	}
	return Match{Protocol: p, Ports: p.WholeProtocol()}, nil
}

// unknownProtocol says what is wrong with a protocol, and what to write.
func (r *reader) unknownProtocol(name string) error {
	switch strings.ToLower(name) {
	case "0", "ip", "hopopt":
		return errors.New(strings.ReplaceAll(explain.ProtocolZero, "$0", name))
	case "any", "":
		return fmt.Errorf("%q is not a protocol: for every protocol use the service \"any\"", name)
	}
	if p, port, ok := strings.Cut(name, "/"); ok {
		switch p {
		case "tcp", "udp", "sctp":
			return fmt.Errorf("ports stand under their protocol: %s: [%s]", p, port)
		}
		return fmt.Errorf("%s has no ports: write %q", p, p)
	}
	if n, err := strconv.Atoi(name); err == nil {
		return fmt.Errorf("a protocol number is 1 to 255, not %d", n)
	}
	var known []string
	for p := rule.Protocol(1); p < rule.AnyProtocol; p++ {
		known = append(known, p.String())
	}
	return fmt.Errorf("unknown protocol %q%s", name, r.suggest.DidYouMean(name, append(known, "icmpv6")))
}

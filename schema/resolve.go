package schema

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// names is what the names of a policy mean. Peers share one namespace; servers
// and services have their own.
type names struct {
	peers    map[string]peerName
	servers  map[string]bool
	services map[string]*Service
}

// peerName is what a name in from or to means.
type peerName struct {
	kind     rule.EndKind
	prefixes []netip.Prefix // of an address set
	pos      rule.Pos
	path     string
}

// of is the names of peers of a kind.
func (n names) of(kind rule.EndKind) []string {
	var found []string
	for name, d := range n.peers {
		if d.kind == kind {
			found = append(found, name)
		}
	}
	return found
}

// nouns are how messages speak of the kinds of peer that have names.
var nouns = map[rule.EndKind]string{rule.EndTier: "a tier", rule.EndAddresses: "an address set", rule.EndGroup: "a group", rule.EndAddressGroup: "an address group"}

// declare collects the names of a policy, from all that has been read before
// its tiers, servers and assertions.
func (r *reader) declare(p *Policy, tiers, servers []node) {
	r.names = names{peers: map[string]peerName{}, servers: map[string]bool{}, services: map[string]*Service{}}
	for _, n := range tiers {
		r.checkName(n)
		r.declarePeer(n.Name, peerName{kind: rule.EndTier, pos: n.Pos(), path: n.Path()})
	}
	for _, s := range p.Addresses {
		r.declarePeer(s.Name, peerName{kind: rule.EndAddresses, pos: s.Pos, path: rule.Path("addresses", s.Name)})
	}
	for _, x := range p.Groups {
		r.declarePeer(x.Key, peerName{kind: rule.EndGroup, pos: x.Pos, path: rule.Path("groups", x.Key)})
	}
	for _, x := range p.AddressGroups {
		r.declarePeer(x.Key, peerName{kind: rule.EndAddressGroup, pos: x.Pos, path: rule.Path("addressGroups", x.Key)})
	}
	for _, n := range servers {
		r.checkName(n)
		r.names.servers[n.Name] = true
	}
	for i := range p.Services {
		r.names.services[p.Services[i].Name] = &p.Services[i]
	}
}

// declarePeer adds a name; the second of two is a fault, in the order of the
// lines.
func (r *reader) declarePeer(name string, d peerName) {
	first, ok := r.names.peers[name]
	if !ok {
		r.names.peers[name] = d
		return
	}
	if rule.ComparePos(d.pos, first.pos) < 0 {
		first, d = d, first
	}
	r.faultAt(d.pos, d.path, fmt.Sprintf("%q means two things: %s here and %s at %s; rename one", name, nouns[d.kind], nouns[first.kind], first.pos))
}

// peer reads one item of a rule's from or to.
func (r *reader) peer(item node, tier string) (Peer, bool) {
	s, ok := r.str(item)
	if !ok {
		return Peer{}, false
	}
	p := Peer{Text: s, Pos: item.Pos()}
	switch s {
	case "public":
		p.Kind = rule.EndPublic
		return p, true
	case "self":
		if tier == "" {
			r.fault(item, `"self" is the tier of a rule, and an assertion is in none: name the tier`)
			return p, false
		}
		p.Kind, p.Name = rule.EndTier, tier
		return p, true
	}
	if d, ok := r.names.peers[s]; ok {
		p.Kind, p.Name, p.Prefixes = d.kind, s, d.prefixes
		return p, true
	}
	if looksLikeAddress(s) {
		prefix, err := parsePrefix(s)
		if err != nil {
			r.fault(item, err.Error())
			return p, false
		}
		p.Kind, p.Prefixes = rule.EndPrefix, []netip.Prefix{prefix}
		return p, true
	}
	r.fault(item, r.unknownPeer(s, tier))
	return p, false
}

// Everyone is what to say of a name that is none, where it is a word for everyone:
// that one is "public". It is "" for all others.
func Everyone(name string) string {
	switch strings.ToLower(name) {
	case "any":
		return `"any" is a service; everyone is "public"`
	case "all", "world", "anyone", "anybody", "anywhere", "everyone", "everybody", "everywhere", "internet", "*":
		return fmt.Sprintf(`there is no %q: everyone is "public"`, name)
	}
	return ""
}

func (r *reader) unknownPeer(s, tier string) string {
	if everyone := Everyone(s); everyone != "" {
		if tier == "" {
			everyone += fmt.Sprintf(", and each tier of the policy %q", everyTier)
		}
		return everyone
	}
	if s == everyTier {
		return fmt.Sprintf("%q is for assertions: a rule names each tier", s)
	}
	if r.names.servers[s] && tier != "" {
		return fmt.Sprintf("%q is a kind of server, and rules are about tiers: name a tier that it carries", s)
	}
	if meant := networkMeant(s); meant != "" {
		return fmt.Sprintf("unknown tier, address set or group %q: %s", s, meant)
	}
	if r.suggest.Tired() { // to list the names is half of what it costs to look at them
		return fmt.Sprintf("unknown tier, address set or group %q", s)
	}
	known := append(slices.Collect(maps.Keys(r.names.peers)), "public")
	if tier != "" {
		known = append(known, "self")
	} else {
		known = append(slices.AppendSeq(known, maps.Keys(r.names.servers)), everyTier)
	}
	meant := r.suggest.DidYouMean(s, known)
	if host := hostMeant(s); meant == "" && host != "" {
		meant = ": " + host
	}
	return fmt.Sprintf("unknown tier, address set or group %q%s", s, meant)
}

// end reads one item of an assertion's from or to, which may be a server too. A
// name that is both a server's and a tier's means the tier, which that server carries.
func (r *reader) end(item node) (Peer, bool) {
	s, ok := r.str(item)
	if !ok {
		return Peer{}, false
	}
	switch peer, two := r.names.peers[s]; {
	case !r.names.servers[s]:
	case !two:
		return Peer{Kind: rule.EndServer, Name: s, Text: s, Pos: item.Pos()}, true
	case peer.kind != rule.EndTier:
		r.fault(item, fmt.Sprintf("%q means two things: %s at %s and a kind of server; rename one", s, nouns[peer.kind], peer.pos))
		return Peer{}, false
	}
	return r.peer(item, "")
}

// everyTier is a word of assertions. No tier can have such a name.
const everyTier = "every tier"

// everyTier is the servers that carry none of some tiers, and the other tiers that
// no server carries, at the place of the word.
func (p *Policy) everyTier(pos rule.Pos, except []string) []Peer {
	var peers []Peer
	add := func(kind rule.EndKind, name string, tiers ...string) {
		if !slices.ContainsFunc(tiers, func(t string) bool { return slices.Contains(except, t) }) {
			peers = append(peers, Peer{Kind: kind, Name: name, Text: name, Pos: pos})
		}
	}
	carried := map[string]bool{}
	for _, s := range p.Servers {
		tiers := append(slices.Clone(s.Tiers), s.Name) // one named like a tier carries it
		for _, t := range tiers {
			carried[t] = true
		}
		add(rule.EndServer, s.Name, tiers...)
	}
	for _, t := range p.Tiers {
		if !carried[t.Name] {
			add(rule.EndTier, t.Name, t.Name)
		}
	}
	return peers
}

// looksLikeAddress tells a mistyped address from a mistyped name.
func looksLikeAddress(s string) bool {
	return strings.ContainsAny(s, ":/") || s != "" && s[0] >= '0' && s[0] <= '9' && strings.Contains(s, ".")
}

// named finds the service of a rule.
func (r *reader) named(n node, name string) *Service {
	if s := r.serviceNamed(name); s != nil {
		return s
	}
	isKey, own := name == n.Name, "%s in place of service"
	if isKey {
		own = "a key of your own with %s"
	}
	said := r.unknownService(name, own, "or give the rule ports of its own, such as tcp: [8080]")
	if first, _, more := strings.Cut(name, "-"); more && isKey && r.serviceNamed(first) != nil && !strings.Contains(said, "did you mean") {
		said += fmt.Sprintf("; for %q under this key write service: %[1]q", first)
	}
	r.lack(n, "service "+portFields, said)
	return nil
}

// packets is what to write for packets where the name of a service belongs, as in tcp/443,
// 443 or udp: the catalog's services of exactly these, and fields, of which own says where
// they stand. It is "" for what names no packets.
func (r *reader) packets(name, own string) string {
	port := rule.PortWritten(name)
	text, _, either := strings.Cut(port, " or ") // protocols
	text = cmp.Or(text, name)
	s, err := rule.ParseService(text)
	switch {
	case err != nil && strings.Contains(text, "/"):
		return err.Error()
	case err != nil:
		return ""
	}
	_, ports, _ := strings.Cut(text, "/")
	p, field := s.Matches[0].Protocol, ""
	switch first, last, _ := s.Matches[0].Ports.Range(); {
	case p.HasPorts() && ports == "":
		return fmt.Sprintf("%s has ports: write "+own, p, p.String()+": […]")
	case p.HasPorts() && first != last:
		field = fmt.Sprintf("%s: [%q]", p, ports)
	case p.HasPorts():
		field = fmt.Sprintf("%s: [%s]", p, ports)
		same := slices.DeleteFunc(r.catalog.ofPort(first), func(quoted string) bool {
			matches := r.catalog.service(strings.Trim(quoted, `"`)).Matches
			return !either && (len(matches) > 1 || matches[0].Protocol != p)
		})
		if len(same) > 0 {
			own = "its service, " + strings.Join(same, " or ") + ", or " + own
		}
	case ports != "":
		field = fmt.Sprintf("%s: [{type: %s}]", map[rule.Protocol]string{rule.ICMP: "icmp4", rule.ICMPv6: "icmp6"}[p], strings.Replace(ports, ":", ", code: ", 1))
	default:
		field = fmt.Sprintf("protocols: [%q]", p)
	}
	return fmt.Sprintf("write "+own, field)
}

// asked finds the service of an assertion, which has no ports of its own: it is a
// name, or written as in tcp/8080.
func (r *reader) asked(n node, name string) *Service {
	if s := r.serviceNamed(name); s != nil {
		return s
	}
	better := rule.PortWritten(name)
	one, _, _ := strings.Cut(better, " or ")
	written, err := rule.ParseService(cmp.Or(one, name))
	switch {
	case err == nil && (better == "" || better == name):
		return serviceOf(written)
	case err == nil: // a number is meant as a port more often than as a protocol
		r.fault(n, fmt.Sprintf("unknown service %q: write %s", name, better))
	case better != "" || strings.Contains(name, "/"):
		r.fault(n, fmt.Sprintf("unknown service %q: %v", name, err))
	default:
		r.fault(n, r.unknownService(name, "", "or write it as in tcp/8080"))
	}
	return nil
}

// serviceNamed finds a service by its name: "any", the policy's, else the catalog's.
func (r *reader) serviceNamed(name string) *Service {
	if name == "any" {
		return anyService()
	}
	if s, ok := r.names.services[name]; ok {
		return s
	}
	return r.catalog.service(name)
}

// unknownService is what to say of a name that no service has: own is where fields would
// stand in its place, otherwise what an author can do beside defining it.
func (r *reader) unknownService(name, own, otherwise string) string {
	if packets := r.packets(name, own); packets != "" {
		return fmt.Sprintf("unknown service %q: %s", name, packets)
	}
	known := append(slices.Collect(maps.Keys(r.names.services)), append(r.catalog.names(), "any")...)
	meant := r.suggest.DidYouMean(name, known)
	if usual := usualNames[name]; usual != "" {
		meant = fmt.Sprintf(", did you mean %q?", usual)
	} else if parts := partsOf(name, known); len(parts) > 1 {
		meant = ", but there are " + strings.Join(parts, ", ")
	}
	if meant == "" {
		meant = ": define it under services, " + otherwise
	}
	return fmt.Sprintf("unknown service %q%s", name, meant)
}

// usualNames are services of the catalog by what people call them, their software's or
// their protocol's name.
var usualNames = map[string]string{"dhcp": "bootps", "mariadb": "mysql", "mssql": "ms-sql-s", "rabbitmq": "amqp", "rpc": "sunrpc", "rpcbind": "sunrpc", "portmapper": "sunrpc"}

// partsOf lists the services that a name is the first word of, in quotes: what
// several daemons make together has no name of its own.
func partsOf(name string, known []string) []string {
	var found []string
	for _, k := range slices.Sorted(slices.Values(known)) {
		if strings.HasPrefix(k, name+"-") {
			found = append(found, fmt.Sprintf("%q", k))
		}
	}
	return found
}

// tiers reads a list of tiers; about says where it is.
func (r *reader) tiers(n node, about string) []string {
	var names []string
	for _, item := range r.items(n) {
		if name, ok := r.str(item); ok && r.isTier(item, name, about) {
			names = append(names, name)
		}
	}
	return names
}

// isTier checks a name where tiers alone may stand; about says where that is.
func (r *reader) isTier(n node, name, about string) bool {
	d, ok := r.names.peers[name]
	if ok && d.kind == rule.EndTier {
		return true
	}
	if ok {
		r.fault(n, fmt.Sprintf("%q is %s, and %s", name, nouns[d.kind], about))
		return false
	}
	r.fault(n, fmt.Sprintf("unknown tier %q%s", name, r.suggest.DidYouMean(name, r.names.of(rule.EndTier))))
	return false
}

// groupNames refuses two tiers that would be one group in the cloud, which may
// tell neither capitals nor accents apart.
func (r *reader) groupNames(tiers []Tier) {
	first := map[string]Tier{}
	for _, t := range tiers {
		name := rule.Alike(t.Group)
		before, ok := first[name]
		if !ok || name == "" { // which is at fault
			first[name] = t
			continue
		}
		if rule.ComparePos(t.Pos, before.Pos) < 0 {
			t, before = before, t
		}
		message := fmt.Sprintf("the security group %q is that of tier %q already, at %s", t.Group, before.Name, before.Pos)
		if t.Group != before.Group {
			message = fmt.Sprintf("some clouds take the security group %q for %q, that of tier %q at %s", t.Group, before.Group, before.Name, before.Pos)
		}
		r.faultAt(t.Pos, rule.Path("tiers", t.Name), message+": give one of them another group")
	}
}

// serverAddresses refuses an address that two servers say is theirs.
func (r *reader) serverAddresses(servers []Server) {
	type owned struct {
		server string
		Address
	}
	first := map[netip.Prefix]owned{}
	for _, s := range servers {
		for _, a := range s.Addresses {
			this := owned{s.Name, a}
			before, again := first[a.Prefix]
			switch {
			case !a.Prefix.IsSingleIP() || again && before.server == s.Name:
				continue
			case !again:
				first[a.Prefix] = this
				continue
			case rule.ComparePos(a.Pos, before.Pos) < 0:
				this, before = before, this
			}
			r.faultAt(this.Pos, rule.Path("servers", this.server, "addresses"), fmt.Sprintf("%s is an address of server %q already, at %s: leave it to one of them", a.Text, before.server, before.Pos))
		}
	}
}

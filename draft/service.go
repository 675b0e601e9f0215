package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// atom is something that a rule of the policy opens by one name.
type atom struct {
	name  string
	ports []portList // own ports; nil where the catalog, or the language, has the name
	exist families   // the IP versions in which any of it exists
	also  []string   // other names of the catalog for the same
}

// portList is a field of ports: tcp: [25107].
type portList struct{ field, items string }

func (a *atom) own() bool { return a.ports != nil }

// unnamed is ports that belong to something rare by their number and are used for much
// else. A name would most likely be wrong.
var unnamed = map[string]bool{
	"cassandra-internode": true, "cf-ssh": true, "designate-api": true, "docker-registry": true, "galera": true,
	"galera-sst": true, "heat": true, "heat-cfn": true, "keystone": true, "octavia-amphora": true, "uaa": true,
}

// preferred is which of several names of the catalog for the same ports people type.
var preferred = map[string]bool{
	"dns": true, "gridftp": true, "http": true, "http-alt": true, "memcached": true, "prometheus": true, "rdp": true,
	"smb": true, "stun": true, "stuns": true, "vnc": true, "winrm": true,
}

// synonyms are names of the catalog that mean the very same thing as a preferred one.
var synonyms = map[string]bool{
	"domain": true, "gsiftp": true, "memcache": true, "metadata": true, "microsoft-ds": true, "ms-wbt-server": true,
	"rfb": true, "swift-proxy": true, "wsman": true,
}

// metadataAddress is where servers ask for what the cloud knows of them.
const metadataAddress = "169.254.169.254/32"

// catalog is the services that may give ports their name, by what they open.
type catalog struct {
	services []*service
	by       map[rule.Match][]*service // of which it is a part
	single   map[rule.Match]*service   // of which it is the whole, in its family
	metadata *service
}

type service struct {
	atom
	authors bool // the policy's, beside which the import is written
	rank    int
	matches map[rule.Family][]rule.Match // per family, those that exist in it
	most    int
}

// taste is less for a name that is better than another for the same ports.
func (s *service) taste() int {
	switch {
	case s.authors:
		return 0
	case preferred[s.name]:
		return 1
	}
	return 2
}

func newCatalog(list []schema.Service) *catalog {
	c := &catalog{by: map[rule.Match][]*service{}, single: map[rule.Match]*service{}}
	same := map[string][]*service{}
	for _, s := range list {
		one := &service{atom: atom{name: s.Name}, authors: s.Pos != (rule.Pos{}), matches: map[rule.Family][]rule.Match{}}
		key := ""
		for _, family := range both.each() {
			for _, m := range s.Matches {
				if m.Families.Has(family) {
					match := rule.Match{Family: family, Protocol: m.Protocol, Ports: m.Ports}
					one.matches[family] = append(one.matches[family], match)
					key += match.String() + " " + family.String() + ","
				}
			}
			if n := len(one.matches[family]); n > 0 {
				one.exist |= familyOf(family)
				one.most = max(one.most, n)
			}
		}
		if s.Name == "metadata" {
			c.metadata = one
		}
		same[key] = append(same[key], one)
	}
	for _, services := range same {
		slices.SortFunc(services, func(a, b *service) int {
			return cmp.Or(cmp.Compare(a.taste(), b.taste()), strings.Compare(a.name, b.name))
		})
		best := services[0]
		if !best.authors && slices.ContainsFunc(services, func(s *service) bool { return unnamed[s.name] }) {
			continue
		}
		for _, s := range services[1:] {
			if !best.authors && !synonyms[s.name] {
				best.also = append(best.also, s.name)
			}
		}
		c.services = append(c.services, best)
	}
	slices.SortFunc(c.services, func(a, b *service) int {
		return cmp.Or(b.most-a.most, strings.Compare(a.name, b.name))
	})
	for i, s := range c.services {
		s.rank = i
		for _, matches := range s.matches {
			for _, m := range matches {
				c.by[m] = append(c.by[m], s)
				if len(matches) == 1 && c.single[m] == nil {
					c.single[m] = s
				}
			}
		}
	}
	return c
}

// anyAtom is every protocol.
func anyAtom() *atom { return &atom{name: "any", exist: both} }

// portsAtom is ports that have no name, called by themselves. With udp it is also the same
// ports of UDP.
func portsAtom(p rule.Protocol, ports rule.Ports, udp bool) *atom {
	a := &atom{exist: familiesWhere(p.In)}
	switch {
	case p.HasPorts() && ports.Whole():
		a.name = p.String() + "-all"
		a.ports = []portList{{"protocols", fmt.Sprintf("%q", p.String())}}
		if udp {
			a.name = "tcp-udp-all"
			a.ports[0].items += `, "udp"`
		}
	case p.HasPorts():
		a.name = p.String() + "-" + ports.String()
		item := ports.String()
		if strings.Contains(item, "-") {
			item = fmt.Sprintf("%q", item)
		}
		a.ports = []portList{{p.String(), item}}
		if udp {
			a.name = "tcp-udp-" + ports.String()
			a.ports = append(a.ports, portList{"udp", item})
		}
	case p.IsICMP():
		field := "icmp4"
		if p == rule.ICMPv6 {
			field = "icmp6"
		}
		t, typed := ports.Type()
		code, coded := ports.Code()
		switch {
		case coded:
			a.name = fmt.Sprintf("%s-%d-%d", field, t, code)
			a.ports = []portList{{field, fmt.Sprintf("{type: %d, code: %d}", t, code)}}
		case typed:
			a.name = fmt.Sprintf("%s-%d", field, t)
			a.ports = []portList{{field, fmt.Sprintf("{type: %d}", t)}}
		default:
			a.name = field + "-all"
			a.ports = []portList{{"protocols", fmt.Sprintf("%q", p.String())}}
		}
	case p.String() == fmt.Sprint(int(p)):
		a.name = fmt.Sprintf("protocol-%d", int(p))
		a.ports = []portList{{"protocols", fmt.Sprint(int(p))}}
	default:
		a.name = p.String()
		a.ports = []portList{{"protocols", fmt.Sprintf("%q", p.String())}}
	}
	return a
}

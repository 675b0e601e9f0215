package rule

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// ParseService reads packets as people write them: "tcp/5432", "udp/1-1024",
// "icmp" (in both families), "icmp/3:4" (type 3, code 4; "icmp4" and "icmp6" as in
// policies), "esp", "51", "any". It is not for names of services.
func ParseService(text string) (Service, error) {
	if text == "any" {
		return AnyService(), nil
	}
	name, ports, named := strings.Cut(text, "/")
	if name == "icmp" && !named {
		return Service{Name: text, Matches: []Match{
			{Family: IPv4, Protocol: ICMP, Ports: AllPorts()},
			{Family: IPv6, Protocol: ICMPv6, Ports: AllPorts()},
		}}, nil
	}
	words := map[string]string{"icmp4": "icmp", "icmp6": "icmpv6"}
	protocol, err := ParseProtocol(cmp.Or(words[name], name))
	if err != nil {
		return Service{}, err
	}
	match := Match{Protocol: protocol, Ports: protocol.WholeProtocol()}
	switch {
	case !named:
	case protocol.HasPorts():
		match.Ports, err = parsePorts(ports)
	case protocol.IsICMP():
		match.Ports, err = parseTypes(ports)
	default:
		err = fmt.Errorf("%s has no ports: write %q", protocol, protocol)
	}
	if err != nil {
		return Service{}, err
	}
	s := Service{Name: text}
	for _, match.Family = range []Family{IPv4, IPv6} {
		if protocol.In(match.Family) {
			s.Matches = append(s.Matches, match)
		}
	}
	return s, nil
}

func parsePorts(text string) (Ports, error) {
	first, last, ranged := strings.Cut(text, "-")
	if !ranged {
		last = first
	}
	lo, err1 := strconv.ParseUint(first, 10, 16)
	hi, err2 := strconv.ParseUint(last, 10, 16)
	switch {
	case cmp.Or(err1, err2) != nil || lo == 0 || hi == 0:
		return Ports{}, fmt.Errorf("a port is 1 to 65535, or a range such as 8000-8100, not %q", text)
	case lo > hi:
		return Ports{}, fmt.Errorf("the range is reversed: write %d-%d", hi, lo)
	}
	return PortRange(uint16(lo), uint16(hi)), nil
}

func parseTypes(text string) (Ports, error) {
	first, second, coded := strings.Cut(text, ":")
	t, err := strconv.ParseUint(first, 10, 8)
	if err != nil {
		return Ports{}, fmt.Errorf("an ICMP type is 0 to 255, with a code such as 3:4 where one is meant, not %q", text)
	}
	if !coded {
		return ICMPType(uint8(t)), nil
	}
	code, err := strconv.ParseUint(second, 10, 8)
	if err != nil {
		return Ports{}, fmt.Errorf("an ICMP code is 0 to 255, not %q", second)
	}
	return ICMPTypeCode(uint8(t), uint8(code)), nil
}

// PortWritten is how sgc writes a port that may be written in another way: 443/tcp,
// tcp:443, tcp443, or 443 alone; "" for anything else.
func PortWritten(name string) string {
	const ports = `([0-9]+(?:-[0-9]+)?)`
	const protocol = `(tcp|udp|sctp)`
	name = strings.ToLower(name)
	for _, way := range []struct{ pattern, better string }{
		{"^" + ports + "[/: ]?" + protocol + "$", "$2/$1"},
		{"^" + protocol + "[/: ]?" + ports + "$", "$1/$2"},
		{"^" + ports + "$", "tcp/$1 or udp/$1"},
	} {
		if p := regexp.MustCompile(way.pattern); p.MatchString(name) {
			return p.ReplaceAllString(name, way.better)
		}
	}
	return ""
}

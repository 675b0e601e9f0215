package schema

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
)

// addressSet reads named networks: a list, or a struct with the list in it.
func (r *reader) addressSet(n node) AddressSet {
	r.checkName(n)
	s := AddressSet{Name: n.Name, Pos: n.Pos()}
	if n.Kind == cue.ListKind {
		s.Items = r.addresses(n)
		return s
	}
	cidrs := false
	for _, f := range r.fields(n) {
		switch f.Name {
		case "cidrs":
			s.Items, cidrs = r.addresses(f), true
		case "description":
			r.text(f)
		case "waive":
			s.Waive = r.waivers(f)
		}
	}
	if !cidrs {
		r.lack(n, "cidrs", `missing field "cidrs": say which networks`)
	}
	return s
}

func (r *reader) addresses(n node) []Address {
	var found []Address
	for _, item := range r.items(n) {
		s, ok := r.str(item)
		if !ok {
			continue
		}
		p, err := parsePrefix(s)
		if err != nil {
			r.fault(item, err.Error())
			continue
		}
		found = append(found, Address{Prefix: p, Text: s, Pos: item.Pos()})
	}
	return found
}

// parsePrefix reads a CIDR, or an address for itself. Nothing in it is left to
// guess: no host bits, no zone, no IPv4 inside IPv6.
func parsePrefix(s string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(s); err == nil {
		if err := checkAddr(addr, s); err != nil {
			return netip.Prefix{}, err
		}
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		if bare := strings.TrimSpace(s); bare != s {
			return netip.Prefix{}, fmt.Errorf("%q has blanks about it: write %q", s, bare)
		}
		if host, mask, ok := strings.Cut(s, "/"); ok {
			if addr, aerr := netip.ParseAddr(host); aerr == nil {
				if addr.Zone() != "" {
					return netip.Prefix{}, checkAddr(addr, s)
				}
				if length, ok := maskLength(mask); ok {
					return netip.Prefix{}, fmt.Errorf("a network has a length, not a mask: write \"%s/%d\"", host, length)
				}
				return netip.Prefix{}, fmt.Errorf("%q is no network: the length after / is 0 to %d", s, addr.BitLen())
			}
		}
		return netip.Prefix{}, fmt.Errorf("%q is neither an address nor a network such as 192.0.2.0/24 or 2001:db8::/32", s)
	}
	if err := checkAddr(p.Addr(), s); err != nil {
		return netip.Prefix{}, err
	}
	if m := p.Masked(); m != p {
		return netip.Prefix{}, fmt.Errorf("%s: host bits set; write %s for the network or %s for the address", s, m, p.Addr())
	}
	return p, nil
}

// maskLength is the length that a netmask such as 255.255.255.0 means.
func maskLength(s string) (int, bool) {
	mask, err := netip.ParseAddr(s)
	if err != nil || !mask.Is4() {
		return 0, false
	}
	ones, bits := net.IPMask(mask.AsSlice()).Size()
	return ones, bits != 0
}

func checkAddr(addr netip.Addr, s string) error {
	switch {
	case addr.Zone() != "":
		zone, _, _ := strings.Cut(addr.Zone(), "/")
		return fmt.Errorf("%s has a zone, which means something on one machine alone: leave out %%%s", s, zone)
	case addr.Is4In6():
		meant := addr.Unmap().String()
		if _, length, ok := strings.Cut(s, "/"); ok {
			if n, err := strconv.Atoi(length); err == nil && n >= 96 {
				meant += fmt.Sprintf("/%d", n-96)
			}
		}
		return fmt.Errorf("%s is IPv4 written as IPv6: write %s", s, meant)
	}
	return nil
}

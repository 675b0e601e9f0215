package lint

import (
	"net/netip"
	"slices"
)

// isSpecial says whether all of a prefix is space that means something in its IP
// version alone, so that nobody misses a counterpart in the other: private and
// local networks, multicast, translators. The ranges for documentation are not
// among it; a policy that uses them speaks of ordinary networks.
func isSpecial(p netip.Prefix) bool {
	return slices.ContainsFunc(specialSpace, func(s netip.Prefix) bool {
		return s.Bits() <= p.Bits() && s.Contains(p.Addr())
	})
}

// specialSpace is what [isSpecial] goes by, each range with the document that
// sets it aside.
var specialSpace = []netip.Prefix{
	ipv4(8),                      // 0.0.0.0/8, this network, RFC 791
	ipv4(8, 10),                  // private, RFC 1918
	ipv4(10, 100, 64),            // shared behind a carrier's NAT, RFC 6598
	ipv4(8, 127),                 // loopback, RFC 1122
	ipv4(16, 169, 254),           // link-local, where clouds answer for metadata, RFC 3927
	ipv4(12, 172, 16),            // private, RFC 1918
	ipv4(24, 192),                // 192.0.0.0/24, protocol assignments, RFC 6890
	ipv4(16, 192, 168),           // private, RFC 1918
	ipv4(4, 224),                 // multicast, RFC 5771
	ipv4(32, 255, 255, 255, 255), // broadcast, RFC 919
	netip.PrefixFrom(netip.IPv6Loopback(), 128), // RFC 4291
	ipv6(96, 0x00, 0x64, 0xff, 0x9b),            // translated to IPv4, RFC 6052
	ipv6(48, 0x00, 0x64, 0xff, 0x9b, 0, 1),      // the same within a site, RFC 8215
	ipv6(7, 0xfc),                               // private, RFC 4193
	ipv6(10, 0xfe, 0x80),                        // link-local, RFC 4291
	ipv6(8, 0xff),                               // multicast, RFC 4291
}

// ipv4 is a prefix by its length and first octets.
func ipv4(bits int, octets ...byte) netip.Prefix {
	var a [4]byte
	copy(a[:], octets)
	return netip.PrefixFrom(netip.AddrFrom4(a), bits)
}

// ipv6 is a prefix by its length and first octets.
func ipv6(bits int, octets ...byte) netip.Prefix {
	var a [16]byte
	copy(a[:], octets)
	return netip.PrefixFrom(netip.AddrFrom16(a), bits)
}

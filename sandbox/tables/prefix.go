package tables

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"net/netip"
	"strconv"
	"strings"

	"sgc.dev/sgc/sandbox/api"
)

// A prefix is an address with a mask, as netaddr's IPNetwork: the bits of the
// host stay.
type prefix struct {
	addr netip.Addr
	bits int
}

// parsePrefix reads what netaddr reads: an address in full, and after a slash
// the length of the mask, a netmask or a hostmask.
func parsePrefix(s string) (prefix, bool) {
	address, mask, masked := strings.Cut(s, "/")
	addr, err := netip.ParseAddr(address)
	if err != nil || addr.Zone() != "" {
		return prefix{}, false
	}
	if !masked {
		return prefix{addr, addr.BitLen()}, true
	}
	if n, ok := api.Integer(mask); ok {
		return prefix{addr, n}, n >= 0 && n <= addr.BitLen()
	}
	n, ok := maskLength(mask, addr)
	return prefix{addr, n}, ok
}

// maskLength is the length of a mask that is written as an address of the same family.
func maskLength(s string, of netip.Addr) (int, bool) {
	mask, err := netip.ParseAddr(s)
	if err != nil || mask.BitLen() != of.BitLen() {
		return 0, false
	}
	leading := 0
	inverse := false
	for i, b := range mask.AsSlice() {
		if i == 0 && b&0x80 == 0 {
			inverse = true
		}
		if inverse {
			b = ^b
		}
		n := bits.LeadingZeros8(^b)
		if b<<n != 0 || n > 0 && leading != i*8 {
			return 0, false
		}
		leading += n
	}
	// All zeros are the netmask of everything, not the hostmask of one address.
	if inverse && leading == mask.BitLen() {
		leading = 0
	}
	return leading, true
}

func (p prefix) ethertype() string {
	if p.addr.Is4() {
		return "IPv4"
	}
	return "IPv6"
}

// masked is the network of the prefix.
func (p prefix) masked() prefix {
	network, err := p.addr.Prefix(p.bits)
	if err != nil {
		return p // parsePrefix holds bits to the address's length
	}
	return prefix{network.Addr(), p.bits}
}

// String is the prefix as netaddr writes it.
func (p prefix) String() string { return addressText(p.addr) + "/" + strconv.Itoa(p.bits) }

// addressText writes an address as inet_ntop of the BSDs and of glibc does, whose
// IPv6 differs from RFC 5952, and from Go's, where six words of zeros precede an
// address of IPv4: ::1:2 is ::0.1.0.2.
func addressText(a netip.Addr) string {
	if a.Is4() || a.Is4In6() {
		return a.String()
	}
	raw := a.As16()
	if binary.BigEndian.Uint64(raw[:8]) == 0 && raw[8]|raw[9]|raw[10]|raw[11] == 0 && (raw[12] != 0 || raw[13] != 0) {
		return fmt.Sprintf("::%d.%d.%d.%d", raw[12], raw[13], raw[14], raw[15])
	}
	return a.String()
}

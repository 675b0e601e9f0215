package lint

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"

	"sgc.dev/sgc/rule"
)

// plaintext is a service of which everybody on the way can read the passwords.
type plaintext struct {
	listener
	instead  string
	upgrades bool // a client may ask for TLS on the same port
}

// plaintexts is in the order of their ports. SNMP, VNC and others that encrypt on
// the same port where they are told to are not among them.
var plaintexts = []plaintext{
	{listener{"ftp", rule.TCP, 21, 21}, "sftp", false},
	{listener{"telnet", rule.TCP, 23, 23}, "ssh", false},
	{listener{"tftp", rule.UDP, 69, 69}, "https", false},
	{listener{"pop3", rule.TCP, 110, 110}, "pop3s", true},
	{listener{"imap", rule.TCP, 143, 143}, "imaps", true},
	{listener{"ldap", rule.TCP, 389, 389}, "ldaps", true},
	{listener{"rexec, rlogin and rsh", rule.TCP, 512, 514}, "ssh", false},
	{listener{"syslog", rule.UDP, 514, 514}, "syslog-tls", false},
	{listener{"mqtt", rule.TCP, 1883, 1883}, "secure-mqtt", false},
	{listener{"amqp", rule.TCP, 5672, 5672}, "amqps", false},
}

// clearText is SGC021. It is a note where the service may be upgraded to TLS, and
// where it is for some networks alone, which may after all be near. What the lints
// of [kinds] say of the world is not said again, and a wide range is there for
// something else.
func clearText(v *view) []found {
	var list []found
	for _, r := range v.may {
		if r.Direction != rule.Ingress {
			continue
		}
		var hit, instead, peers []string
		severe := false
		for _, e := range r.entries {
			for _, l := range plaintexts {
				part, ok := l.part(e.Rule)
				if !ok || portsIn(e.Rule) > few || !v.isOutside(e.Remote) ||
					isWorld(e.Remote) && warnedOf(e.Rule) {
					continue
				}
				add(&hit, l.on(part))
				add(&instead, l.instead)
				add(&peers, strconv.Quote(e.Origins[0].Peer))
				severe = severe || isWorld(e.Remote) && !l.upgrades
			}
		}
		if hit == nil {
			continue
		}
		f := v.fire("SGC021", r, r.Pos, fmt.Sprintf(
			"lets in %s from outside (from %s), and everyone on the way can read it; use %s in its place",
			some(hit), some(peers), some(instead)))
		f.Level = level("SGC021", severe)
		list = append(list, f)
	}
	return list
}

// warnedOf says whether a rule opens what is warned of where the world reaches it.
func warnedOf(r rule.Rule) bool {
	return slices.ContainsFunc(kinds, func(k kind) bool {
		return slices.ContainsFunc(k.listeners, func(l listener) bool { _, ok := l.part(r); return ok })
	})
}

// isOutside says whether packets from a remote come over networks of others, as
// far as a policy can tell: it is an address of the internet, and no server's.
func (v *view) isOutside(r rule.Remote) bool {
	if r.Kind() != rule.RemotePrefix {
		return r.Kind() == rule.RemoteAnyone
	}
	return !isSpecial(r.Prefix()) && !v.isServers(r.Prefix())
}

// isServers says whether a prefix lies in the addresses of a server of the policy.
func (v *view) isServers(p netip.Prefix) bool {
	for i := range v.Servers {
		for _, a := range v.Servers[i].Addresses {
			if a.Prefix.Bits() <= p.Bits() && a.Prefix.Contains(p.Addr()) {
				return true
			}
		}
	}
	return false
}

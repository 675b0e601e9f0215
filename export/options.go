package export

import (
	"fmt"
	"strconv"

	"sgc.dev/sgc/rule"
)

// stateful is said of every new group, since an operator may change what a cloud takes it for.
func stateful(g rule.Group) string {
	if g.Stateful {
		return "--stateful"
	}
	return "--stateless"
}

// options is what a rule matches as options of `openstack security group rule create`, as
// words of the shell; group is the word for the group or address group that it may refer
// to. The family is always said, since the client guesses it from the protocol; and the
// remote, since what the client sends without one differs between its releases.
func options(r rule.Rule, group string) []string {
	words := append(make([]string, 0, 8), "--"+r.Direction.String(), "--ethertype="+r.Family.String(), "--protocol="+r.Protocol.String())
	if lo, hi, ok := r.Ports.Range(); ok {
		ports := "--dst-port=" + strconv.Itoa(int(lo))
		if lo != hi {
			ports += ":" + strconv.Itoa(int(hi))
		}
		words = append(words, ports)
	}
	if t, ok := r.Ports.Type(); ok {
		words = append(words, fmt.Sprintf("--icmp-type=%d", t))
	}
	if c, ok := r.Ports.Code(); ok {
		words = append(words, fmt.Sprintf("--icmp-code=%d", c))
	}
	switch r.Remote.Kind() {
	case rule.RemoteAnyone:
		anyone := "0.0.0.0/0"
		if r.Family == rule.IPv6 {
			anyone = "::/0"
		}
		words = append(words, "--remote-ip="+anyone)
	case rule.RemotePrefix:
		words = append(words, "--remote-ip="+r.Remote.Prefix().String())
	case rule.RemoteTier, rule.RemoteGroup:
		words = append(words, "--remote-group="+group)
	case rule.RemoteAddressGroup:
		words = append(words, "--remote-address-group="+group)
	}
	return words
}

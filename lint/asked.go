package lint

import (
	"fmt"
	"strconv"

	"sgc.dev/sgc/rule"
)

// askedFor says whether a lint has been asked for, or need not be.
func (o Options) askedFor(code string) bool {
	switch code {
	case "SGC024", "SGC025":
		return o.Thorough
	case "SGC026":
		return o.WiderThan > 0
	}
	return true
}

// oftenMeant is SGC024, SGC025 and SGC026: what is open on purpose more often than
// not, for those who want to look at it all the same.
func oftenMeant(v *view) []found {
	if !v.options.Thorough && v.options.WiderThan == 0 {
		return nil
	}
	var list []found
	for _, r := range v.rules {
		if r.Direction != rule.Ingress {
			continue
		}
		var ping, self, wide, wideFrom []string
		for _, e := range r.entries {
			peer := strconv.Quote(e.Origins[0].Peer)
			if isWorld(e.Remote) && e.Match().Pings() {
				add(&ping, peer)
			}
			if e.Remote == rule.Tier(r.tier.Name) && e.Protocol == rule.AnyProtocol {
				add(&self, peer)
			}
			// Every port for everyone is SGC003.
			if ports := portsIn(e.Rule); v.options.WiderThan > 0 && ports > v.options.WiderThan && !(e.Ports.Whole() && isWorld(e.Remote)) {
				add(&wide, fmt.Sprintf("%s (%d ports)", e.Service(), ports))
				add(&wideFrom, peer)
			}
		}
		note := func(code string, of []string, message string) {
			if of != nil && v.options.askedFor(code) {
				list = append(list, v.fire(code, r, r.Pos, message))
			}
		}
		note("SGC024", ping, fmt.Sprintf("lets everyone ping (from %s); name the networks that watch these servers", some(ping)))
		note("SGC025", self, fmt.Sprintf("lets the servers of the tier send each other anything (from %s); list what they need of each other", some(self)))
		note("SGC026", wide, fmt.Sprintf("opens %s from %s; list the ports that are used", some(wide), some(wideFrom)))
	}
	return list
}

// portsIn is how many ports a rule opens; there is no port 0.
func portsIn(r rule.Rule) int {
	if !r.Protocol.HasPorts() {
		return 0
	}
	lo, hi, ok := r.Ports.Range()
	if !ok {
		return 65535
	}
	return int(hi-lo) + 1
}

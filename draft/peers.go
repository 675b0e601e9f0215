package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// peerList is who is at the other end, as the policy calls them.
func (p *Policy) peerList(t *tier, remotes []rule.Remote, sets []string) []string {
	type peer struct {
		rank int
		text string
	}
	var peers []peer
	var literals []rule.Remote
	seen := map[string]bool{}
	for _, name := range sets {
		peers = append(peers, peer{4, name})
	}
	for _, r := range remotes {
		one := peer{}
		switch r.Kind() {
		case rule.RemoteAnyone:
			one = peer{0, "public"}
		case rule.RemoteGroup:
			one = peer{2, p.peers[r]}
			if t != nil && r.Name() == t.live.ID {
				one = peer{1, "self"}
			}
		case rule.RemoteAddressGroup:
			one = peer{3, p.peers[r]}
		case rule.RemotePrefix:
			s := p.setOf[r.Prefix()]
			if s == nil {
				literals = append(literals, r)
				continue
			}
			one = peer{4, s.name}
		}
		if !seen[one.text] {
			seen[one.text] = true
			peers = append(peers, one)
		}
	}
	slices.SortFunc(peers, func(a, b peer) int {
		return cmp.Or(a.rank-b.rank, strings.Compare(a.text, b.text))
	})
	slices.SortFunc(literals, func(a, b rule.Remote) int { return comparePrefix(a.Prefix(), b.Prefix()) })
	var list []string
	for _, one := range peers {
		list = append(list, quote(one.text))
	}
	for _, r := range literals {
		list = append(list, quote(network(r.Prefix())))
	}
	return list
}

// words are rules in the policy's words, IP versions together.
func (p *Policy) words(rules []rule.Rule) string {
	var order []string
	in := map[string][]string{}
	for _, r := range rules {
		remote := r.Remote.String()
		if name, ok := p.peers[r.Remote]; ok && name != "" {
			remote = name
		} else if kind := r.Remote.Kind(); kind == rule.RemoteGroup || kind == rule.RemoteAddressGroup {
			remote = "id " + r.Remote.Name()
		}
		way := "from"
		if r.Direction == rule.Egress {
			way = "to"
		}
		text := fmt.Sprintf("%s %s %s %s", r.Direction, r.Service(), way, remote)
		if in[text] == nil {
			order = append(order, text)
		}
		in[text] = append(in[text], r.Family.String())
	}
	for i, text := range order {
		order[i] += " (" + strings.Join(in[text], ", ") + ")"
	}
	return strings.Join(order, "; ")
}

//go:build conformance

package conformance

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// The tiers reach each other by addresses, so that each side's rule can go alone.
const openPolicy = `package open

name: "open"
addresses: net: ["10.20.0.0/24", "2001:db8:20::/64"]
tiers: {
	client: egress: postgresql: to: ["net"]
	server: ingress: postgresql: from: ["net"]
}
servers: {
	client: tiers: ["client"]
	server: tiers: ["server"]
}
`

// testOVNOpen shows what becomes of an open session when a rule goes that allowed it, at
// either end: the next packet of the side that opened it is dropped, and marks
// the connection, whose answers are dropped from then on. Until then answers pass.
func testOVNOpen(t *testing.T, o ovn) {
	for _, end := range []string{"client", "server"} {
		t.Run("closed at the "+end, func(t *testing.T) {
			policy := filepath.Join(t.TempDir(), "open.cue")
			if err := os.WriteFile(policy, []byte(openPolicy), 0o600); err != nil {
				t.Fatal(err)
			}
			a := o.tenant(t)
			a.exits(t, o.cloud, 0, "apply", "--yes", policy)
			n := a.network(t, compiled(t, policy))
			s := session{t, o, n}
			s.expect("while it is allowed", outcomes{first: true, onwards: true, answer: true})
			for _, g := range a.groups(t) {
				if _, tier, _ := rule.ParseMark(g.Description); tier != end {
					continue
				}
				for _, r := range g.Rules {
					a.neutron.must(t, http.MethodDelete, "/v2.0/security-group-rules/"+r.ID, nil, nil)
				}
			}
			s.expect("once a rule has gone", outcomes{answer: true, marks: true})
		})
	}
}

// A session is a connection from a server of the tier client to one of the tier server.
type session struct {
	t       *testing.T
	ovn     ovn
	network *network
}

// outcomes is what OVN does with packets of a session.
type outcomes struct {
	first        bool // the packet that opens one passes
	onwards      bool // a packet of the side that opened it passes
	marks        bool // the connection is marked as blocked by that packet
	answer       bool // an answer passes, of a connection that is not marked
	markedAnswer bool // an answer passes, of one that is
}

// expect puts packets of both families to OVN, of sessions that are there, or not yet.
func (s session) expect(when string, want outcomes) {
	s.t.Helper()
	s.ovn.sync(s.t)
	for _, family := range []rule.Family{rule.IPv4, rule.IPv6} {
		from, to := s.end("client"), s.end("server")
		packet := packet{src: from.address(family), dst: to.address(family), protocol: rule.TCP, srcPort: 40000, dstPort: 5432, from: from, to: to}
		answer, _ := packet.reply()
		got := outcomes{
			first:        s.passes(packet, "new", ""),
			onwards:      s.passes(packet, "est", ""),
			marks:        s.marks(packet),
			answer:       s.passes(answer, "est,rpl", ""),
			markedAnswer: s.passes(answer, "est,rpl", " && ct_mark.blocked == 1"),
		}
		if got != want {
			s.t.Errorf("%s, %s: %+v, not %+v", when, family, got, want)
		}
	}
}

// passes asks about a packet of a connection in that state, which each port that it
// passes looks up.
func (s session) passes(p packet, state, more string) bool {
	s.t.Helper()
	trace, err := s.ovn.once(s.network.name, p.microflow()+more, state, state)
	if err != nil {
		s.t.Fatal(err)
	}
	passes, err := delivered(trace, p.to)
	if err != nil {
		s.t.Fatal(err)
	}
	return passes
}

// marks asks whether a packet of an established connection marks it as blocked,
// which is not among what a minimal trace shows.
func (s session) marks(p packet) bool {
	s.t.Helper()
	trace := s.ovn.output(s.t, "/usr/bin/ovn-trace", "--db=unix:"+s.ovn.dir+"/ovn/sb.sock", "--no-friendly-names", "--detailed",
		"--ct=est", "--ct=est", s.network.name, p.microflow())
	return strings.Contains(trace, "ct_mark.blocked = 1;")
}

func (s session) end(server string) *port {
	for _, p := range s.network.ports {
		if p.server == server {
			return p
		}
	}
	s.t.Fatalf("there is no server %s", server)
	return nil
}

package lint

import "testing"

// often is a policy with everything that is noted where it is asked for alone.
const often = `
tiers: a: {
	ingress: {
		ping: from: ["public"]
		any: from: ["self"]
		icmp: from: ["0.0.0.0/0", "::/0", "10.0.0.0/8"]
		"passive-ftp": {tcp: ["40000-40100"], udp: ["40000-40099"], from: ["public"]}
		inside: {protocols: ["tcp"], from: ["10.0.0.0/8"]}
		outside: {protocols: ["udp"], from: ["public"], waive: SGC003: "not what this is about"}
	}
	egress: {
		any: to: ["public", "self"]
		ping: to: ["public"]
	}
	waive: SGC005: "not what this is about"
}
`

func TestOftenMeant(t *testing.T) {
	const pings = `5:3 note SGC024 tiers.a.ingress.ping: lets everyone ping (from "public"); name the networks that watch these servers
`
	const any = `6:3 note SGC025 tiers.a.ingress.any: lets the servers of the tier send each other anything (from "self"); list what they need of each other
`
	const icmp = `7:3 note SGC024 tiers.a.ingress.icmp: lets everyone ping (from "0.0.0.0/0", "::/0"); name the networks that watch these servers
`
	for name, row := range map[string]struct {
		o    Options
		want string
	}{
		"nothing is asked for": {Options{}, ""},
		"thorough":             {Options{Thorough: true}, pings + any + icmp},
		"wide ranges": {Options{WiderThan: 100}, `8:3 note SGC026 tiers.a.ingress.passive-ftp: opens tcp/40000-40100 (101 ports) from "public"; list the ports that are used
9:3 note SGC026 tiers.a.ingress.inside: opens tcp (65535 ports) from "10.0.0.0/8"; list the ports that are used
`},
		"very wide ranges": {Options{WiderThan: 65534}, `9:3 note SGC026 tiers.a.ingress.inside: opens tcp (65535 ports) from "10.0.0.0/8"; list the ports that are used
`},
		"no range is wider": {Options{WiderThan: 65535}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := show(checkFor(t, often, row.o)); got != row.want {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

// TestWaivedUnasked holds that waivers of lints that are not asked for wait until they
// are, and then answer, or answer nothing.
func TestWaivedUnasked(t *testing.T) {
	const policy = `
tiers: a: ingress: {
	ping: {from: ["public"], waive: SGC024: "for everyone"}
	ssh: {from: ["10.0.0.0/8"], waive: {SGC025: "x", SGC026: "y"}}
}`
	if got := show(checkFor(t, policy, Options{})); got != "" {
		t.Errorf("not asked for:\n%s", got)
	}
	const want = `5:38 note SGC016 tiers.a.ingress.ssh: the waiver of SGC025 answers nothing here; remove it
5:51 note SGC016 tiers.a.ingress.ssh: the waiver of SGC026 answers nothing here; remove it
`
	if got := show(checkFor(t, policy, Options{Thorough: true, WiderThan: 1})); got != want {
		t.Errorf("asked for:\n%s", got)
	}
}

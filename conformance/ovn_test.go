//go:build conformance

package conformance

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/compiler"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// randomPolicies is how many policies the proof makes up.
const randomPolicies = 12

// TestOVN puts policies into a cloud whose Neutron drives OVN, and packets to
// ovn-trace: what OVN lets through is what the policy says, packet by packet.
func TestOVN(t *testing.T) {
	c := startCloud(t, "--ovn")
	o, ok := c.findOVN(t)
	if !ok {
		t.Fatalf("there is no OVN in %s: start that cloud with up.sh --ovn", c.dir)
	}
	var all score
	t.Run("policies", func(t *testing.T) {
		for seed := range uint64(randomPolicies) {
			t.Run(fmt.Sprintf("random-%d", seed), func(t *testing.T) {
				t.Parallel()
				file := filepath.Join(t.TempDir(), "policy.cue")
				if err := os.WriteFile(file, []byte(randomPolicy(seed)), 0o600); err != nil {
					t.Fatal(err)
				}
				c.prove(t, o, file, seed, &all)
			})
		}
		t.Run("three-tier", func(t *testing.T) {
			t.Parallel()
			policy, err := filepath.Abs("../policies/three-tier")
			if err != nil {
				t.Fatal(err)
			}
			c.prove(t, o, policy, 0, &all)
		})
	})
	t.Logf("%s: %s", o.versions(t), &all)
	if all.packets.Load() < 5000 {
		t.Errorf("only %d packets were tried", all.packets.Load())
	}
}

// A score counts packets.
type score struct{ packets, passed, replies, differences atomic.Int64 }

func (s *score) String() string {
	return fmt.Sprintf("%d packets, of which %d pass, and %d replies; %d differences",
		s.packets.Load(), s.passed.Load(), s.replies.Load(), s.differences.Load())
}

// prove puts one policy to the proof, in a project of its own.
func (c *cloud) prove(t *testing.T, o ovn, policy string, seed uint64, all *score) {
	set := compiled(t, policy)
	a := c.tenant(t)
	c.quota(t, a, -1, -1)
	apply := finish(t, a.sgc(t, c, "apply", "--yes", policy), func(int) {})
	if apply.code != 0 {
		text, _ := os.ReadFile(policy)
		t.Fatalf("sgc apply ended with %d\n%s\n%s", apply.code, apply.stderr, text)
	}
	n := a.network(t, set)
	o.sync(t)
	first := o.tracer(t, "new-"+a.projectID, "new")
	established := o.tracer(t, "established-"+a.projectID, "est,rpl")
	judge := oracle{set, n.ports}

	var here score
	differ := func(format string, args ...any) {
		all.differences.Add(1)
		if here.differences.Add(1) <= 10 {
			t.Errorf(format, args...)
		}
	}
	for _, p := range edges(set, n, rand.New(rand.NewPCG(seed, 40))) {
		got, err := n.verdict(first, p)
		if err != nil {
			t.Fatal(err)
		}
		here.packets.Add(1)
		if want := judge.allows(p); got != want {
			differ("%s: passes %t, not %t: %s", p, got, want, p.microflow())
			continue
		}
		if !got {
			continue
		}
		here.passed.Add(1)
		reply, ok := p.reply()
		if !ok {
			continue
		}
		got, err = n.replyVerdict(first, established, reply)
		if err != nil {
			t.Fatal(err)
		}
		here.replies.Add(1)
		if want := judge.repliesPass(reply); got != want {
			differ("the reply %s: passes %t, not %t: %s", reply, got, want, reply.microflow())
		}
	}
	all.packets.Add(here.packets.Load())
	all.passed.Add(here.passed.Load())
	all.replies.Add(here.replies.Load())
	t.Log(&here)
	if t.Failed() {
		text, _ := os.ReadFile(policy)
		t.Logf("the policy:\n%s", text)
	}
}

// compiled is a policy as rules.
func compiled(t *testing.T, policy string) *rule.Set {
	t.Helper()
	policies, err := schema.Load(schema.Options{Inputs: []string{policy}})
	if err != nil {
		text, _ := os.ReadFile(policy)
		t.Fatalf("%v\n%s", err, text)
	}
	set, err := compiler.Compile(policies[0], compiler.Options{Minimize: access.Full})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

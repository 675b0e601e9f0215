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
	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// randomPolicies is how many policies the proof makes up.
const randomPolicies = 12

// TestOVN puts policies into clouds whose Neutron drives OVN, and packets to
// ovn-trace: what OVN lets through is what the policy says, packet by packet.
func TestOVN(t *testing.T) {
	for _, d := range debians() {
		if d.testing {
			continue // Debian's testing has no OVN
		}
		t.Run(d.codename, func(t *testing.T) { testOVN(t, ovn{startCloud(t, d, "--ovn")}) })
	}
}

func testOVN(t *testing.T, o ovn) {
	// Not beside the others: the client is told of its cloud by the environment.
	t.Run("converge", func(t *testing.T) { testOVNConverge(t, o) })
	t.Run("at once", func(t *testing.T) { testOVNAtOnce(t, o) })
	t.Run("open", func(t *testing.T) { testOVNOpen(t, o) })
	var all score
	t.Run("policies", func(t *testing.T) {
		for seed := range uint64(randomPolicies) {
			t.Run(fmt.Sprintf("random-%d", seed), func(t *testing.T) {
				t.Parallel()
				file := filepath.Join(t.TempDir(), "policy.cue")
				if err := os.WriteFile(file, []byte(randomPolicy(seed)), 0o600); err != nil {
					t.Fatal(err)
				}
				o.prove(t, file, seed, &all)
			})
		}
		t.Run("three-tier", func(t *testing.T) {
			t.Parallel()
			policy, err := filepath.Abs("../policies/three-tier")
			if err != nil {
				t.Fatal(err)
			}
			o.prove(t, policy, 0, &all)
		})
		t.Run("imported", func(t *testing.T) {
			t.Parallel()
			o.proveImported(t, 21, &all) // half of its tiers are stateless
		})
	})
	t.Logf("%s: %s", o.versions(t, "ovn-central"), &all)
}

// A score counts packets.
type score struct{ packets, passed, replies, commands, differences atomic.Int64 }

func (s *score) String() string {
	return fmt.Sprintf("%d packets, of which %d pass, %d replies, %d questions to the command; %d differences",
		s.packets.Load(), s.passed.Load(), s.replies.Load(), s.commands.Load(), s.differences.Load())
}

// prove puts one policy to the proof, in a project of its own. Every third comes into it by
// the script, and apply has nothing to add.
func (o ovn) prove(t *testing.T, policy string, seed uint64, all *score) {
	set := compiled(t, policy)
	a := o.tenant(t)
	o.quota(t, a, -1, -1)
	if seed%3 == 1 {
		a.apply(t, o.export(t, policy))
		a.exits(t, o.cloud, 0, "plan", "--detailed-exitcode", policy)
	} else {
		a.exits(t, o.cloud, 0, "apply", "--yes", policy)
	}
	o.hold(t, a, a.network(t, set), policy, seed, all)
}

// hold puts packets between the servers of a network to the proof: OVN does with each what
// the policy, whose groups they carry, says.
func (o ovn) hold(t *testing.T, a account, n *network, policy string, seed uint64, all *score) {
	set := compiled(t, policy)
	o.sync(t)
	p := proof{
		t: t, cloud: o.cloud, account: a, policy: policy, network: n, all: all,
		first:       o.tracer(t, "new-"+a.projectID, "new"),
		established: o.tracer(t, "established-"+a.projectID, "est,rpl"),
		judge:       oracle{set, n.ports},
		view:        reach.New(set),
	}
	for i, packet := range edges(set, n, rand.New(rand.NewPCG(seed, 40))) {
		p.try(packet)
		if i%packetsPerCommand == 0 {
			p.command(packet)
		}
	}
	p.neighbours()
	t.Log(&p.score)
	if p.packets.Load() < 100 {
		t.Errorf("only %d packets were tried", p.packets.Load())
	}
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

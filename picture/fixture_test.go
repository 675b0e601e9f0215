package picture_test

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/compiler"
	"sgc.dev/sgc/picture"
	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// graph loads a policy.
func graph(t testing.TB, input string) (*reach.View, reach.Graph) {
	t.Helper()
	view := reach.New(set(t, input))
	return view, view.Graph()
}

func set(t testing.TB, input string) *rule.Set {
	t.Helper()
	policies, err := schema.Load(schema.Options{Inputs: []string{input}})
	if err != nil {
		t.Fatal(err)
	}
	set, err := compiler.Compile(policies[0], compiler.Options{Minimize: access.Off})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func catalog(t testing.TB) []rule.Service {
	t.Helper()
	list, err := schema.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	var services []rule.Service
	for _, s := range list {
		services = append(services, compiler.Service(s))
	}
	return services
}

// program is sgc-graphviz, built once for all tests.
var program struct {
	sync.Once
	dir string
	err error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if chromium.cancel != nil {
		chromium.cancel()
	}
	os.RemoveAll(program.dir)
	os.Exit(code)
}

// graphviz is the program that sgc runs for a drawing.
func graphviz(t testing.TB) picture.Placer {
	t.Helper()
	program.Do(func() {
		if program.dir, program.err = os.MkdirTemp("", "picture-test-"); program.err != nil {
			return
		}
		out, err := exec.Command("go", "build", "-o", program.dir+string(filepath.Separator), "sgc.dev/sgc/cmd/sgc-graphviz").CombinedOutput()
		if err != nil {
			program.err = fmt.Errorf("%w: %s", err, out)
		}
	})
	if program.err != nil {
		t.Fatal(program.err)
	}
	return func(graph []byte) ([]byte, error) {
		cmd := exec.Command(filepath.Join(program.dir, "sgc-graphviz"))
		cmd.Env = append(os.Environ(), "TMPDIR="+program.dir)
		cmd.Stdin = bytes.NewReader(graph)
		return cmd.Output()
	}
}

// many is a policy of n tiers in five rows, of which each reaches the next.
func many(n int) *rule.Set {
	set := &rule.Set{Policy: "many", Families: []rule.Family{rule.IPv4, rule.IPv6}, Addresses: []rule.AddressSet{{Name: "admins", Prefixes: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")}}}}
	line := 0
	entry := func(tier string, d rule.Direction, port uint16, r rule.Remote) rule.Entry {
		line++
		return rule.Entry{
			Rule:    rule.Rule{Direction: d, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(port, port), Remote: r},
			Origins: []rule.Origin{{Pos: rule.Pos{File: "many.cue", Line: line, Column: 3}, Path: fmt.Sprintf("tiers.%s.%s.p%d", tier, d, port), Peer: r.String()}},
		}
	}
	name := func(i int) string { return fmt.Sprintf("tier-%d-%02d", i%5, i/5) }
	for i := range n {
		written := []rule.Entry{
			entry(name(i), rule.Ingress, 22, rule.Prefix(netip.MustParsePrefix("203.0.113.0/24"))), entry(name(i), rule.Ingress, 9100, rule.Tier(name(4))),
			entry(name(i), rule.Egress, 443, rule.Anyone()), entry(name(i), rule.Egress, 9100, rule.Anyone()),
		}
		if i%5 == 0 {
			written = append(written, entry(name(i), rule.Ingress, 443, rule.Anyone()))
		} else {
			written = append(written, entry(name(i), rule.Ingress, uint16(8000+i%5), rule.Tier(name(i-1))))
		}
		written = append(written, entry(name(i), rule.Egress, uint16(8001+i%5), rule.Anyone()))
		set.Groups = append(set.Groups, rule.Group{Tier: name(i), Name: name(i), Stateful: true, Written: written})
	}
	return set
}

//go:build conformance

package sandbox_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"sgc.dev/sgc/neutron/sandbox"
)

var (
	cloudDir = flag.String("cloud", "", "the `directory` of a cloud that testdata/devcloud/up.sh started")
	seed     = flag.Uint64("seed", 1, "of the random calls")
	count    = flag.Int("calls", 400, "how many random calls to make")
)

// TestDiffer makes the same random calls of a real Neutron 2025.1 and of the
// sandbox, and compares the answers: status, error, and what is shown.
//
//	go test -tags conformance -run TestDiffer ./neutron/sandbox -cloud DIR -seed 7
//
// It deletes all ports and groups of the cloud's project first. Deleted groups are
// not named again: for some seconds Neutron remembers whose they were, and finds
// other faults with a rule before it finds the group gone.
func TestDiffer(t *testing.T) {
	if *cloudDir == "" {
		t.Fatal("which cloud: -cloud DIR, where testdata/devcloud/up.sh started one")
	}
	cloud := sandbox.New()
	sides := []*side{realSide(t, *cloudDir), {client: login(t, listen(t, cloud), cloud.Demo()), ids: map[string]string{}, names: map[string]string{}}}
	for _, s := range sides {
		s.network = s.networkURL()
	}
	if a, _ := sides[0].raw("GET", sides[0].network+"/v2.0/extensions/tag-creation", nil, nil); a.status != http.StatusOK {
		t.Skip("the cloud is older than 2025.1, whose answers the sandbox gives")
	}
	for _, s := range sides {
		s.clear(t)
	}
	limits, _ := sides[0].raw("GET", sides[0].network+"/v2.0/quotas/"+sides[0].project, nil, nil)
	quota := limits.body["quota"].(object)
	cloud.SetQuota(cloud.Demo().ProjectID, int(quota["security_group"].(float64)), int(quota["security_group_rule"].(float64)))
	random := rand.New(rand.NewPCG(*seed, 0))
	g := &generator{Rand: random}
	for n := range *count {
		c := g.call()
		name := fmt.Sprint("@", n, ".")
		real, mine := sides[0].do(c, name), sides[1].do(c, name)
		if real != mine {
			// What follows would differ because this does.
			t.Fatalf("call %d: %s %s %s\n real %s\n mine %s", n, c.method, c.path, encode(c.body), real, mine)
		}
		g.learn(c, sides[0].names, name)
	}
}

// side is one of the two clouds. Objects have names that are the same on both.
type side struct {
	*client
	network string
	project string
	ids     map[string]string // by name
	names   map[string]string // by id
}

func realSide(t *testing.T, dir string) *side {
	text, err := os.ReadFile(filepath.Join(dir, "clouds.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Clouds map[string]struct {
			Auth struct {
				URL      string `yaml:"auth_url"`
				Username string `yaml:"username"`
				Password string `yaml:"password"`
			} `yaml:"auth"`
		}
	}
	if err := yaml.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	auth := config.Clouds["demo"].Auth
	return &side{client: loginAt(t, auth.URL, sandbox.Account{Name: auth.Username, Password: auth.Password}), ids: map[string]string{}, names: map[string]string{}}
}

// networkURL is Neutron's address, as the catalog has it.
func (s *side) networkURL() string {
	s.t.Helper()
	a, _ := s.raw("GET", s.auth+"/auth/tokens", nil, http.Header{"X-Subject-Token": {s.token}})
	token := a.body["token"].(object)
	s.project = token["project"].(object)["id"].(string)
	for _, service := range token["catalog"].([]any) {
		if service := service.(object); service["type"] == "network" {
			return strings.TrimSuffix(service["endpoints"].([]any)[0].(object)["url"].(string), "/")
		}
	}
	s.t.Fatal("the catalog has no network")
	return ""
}

// clear deletes what the project has but its default group.
func (s *side) clear(t *testing.T) {
	t.Helper()
	// A worker of Neutron 26 that has not touched a group yet answers 500 to a list of ports.
	s.raw("GET", s.network+groupsPath, nil, nil)
	for _, path := range []string{"ports", "security-groups", "address-groups"} {
		a, _ := s.raw("GET", s.network+"/v2.0/"+path, nil, nil)
		if a.status != http.StatusOK {
			t.Fatalf("cannot list the project's %s: %d %s", path, a.status, a.text)
		}
		for _, one := range a.body[strings.ReplaceAll(path, "-", "_")].([]any) {
			one := one.(object)
			if path == "security-groups" && one["name"] == "default" {
				continue
			}
			if a, _ := s.raw("DELETE", s.network+"/v2.0/"+path+"/"+one["id"].(string), nil, nil); a.status != http.StatusNoContent {
				t.Fatalf("cannot clear the project: %d %s", a.status, a.text)
			}
		}
	}
}

// A call names objects by their names.
type call struct {
	method, path string
	body         any
}

// do makes a call and returns its answer in terms that are the same on both
// sides. Objects that it makes get names that start as given.
func (s *side) do(c call, name string) string {
	s.t.Helper()
	replace := func(text string) string {
		for known, id := range s.ids {
			text = strings.ReplaceAll(text, known, id)
		}
		return text
	}
	var body any
	if c.body != nil {
		if err := json.Unmarshal([]byte(replace(encode(c.body))), &body); err != nil {
			s.t.Fatal(err)
		}
	}
	a, _ := s.raw(c.method, s.network+replace(c.path), body, nil)
	if failure, ok := a.body["NeutronError"].(object); ok {
		message := existing.ReplaceAllString(s.neutral(failure["message"].(string)), "Rule id is any")
		return fmt.Sprint(a.status, " ", failure["type"], " ", message)
	}
	if a.body == nil {
		return fmt.Sprint(a.status)
	}
	if a.status == http.StatusCreated {
		s.nameAll(a.body, name)
	}
	forget(a.body)
	var sorted any
	if err := json.Unmarshal([]byte(s.neutral(encode(a.body))), &sorted); err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprint(a.status, " ", encode(order(sorted)))
}

// neutral puts names for ids.
func (s *side) neutral(text string) string {
	for id, known := range s.names {
		text = strings.ReplaceAll(text, id, known)
	}
	return uuid.ReplaceAllString(strings.ReplaceAll(text, s.project, "PROJECT"), "UUID")
}

// existing finds the rule that others repeat: of several it is any.
var existing = regexp.MustCompile(`Rule id is \S+`)

// uuid finds ids that have no name: rules that a group is born with, the default group.
var uuid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

func (s *side) nameAll(body object, name string) {
	for _, value := range body {
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		for i, one := range list {
			if one, ok := one.(object); ok && one["id"] != nil {
				known := fmt.Sprint(name, i, ".")
				s.ids[known], s.names[one["id"].(string)] = one["id"].(string), known
			}
		}
	}
}

// forget drops what differs by nature.
func forget(v any) {
	switch v := v.(type) {
	case object:
		for _, name := range []string{"created_at", "updated_at", "standard_attr_id"} {
			delete(v, name)
		}
		for _, inner := range v {
			forget(inner)
		}
	case []any:
		for _, inner := range v {
			forget(inner)
		}
	}
}

// order sorts lists, whose order is the ids'.
func order(v any) any {
	switch v := v.(type) {
	case object:
		for name, inner := range v {
			v[name] = order(inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = order(inner)
		}
		slices.SortFunc(v, func(a, b any) int { return strings.Compare(encode(a), encode(b)) })
	}
	return v
}

func encode(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// generator makes up calls, about what it knows to exist.
type generator struct {
	*rand.Rand
	groups, rules, addressGroups []string
}

func pick[E any](g *generator, from ...E) E { return from[g.IntN(len(from))] }

// chance is true n times of a hundred.
func (g *generator) chance(n int) bool { return g.IntN(100) < n }

func (g *generator) call() call {
	n := g.IntN(100)
	switch {
	case len(g.groups) < 2 || n < 7:
		body := object{"name": pick(g, "a", "b", "default", strings.Repeat("x", 256), ""), "stateful": pick[any](g, true, false, "no", "maybe")}
		if g.chance(30) {
			return call{"POST", groupsPath, object{"security_groups": []any{body, object{"name": "second"}}}}
		}
		return call{"POST", groupsPath, object{"security_group": body}}
	case n < 50:
		return call{"POST", rulesPath, object{"security_group_rule": g.rule()}}
	case n < 66:
		first := g.rule()
		bulk := []any{first}
		for range g.IntN(4) {
			r := g.rule()
			if g.chance(85) {
				r["security_group_id"] = first["security_group_id"]
			}
			bulk = append(bulk, r)
		}
		return call{"POST", rulesPath, object{"security_group_rules": bulk}}
	case n < 76 && len(g.rules) > 0:
		return call{"DELETE", rulesPath + "/" + pick(g, g.rules...), nil}
	case n < 79:
		return call{"DELETE", groupsPath + "/" + pick(g, g.groups...), nil}
	case n < 84:
		return call{"PUT", groupsPath + "/" + pick(g, g.groups...), object{"security_group": object{pick(g, "name", "description"): pick(g, "a", "b", "c")}}}
	case n < 88:
		return call{"PUT", groupsPath + "/" + pick(g, g.groups...) + "/tags", object{"tags": []string{"a", "b", "c", "d"}[g.IntN(4):]}}
	case n < 90:
		return call{"POST", "/v2.0/address-groups", object{"address_group": object{"name": "office", "addresses": []string{"10.0.0.0/8", "1.2.3.4/32", "2001:db8::/32"}[g.IntN(3):]}}}
	case n < 91 && len(g.addressGroups) > 0:
		return call{"DELETE", "/v2.0/address-groups/" + pick(g, g.addressGroups...), nil}
	case n < 95:
		return call{"GET", groupsPath + "/" + pick(g, g.groups...), nil}
	}
	return call{"GET", pick(g, groupsPath, rulesPath) + "?" + pick(g, "name=a", "name=A", "tags=a,b", "tags-any=a,d", "not-tags=a,b", "direction=egress",
		"protocol=tcp", "protocol=6", "ethertype=ipv6", "remote_ip_prefix=10.1.2.3", "description=", "fields=name&fields=protocol", "limit=0"), nil}
}

func (g *generator) rule() object {
	r := object{"direction": pick(g, "ingress", "ingress", "ingress", "egress", "egress", "both"), "security_group_id": pick(g, g.groups...)}
	if g.chance(4) {
		r["security_group_id"] = pick[any](g, "bogus", nil, "00000000-0000-4000-8000-000000000000")
	}
	if g.chance(80) {
		r["ethertype"] = pick[any](g, "IPv4", "IPv4", "IPv4", "IPv6", "IPv6", "IPv6", "ipv6", "x", nil)
	}
	if g.chance(85) {
		r["protocol"] = pick[any](g, "tcp", "udp", "icmp", "ipv6-icmp", "tcp", "udp", "icmp", "icmpv6", "6", "17", 1, 58, "esp", 50, nil, "vrrp", "sctp", "132",
			"dccp", "udplite", "ip", "0", "hopopt", "bogus", "TCP", "94", 300, "ipv6-frag", "44")
	}
	if g.chance(30) {
		port := pick(g, 8, 22, 80, 443)
		r["port_range_min"], r["port_range_max"] = port, port+g.IntN(2)
	} else if g.chance(30) {
		for _, name := range []string{"port_range_min", "port_range_max"} {
			r[name] = pick[any](g, nil, 0, 1, 8, 22, 255, 256, 65535, 65536, "80", -1)
		}
	}
	if g.chance(40) {
		r["remote_ip_prefix"] = pick[any](g, nil, "0.0.0.0/0", "::/0", "10.0.0.0/8", "10.0.0.5/8", "10.1.2.3", "2001:db8::/32", "2001:DB8:0::1", "1.2.3.4/0",
			"::1:2/128", "bogus", "10.0.0.0/255.0.0.0", "")
	}
	if g.chance(20) {
		r["remote_group_id"] = pick(g, g.groups...)
	}
	if g.chance(8) && len(g.addressGroups) > 0 {
		r["remote_address_group_id"] = pick(g, g.addressGroups...)
	}
	if g.chance(10) {
		r["description"] = pick[any](g, "x", "", strings.Repeat("y", 256), nil, "é")
	}
	if g.chance(3) {
		r[pick(g, "id", "bogus", "tags")] = "x"
	}
	return r
}

// learn remembers what a call made and forgets what it deleted.
func (g *generator) learn(c call, names map[string]string, name string) {
	for _, known := range names {
		if !strings.HasPrefix(known, name) {
			continue
		}
		switch c.path {
		case groupsPath:
			g.groups = append(g.groups, known)
		case rulesPath:
			g.rules = append(g.rules, known)
		default:
			g.addressGroups = append(g.addressGroups, known)
		}
	}
	slices.Sort(g.groups)
	slices.Sort(g.rules)
	if c.method == "DELETE" {
		gone := func(known string) bool { return strings.HasSuffix(c.path, known) }
		g.groups, g.rules, g.addressGroups = slices.DeleteFunc(g.groups, gone), slices.DeleteFunc(g.rules, gone), slices.DeleteFunc(g.addressGroups, gone)
	}
}

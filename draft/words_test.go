package draft

import (
	"fmt"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// live is a rule of IPv4, as Neutron lists it.
func live(id string, port int, prefix, description string) string {
	return fmt.Sprintf(`{"id": %q, "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": %d, "port_range_max": %[2]d, "remote_ip_prefix": %q, "description": %q}`, id, port, prefix, description)
}

func textOf(t *testing.T, groups ...string) string {
	t.Helper()
	s := parse(t, []byte(`{"security_groups": [`+strings.Join(groups, ",")+`]}`))
	return string(importState(t, services(t), s, nil, Options{Name: "mine", Package: "mine"}).text)
}

func group(id, name string, rules ...string) string {
	return fmt.Sprintf(`{"id": %q, "project_id": "p", "name": %q, "security_group_rules": [%s]}`, id, name, strings.Join(rules, ","))
}

// TestDropped names the descriptions of rules that are left out, and says "too" only of a
// rule that has a description.
func TestDropped(t *testing.T) {
	text := textOf(t, group("a", "web",
		live("1", 22, "192.0.2.0/24", ""), live("2", 22, "192.0.2.7/32", "Ann at home"),
		live("3", 443, "198.51.100.0/24", "bad \U0001F600"), live("4", 8443, "203.0.113.0/24", "one"), live("5", 8443, "203.0.113.0/24", "two")))
	for _, want := range []string{
		`from 192.0.2.7/32 (IPv4). Described as "Ann at home".`,
		"// https: described as \"bad \U0001F600\".\n",
		`// tcp-8443: described as "two" too.`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestNoDay takes a day that no calendar has for words.
func TestNoDay(t *testing.T) {
	text := textOf(t, group("a", "web", live("1", 22, "192.0.2.0/24", "ssh (until 2027-02-31)")))
	if strings.Contains(text, "expires:") || !strings.Contains(text, `description: "ssh (until 2027-02-31)"`) {
		t.Error(text)
	}
}

// TestTwins tells groups of one name apart, and takes over the one that rules name.
func TestTwins(t *testing.T) {
	named := `{"id": "r", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 22, "port_range_max": 22, "remote_group_id": "two"}`
	s := parse(t, []byte(`{"security_groups": [`+group("one", "twin", live("1", 80, "192.0.2.0/24", ""))+`,`+group("two", "twin")+`,`+group("w", "web", named)+`]}`))
	ports := []rule.LivePort{{ID: "p1", Groups: []string{"two", "w"}}, {ID: "p2", Groups: []string{"two"}}}
	text := string(importState(t, services(t), s, ports, Options{Name: "mine", Package: "mine"}).text)
	const want = `
//     one: 0 ports, 1 rule
//     two: 2 ports, 0 rules, named by rules
// One of them can be a tier: write it under tiers instead of groups: twin, and take it over with
//     sgc apply --adopt-group twin=two
`
	if !strings.Contains(text, "groups: twin: id: \"two\"\n") || !strings.HasSuffix(text, want) {
		t.Errorf("not %s in\n%s", want, text)
	}
	text = textOf(t, group("one", "a-twin"), group("two", "a-twin"), group("w", "a-web", named))
	if want := "tiers instead of groups: \"a-twin\", so that rules name twin, and take"; !strings.Contains(strings.ReplaceAll(text, "\n//", ""), want) {
		t.Errorf("not %s in\n%s", want, text)
	}
}

// TestSetNames gives a set of several tiers no name of one of them.
func TestSetNames(t *testing.T) {
	both := func(id string, port int) []string {
		return []string{live(id+"1", port, "192.0.2.0/25", ""), live(id+"2", port, "198.51.100.0/25", "")}
	}
	for want, groups := range map[string][]string{
		`addresses: "ssh-from": [`:   {group("a", "web", both("a", 22)...), group("b", "db", both("b", 22)...)},
		`addresses: "networks-2": [`: {group("a", "networks-1", both("a", 22)...), group("b", "db", both("b", 5432)...)},
		`addresses: "db-ssh": [`: {group("b", "db", append(append(both("a", 22), both("b", 5432)...),
			live("c1", 22, "203.0.113.0/25", ""), live("c2", 5432, "203.0.113.0/25", ""))...)},
	} {
		if text := textOf(t, groups...); !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestUnnamed holds that the catalog says of each service by which no port is named that its
// ports are used for much else, and of no other.
func TestUnnamed(t *testing.T) {
	about, err := schema.About()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range about {
		if strings.Contains(text, "used for much else") != unnamed[name] {
			t.Errorf("%s: %q, and unnamed is %v", name, text, unnamed[name])
		}
	}
}

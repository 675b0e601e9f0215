package schema_test

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/parser"

	"sgc.dev/sgc/rule"
)

// TestCatalogFacts holds the catalog to numbers that were not copied from it: of
// the IANA registries of ports, protocols and ICMP types, and of the documents
// of the projects that have no entry there.
func TestCatalogFacts(t *testing.T) {
	facts := map[string]string{
		"ah":              "ah",
		"amqp":            "tcp/5672",
		"amqps":           "tcp/5671",
		"bfd-control":     "udp/3784",
		"bgp":             "tcp/179",
		"bootpc":          "udp/68",
		"bootps":          "udp/67",
		"ceph-mon":        "tcp/3300 tcp/6789",
		"dhcpv6-client":   "udp/546",
		"dhcpv6-server":   "udp/547",
		"diameter":        "tcp/3868 sctp/3868",
		"dns":             "tcp/53 udp/53",
		"domain":          "tcp/53 udp/53",
		"domain-s":        "tcp/853",
		"esp":             "esp",
		"bosh-agent":      "tcp/6868",
		"bosh-director":   "tcp/25555",
		"cf-ssh":          "tcp/2222",
		"cilium-health":   "tcp/4240",
		"etcd":            "tcp/2379-2380",
		"gridftp":         "tcp/2811",
		"netdata":         "tcp/19999",
		"nodeports":       "tcp/30000-32767 udp/30000-32767",
		"rke2-supervisor": "tcp/9345",
		"slurmctld":       "tcp/6817",
		"slurmd":          "tcp/6818",
		"slurmdbd":        "tcp/6819",
		"tcp-all":         "tcp",
		"tcp-udp-all":     "tcp udp",
		"udp-all":         "udp",
		"wazuh-agent":     "tcp/1514-1515",
		"etcd-client":     "tcp/2379",
		"etcd-server":     "tcp/2380",
		"ftp":             "tcp/21",
		"geneve":          "udp/6081",
		"gre":             "gre",
		"http":            "tcp/80",
		"http3":           "udp/443",
		"https":           "tcp/443",
		"icmp":            "icmp ipv6-icmp",
		"imaps":           "tcp/993",
		"ipsec":           "udp/500 udp/4500 esp ah",
		"ipsec-nat-t":     "udp/4500",
		"isakmp":          "udp/500",
		"iscsi-target":    "tcp/3260",
		"kerberos":        "tcp/88 udp/88",
		"keystone":        "tcp/5000",
		"kube-apiserver":  "tcp/6443",
		"kube-nodeports":  "tcp/30000-32767",
		"kubelet":         "tcp/10250",
		"ldaps":           "tcp/636",
		"memcached":       "tcp/11211",
		"ms-sql-s":        "tcp/1433",
		"ms-wbt-server":   "tcp/3389",
		"mysql":           "tcp/3306",
		"neutron":         "tcp/9696",
		"nfs":             "tcp/2049",
		"node-exporter":   "tcp/9100",
		"ntp":             "udp/123",
		"openvpn":         "udp/1194",
		"ospf":            "ospf",
		"path-mtu":        "icmp/3:4 ipv6-icmp/2",
		"ping":            "icmp/8 ipv6-icmp/128",
		"placement":       "tcp/8778",
		"postgresql":      "tcp/5432",
		"prometheus":      "tcp/9090",
		"radius":          "udp/1812",
		"redis":           "tcp/6379",
		"s1-control":      "sctp/36412",
		"salt-master":     "tcp/4505 tcp/4506",
		"secure-mqtt":     "tcp/8883",
		"snmp":            "udp/161",
		"snmptrap":        "udp/162",
		"ssh":             "tcp/22",
		"submission":      "tcp/587",
		"submissions":     "tcp/465",
		"syslog":          "udp/514",
		"syslog-tls":      "tcp/6514",
		"tftp":            "udp/69",
		"vrrp":            "vrrp",
		"vxlan":           "udp/4789",
		"wireguard":       "udp/51820",
		"wsmans":          "tcp/5986",
		"zabbix-trapper":  "tcp/10051",
		"consul-serf-lan": "tcp/8301 udp/8301",
	}
	catalog := readCatalog(t)
	for name, want := range facts {
		if got := strings.Join(catalog[name], " "); got != want {
			t.Errorf("%s opens %q, want %q", name, got, want)
		}
	}
	// The short names mean exactly what the registered ones do.
	for alias, name := range map[string]string{
		"dns": "domain", "gridftp": "gsiftp", "memcached": "memcache", "rdp": "ms-wbt-server",
		"smb": "microsoft-ds", "vnc": "rfb", "winrm": "wsman",
	} {
		if catalog[alias] == nil || !slices.Equal(catalog[alias], catalog[name]) {
			t.Errorf("%s opens %q, %s %q", alias, catalog[alias], name, catalog[name])
		}
	}
}

// TestCatalogNames reads the syntax, where a name that stands twice is not yet
// one: strictly sorted names are all different.
func TestCatalogNames(t *testing.T) {
	valid := regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)
	last := ""
	fields := catalogFields(t)
	for _, f := range fields {
		name, _, err := ast.LabelName(f.Label)
		if err != nil {
			t.Fatal(err)
		}
		if !valid.MatchString(name) {
			t.Errorf("%q is no name of a service", name)
		}
		if slices.Contains([]string{"any", "public", "self"}, name) {
			t.Errorf("%q is reserved", name)
		}
		if name <= last {
			t.Errorf("%q stands after %q", name, last)
		}
		last = name
	}
	if len(fields) < 60 {
		t.Errorf("%d services, want at least 60", len(fields))
	}
}

// TestCatalogSources demands that a service says what it is and where its
// numbers are from.
func TestCatalogSources(t *testing.T) {
	for _, f := range catalogFields(t) {
		name, _, _ := ast.LabelName(f.Label)
		var text []string
		ast.Walk(f, func(n ast.Node) bool {
			for _, group := range ast.Comments(n) {
				text = append(text, group.Text())
			}
			return true
		}, nil)
		what, source, _ := strings.Cut(strings.Join(text, " "), "; ")
		if what == "" || source == "" {
			t.Errorf("%s: the comment %q does not say what it is; and by whom", name, text)
		}
	}
}

func catalogFields(t *testing.T) []*ast.Field {
	t.Helper()
	file, err := parser.ParseFile("catalog.cue", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range file.Decls {
		catalog, ok := decl.(*ast.Field)
		if !ok {
			continue
		}
		var fields []*ast.Field
		for _, elt := range catalog.Value.(*ast.StructLit).Elts {
			field, ok := elt.(*ast.Field)
			if !ok {
				t.Fatalf("%s: not a service", elt.Pos())
			}
			fields = append(fields, field)
		}
		return fields
	}
	t.Fatal("no #Catalog")
	return nil
}

// readCatalog is what each service opens, in the words of [rule.Rule.Service],
// in the order of [rule.Compare]. It knows the language by itself, so that it
// does not repeat a mistake of the loader.
func readCatalog(t *testing.T) map[string][]string {
	t.Helper()
	source, err := os.ReadFile("catalog.cue")
	if err != nil {
		t.Fatal(err)
	}
	root := cuecontext.New().CompileBytes(source, cue.Filename("catalog.cue"))
	if err := root.Validate(cue.Concrete(true)); err != nil {
		t.Fatal(err)
	}
	catalog := map[string][]string{}
	services, err := root.LookupPath(cue.ParsePath("#Catalog")).Fields()
	if err != nil {
		t.Fatal(err)
	}
	for services.Next() {
		name := services.Selector().Unquoted()
		rules := opensOf(t, root, name)
		if len(rules) == 0 {
			t.Errorf("%s opens nothing", name)
		}
		slices.SortFunc(rules, rule.Compare)
		for i, r := range rules {
			if err := r.Check(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if i > 0 && r == rules[i-1] {
				t.Errorf("%s opens %s twice", name, r.Service())
			}
			catalog[name] = append(catalog[name], r.Service())
		}
	}
	return catalog
}

// opensOf is all that a service opens, with what it includes.
func opensOf(t *testing.T, root cue.Value, name string) []rule.Rule {
	t.Helper()
	var rules []rule.Rule
	kinds, err := root.LookupPath(cue.MakePath(cue.Def("Catalog"), cue.Str(name))).Fields()
	if err != nil {
		t.Fatal(name, err)
	}
	for kinds.Next() {
		items, err := kinds.Value().List()
		if err != nil {
			t.Fatal(err)
		}
		before := len(rules)
		for items.Next() {
			if kinds.Selector().String() != "includes" {
				rules = append(rules, opens(t, name, kinds.Selector().String(), items.Value()))
			} else if other, err := items.Value().String(); err != nil {
				t.Fatal(name, err)
			} else {
				rules = append(rules, opensOf(t, root, other)...)
			}
		}
		if len(rules) == before {
			t.Errorf("%s: %s opens nothing", name, kinds.Selector())
		}
	}
	return rules
}

// opens is one item of a service as ingress from anyone, in IPv4 where the
// protocol exists there.
func opens(t *testing.T, name, kind string, item cue.Value) rule.Rule {
	t.Helper()
	r := rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Remote: rule.Anyone()}
	switch kind {
	case "protocols":
		text, err := item.String()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r.Protocol, err = rule.ParseProtocol(text); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r.Protocol.HasPorts() && !strings.HasSuffix(name, "-all") {
			t.Errorf("%s opens every port of %s", name, text)
		}
		r.Ports = r.Protocol.WholeProtocol()
	case "tcp", "udp", "sctp":
		r.Protocol, _ = rule.ParseProtocol(kind)
		r.Ports = ports(t, name, item)
	case "icmp4", "icmp6":
		r.Protocol = map[string]rule.Protocol{"icmp4": rule.ICMP, "icmp6": rule.ICMPv6}[kind]
		var message struct {
			Type uint8
			Code *uint8
		}
		if err := item.Decode(&message); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		r.Ports = rule.ICMPType(message.Type)
		if message.Code != nil {
			r.Ports = rule.ICMPTypeCode(message.Type, *message.Code)
		}
	default:
		t.Fatalf("%s: unknown field %s", name, kind)
	}
	if !r.Protocol.In(rule.IPv4) {
		r.Family = rule.IPv6
	}
	return r
}

// ports is a number or a range in text; [rule.Rule.Check] refuses port 0 and
// reversed ranges.
func ports(t *testing.T, name string, item cue.Value) rule.Ports {
	t.Helper()
	if text, err := item.String(); err == nil {
		first, last, ok := strings.Cut(text, "-")
		lo, err1 := strconv.ParseUint(first, 10, 16)
		hi, err2 := strconv.ParseUint(last, 10, 16)
		if !ok || err1 != nil || err2 != nil || lo >= hi {
			t.Fatalf("%s: %q is no range of ports", name, text)
		}
		return rule.PortRange(uint16(lo), uint16(hi))
	}
	port, err := item.Uint64()
	if err != nil || port > 65535 {
		t.Fatalf("%s: %v is not a port", name, item)
	}
	return rule.PortRange(uint16(port), uint16(port))
}

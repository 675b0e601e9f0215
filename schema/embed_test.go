package schema

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/load"

	"sgc.dev/sgc/schema/fault"
)

// TestCatalogIsRead reads every service of the catalog as a policy's would be.
func TestCatalogIsRead(t *testing.T) {
	services, err := Catalog()
	if err != nil {
		t.Fatal(err)
	}
	if len(services) < 60 {
		t.Errorf("there are %d services", len(services))
	}
	c, err := newCatalog(cuecontext.New())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range services {
		r := newReader(c, &fault.Suggester{})
		r.service(c.node(s.Name))
		if len(r.faults) > 0 || r.skipped > 0 || len(s.Matches) == 0 {
			t.Errorf("%s: %v, %d passed over, %v", s.Name, r.faults, r.skipped, s.Matches)
		}
	}
}

// TestPlainCUE has plain CUE check policies with the module's files in their
// cue.mod/pkg, as the language server does.
func TestPlainCUE(t *testing.T) {
	for _, test := range []struct{ name, policy, want string }{
		{"a policy", "name: \"p\"\ntiers: web: ingress: http: from: [\"public\"]\n", ""},
		{"a type", "name: \"p\"\ntiers: web: ingress: http: from: \"public\"\n", "tiers.web.ingress.http.from: conflicting values"},
		{"a port", "name: \"p\"\nservices: x: tcp: [70000]\n", "services.x.tcp.0: a port is 1 to 65535"},
		{"no name", "tiers: {}\n", "name: field is required but not present"},
		{"no from", "name: \"p\"\ntiers: web: ingress: http: {}\n", "tiers.web.ingress.http.from: field is required but not present"},
		{"a tier's field", "name: \"p\"\ntiers: web: schema.#Tier & {ingres: {}}\n", "tiers.web.ingres: field not allowed"},
		{"a service", "name: \"p\"\nservices: web: schema.#Catalog.https\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("CUE_REGISTRY", "none")
			dir := t.TempDir()
			err := fs.WalkDir(Files(), ".", func(name string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() || strings.HasPrefix(name, "cue.mod") {
					return err
				}
				data, err := fs.ReadFile(Files(), name)
				put(t, dir, "cue.mod/pkg/"+ImportPath+"/"+name, data)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			put(t, dir, "cue.mod/module.cue", []byte("module: \"example.com/p@v0\"\nlanguage: version: \"v0.15.0\"\n"))
			put(t, dir, "p.cue", []byte("package p\n\nimport \"sgc.dev/schema\"\n\nschema.#Policy\n\n"+test.policy))
			inst := load.Instances([]string{"."}, &load.Config{Dir: dir})[0]
			if inst.Err != nil {
				t.Fatal(inst.Err)
			}
			got := ""
			if err := cuecontext.New().BuildInstance(inst).Validate(cue.Concrete(true)); err != nil {
				got = err.Error()
			}
			if test.want == "" && got != "" || !strings.HasPrefix(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestAbout(t *testing.T) {
	about, err := About()
	if err != nil {
		t.Fatal(err)
	}
	services, err := Catalog()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range services {
		if about[s.Name] == "" {
			t.Errorf("nothing is said of %s", s.Name)
		}
	}
	if len(about) != len(services) {
		t.Errorf("%d services, and words for %d", len(services), len(about))
	}
	for name, want := range map[string]string{
		"ah":                   "IPsec authentication header; IANA protocol 51",
		"alertmanager-cluster": "gossip among Alertmanagers; Prometheus",
	} {
		if about[name] != want {
			t.Errorf("%s is %q, not %q", name, about[name], want)
		}
	}
}

// TestUsualNames sees to it that what is proposed exists, and what it stands
// for does not.
func TestUsualNames(t *testing.T) {
	services, err := Catalog()
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, s := range services {
		known = append(known, s.Name)
	}
	for _, name := range []string{"dhcp", "mariadb", "mssql", "rabbitmq"} {
		if usual := usualNames[name]; !slices.Contains(known, usual) || slices.Contains(known, name) {
			t.Errorf("%s: proposes %q", name, usual)
		}
	}
}

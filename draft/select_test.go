package draft

import (
	"slices"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestSelected asks for groups by name, tag and id.
func TestSelected(t *testing.T) {
	g := &rule.LiveGroup{ID: "6f1cf1b5", Name: "team/web-1", Tags: []string{"env=prod", "x"}}
	for _, c := range []struct {
		only, except []string
		want         bool
	}{
		{nil, nil, true},
		{[]string{"team*"}, nil, true},
		{[]string{"*web*"}, nil, true},
		{[]string{"web*"}, nil, false},
		{[]string{"team/web-[12]"}, nil, true},
		{[]string{"env=*"}, nil, true},
		{[]string{"6f1c*"}, nil, true},
		{[]string{"db*", "x"}, nil, true},
		{nil, []string{"x"}, false},
		{[]string{"team*"}, []string{"*-1"}, false},
		{nil, []string{"y"}, true},
	} {
		if got := (Options{Only: c.only, Except: c.except}).selected(g); got != c.want {
			t.Errorf("only %q, except %q: %t", c.only, c.except, got)
		}
		if got := (Options{Only: c.only, Except: c.except, Among: []string{"x", "6f1cf1b5"}}).selected(g); got != c.want {
			t.Errorf("of two, only %q, except %q: %t", c.only, c.except, got)
		}
		if (Options{Only: c.only, Except: c.except, Among: []string{"x"}}).selected(g) {
			t.Errorf("of others, only %q, except %q", c.only, c.except)
		}
	}
}

// TestMaker tells groups of controllers from those of people.
func TestMaker(t *testing.T) {
	for name, want := range map[string]string{
		"lb-3f0c2f8e-5d0e-4b0a-9a44-0a1b2c3d4e5f":        "Octavia",
		"lb-mgmt-sec-grp":                                "Octavia",
		"lb-health-mgr-sec-grp":                          "Octavia",
		"lb-internal":                                    "",
		"lb-sg-3f0c2f8e-web":                             "Kubernetes' cloud provider",
		"k8s-cluster-default-prod-secgroup-controlplane": "Cluster API",
		"k8s-worker":                                     "",
		"demo-x7k2-secgroup_kube_master-q1w2":            "Magnum",
		"stack-web_group-k3q7x2mz5abn":                   "Heat",
		"app-prod-webservers01":                          "",
		"app-prod-loadbalancer":                          "",
		"terraform":                                      "",
	} {
		if got := (Options{}).maker(&rule.LiveGroup{Name: name}); got != "" && got != want+" seems to have made it" || got == "" && want != "" {
			t.Errorf("%s: %q, not %q", name, got, want)
		}
	}
	for _, g := range []rule.LiveGroup{
		{Name: "a", Description: "Managed by Terraform"}, {Name: "a", Description: "created with OpenTofu, ask Ann"},
		{Name: "a", Tags: []string{"x", "managed_by=terraform"}}, {Name: "a", Tags: []string{"Terraform"}},
	} {
		if (Options{}).maker(&g) != "Terraform seems to have made it" {
			t.Errorf("%+v: %q", g, Options{}.maker(&g))
		}
	}
	if got := (Options{}).maker(&rule.LiveGroup{Name: "a", Description: "before terraform", Tags: []string{"no-terraform"}}); got != "" {
		t.Error(got)
	}
}

// TestCommon strips what all names share, and nothing that leaves no name.
func TestCommon(t *testing.T) {
	for _, c := range []struct {
		names          []string
		prefix, suffix string
	}{
		{[]string{"demo-web", "demo-db"}, "demo-", ""},
		{[]string{"demo-web-a", "demo-web-b"}, "demo-web-", ""},
		{[]string{"demo-1.2.3.4", "demo-db"}, "", ""},
		{[]string{"demo-public", "demo-db"}, "", ""},
		{[]string{"a-demo-x", "a-demo-default"}, "a-", ""},
		{[]string{"web_r1_dev", "db_r1_dev"}, "", "_r1_dev"},
		{[]string{"web", "web-a"}, "", ""},
		{[]string{"demo-", "demo-a"}, "", ""},
		{[]string{"demo-a", "demo-A"}, "", ""},
		{[]string{"demo-web"}, "", ""},
		{[]string{"ab", "ac"}, "", ""},
		{nil, "", ""},
	} {
		if prefix, suffix := common(c.names); prefix != c.prefix || suffix != c.suffix {
			t.Errorf("%q: %q and %q", c.names, prefix, suffix)
		}
	}
}

// TestTables holds what is said of the catalog's names to the catalog.
func TestTables(t *testing.T) {
	list := services(t)
	known := map[string]bool{}
	for _, s := range list {
		known[s.Name] = true
	}
	for _, table := range []map[string]bool{unnamed, preferred, synonyms} {
		for name := range table {
			if !known[name] {
				t.Errorf("the catalog has no %s", name)
			}
		}
	}
	c := newCatalog(list)
	var also []string
	for _, s := range c.services {
		if s.also != nil {
			also = append(also, s.name)
			if !preferred[s.name] {
				t.Errorf("%s is %q too, and nobody said which is preferred", s.name, s.also)
			}
		}
	}
	slices.Sort(also)
	if want := []string{"prometheus", "stun", "stuns"}; !slices.Equal(also, want) {
		t.Errorf("services of many meanings are %q, not %q", also, want)
	}
}

// TestMakersByPorts tells the groups of controllers by whose ports carry them: all of them.
func TestMakersByPorts(t *testing.T) {
	port := func(owner string, groups ...string) rule.LivePort { return rule.LivePort{Owner: owner, Groups: groups} }
	got := makersByPorts([]rule.LivePort{
		port("Octavia", "vip", "shared"), port("Octavia", "vip"), port("compute:nova", "shared", "web"),
		port("kuryr:container", "pods", "both"), port("Octavia", "both"), port("octavia:health-mgr", "health"), port("", "web"),
	})
	for id, want := range map[string]string{"vip": "Octavia", "health": "Octavia", "pods": "Kuryr", "shared": "", "both": "", "web": ""} {
		if got[id] != want {
			t.Errorf("%s: %q, not %q", id, got[id], want)
		}
	}
	g := &rule.LiveGroup{ID: "vip", Name: "web"}
	if why := (Options{}).maker(g); why != "" {
		t.Error(why)
	}
	p := New(Source{State: &rule.State{Groups: []rule.LiveGroup{*g}}, Catalog: services(t), Ports: []rule.LivePort{port("Octavia", "vip")}}, Options{Name: "p"})
	if o := p.Sorting.Others; len(o) != 1 || o[0].Why != "Octavia seems to have made it" {
		t.Errorf("%+v", o)
	}
}

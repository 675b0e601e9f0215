package schema

import "testing"

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

package schema

import (
	"slices"
	"testing"
)

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
		if usual := usualName(name); !slices.Contains(known, usual) || slices.Contains(known, name) {
			t.Errorf("%s: proposes %q", name, usual)
		}
	}
}

package schema

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// write puts the files of an archive into a new folder.
func write(t testing.TB, archive string) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		put(t, dir, f.Name, f.Data)
	}
	return dir
}

const threeTier = `-- policy.cue --
package threetier

name: "three-tier"
addresses: {
	admins: ["2.3.4.5", "2001:db8::a66:ad"]
	dbas: ["1.2.3.4", "2001:db8::db:ad"]
}
services: postgresql: {tcp: [5432], udp: [5432]}
tiers: {
	"internet-access": egress: any: to: ["public"]
	app: ingress: {
		http: from: ["public"]
		https: from: ["public"]
		ssh: from: ["admins"]
	}
	db: ingress: {
		postgresql: from: ["app"]
		ssh: from: ["dbas"]
	}
}
servers: {
	app: tiers: ["app", "internet-access"]
	db: tiers: ["db"]
}
`

func TestLoadThreeTier(t *testing.T) {
	dir := write(t, threeTier)
	got, err := Load(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || len(got[0].Tiers) != 3 {
		t.Fatalf("got %+v", got)
	}
	app := got[0].Tiers[0]
	if app.Name != "app" || len(app.Rules) != 3 || app.Rules[2].Peers[0].Prefixes[0].String() != "2.3.4.5/32" {
		t.Errorf("app is %+v", app)
	}
	if pos := app.Rules[1].Pos.String(); pos != "policy.cue:13:3" {
		t.Errorf("https stands at %s", pos)
	}
}

// TestLoadLibrary passes over a package without name and tiers, where a pattern
// finds it, and nowhere else.
func TestLoadLibrary(t *testing.T) {
	dir := write(t, `-- cue.mod/module.cue --
module: "a.example/net"
language: version: "v0.14.0"
-- book/book.cue --
package book

addresses: admins: ["192.0.2.0/25"]
-- edge/edge.cue --
package edge

import "a.example/net/book"

name: "edge"
addresses: book.addresses
tiers: web: ingress: ssh: from: ["admins"]
-- odd/odd.cue --
package odd

nmae: "odd"
`)
	got, err := Load(Options{Dir: dir, Inputs: []string{"./book/...", "./edge/..."}})
	if err != nil || len(got) != 1 || got[0].Name != "edge" {
		t.Errorf("got %v, %v", got, err)
	}
	for _, c := range []struct{ input, want string }{
		{"./book", `book/book.cue:1:1: name: missing field "name": it marks what the policy owns in the cloud`},
		{"./odd/...", `odd/odd.cue:3:1: nmae: unknown field "nmae", did you mean "name"?`},
	} {
		if _, err := Load(Options{Dir: dir, Inputs: []string{c.input}}); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.input, err, c.want)
		}
	}
}

// TestLoadUnreadable names what may not be read by its path.
func TestLoadUnreadable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	dir := write(t, "-- one/policy.cue --\npackage one\n-- two/policy.yaml --\nname: two\n-- three/policy.cue --\npackage three\n")
	for _, name := range []string{"one/policy.cue", "two/policy.yaml", "three"} {
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(filepath.Join(dir, "three"), 0o700) })
	for _, c := range []struct{ input, want string }{
		{"./one", "one/policy.cue: may not be read"},
		{"one/policy.cue", "one/policy.cue: may not be read"},
		{"two/policy.yaml", "two/policy.yaml: may not be read"},
		{"./three", "three: may not be read"},
		{"./three/...", "three: may not be read"},
	} {
		_, err := Load(Options{Dir: dir, Inputs: []string{c.input}})
		var faults Errors
		if !errors.As(err, &faults) || faults.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.input, err, c.want)
		}
	}
}

package schema

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// TestBeside: a file beside those of a package is part of it, however the package is named,
// and is on no disk.
func TestBeside(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "p.cue"), []byte("package p\n\nname: \"p\"\ntiers: web: ingress: http: from: [\"public\"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Load(Options{Dir: dir, Inputs: []string{"."}, Beside: []byte("package q\n")})
	if err == nil || !strings.Contains(err.Error(), `the file beside:1:1: package name "q" conflicts with previous package name "p"`) {
		t.Error(err)
	}
	for _, input := range []string{".", "./...", ".:p", "p.cue"} {
		for beside, want := range map[string]string{
			"package p\ntiers: [string]: egress: any: to: [\"public\"]\ntiers: db: ingress: ssh: from: [\"web\"]\n": "db web",
			"package p\ntiers: db: x: 1\n": `the file beside:2:12: tiers.db.x: unknown field "x"`,
			"package p\ntiers: db: {\n":    `the file beside:2:12: this "{" is never closed`,
		} {
			policies, err := Load(Options{Dir: dir, Inputs: []string{input}, Beside: []byte(beside)})
			got := ""
			switch {
			case err != nil:
				got = err.Error()
			default:
				var tiers []string
				for _, tier := range policies[0].Tiers {
					if len(tier.Rules) != 2 {
						t.Errorf("tier %s has %d rules", tier.Name, len(tier.Rules))
					}
					tiers = append(tiers, tier.Name)
				}
				got = strings.Join(tiers, " ")
			}
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s, not %s", input, got, want)
			}
		}
	}
}

// TestLongText shows the beginning of a text that is too long to be read.
func TestLongText(t *testing.T) {
	long := strings.Repeat("é", 4000)
	dir := write(t, "-- policy.cue --\npackage p\n\nname: \"p\"\ntiers: a: ingress: ssh: from: [\""+long+"\"]\n")
	_, err := Load(Options{Dir: dir})
	want := `policy.cue:4:32: tiers.a.ingress.ssh.from.0: unknown tier, address set or group "é`
	if err == nil || !strings.HasPrefix(err.Error(), want) || !strings.HasSuffix(err.Error(), "éé…") || len(err.Error()) > 4100 {
		t.Errorf("%.300v", err)
	}
}

// TestEmbeddedPlace: a place in an embedded file has the file's name as seen from where
// the command runs, whatever folder embeds it.
func TestEmbeddedPlace(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a/p.cue", []byte("@extern(embed)\n\npackage p\n\nname: \"p\"\n_apps: _ @embed(file=\"apps.json\")\n"+
		"tiers: {for n, a in _apps {(n): ingress: app: {tcp: [a.port], from: a.from}}}\n"))
	put(t, dir, "a/apps.json", []byte("{\"web\": {\"port\": 99999,\n\"from\": [\"nobody\", \"10.0.0.1/8\"], \"x\": 1}}"))
	for from, name := range map[string]string{".": "a/apps.json", "a": "apps.json"} {
		_, err := Load(Options{Dir: filepath.Join(dir, from), Inputs: []string{filepath.Join(dir, "a")}})
		want := []string{name + ":1:18", name + ":2:10", name + ":2:20"}
		var faults Errors
		errors.As(err, &faults)
		var got []string
		for _, f := range faults {
			got = append(got, f.Pos.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("from %s: %v, not %v", from, err, want)
		}
	}
}

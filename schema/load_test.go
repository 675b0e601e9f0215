package schema

import (
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

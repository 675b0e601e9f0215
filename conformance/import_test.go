//go:build conformance

package conformance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// testImport makes groups with the openstack command, imports them, and adopts what was
// written: nothing but marks and tags changes. What the command lists comes to the same text
// as what Neutron answers, but for what lists do not say.
func testImport(t *testing.T, c *cloud) {
	a := c.tenant(t)
	dir := t.TempDir()
	script := filepath.Join(t.TempDir(), "made.sh")
	if err := os.WriteFile(script, []byte(`set -eu
group() { openstack security group create "$@" >/dev/null; }
rule() { openstack security group rule create "$@" >/dev/null; }
group prod-web
group prod-db --description 'the "databases"; of $HOME'
group odd
rule prod-web --protocol tcp --dst-port 443 --ethertype IPv4
rule prod-web --protocol tcp --dst-port 443 --ethertype IPv6
rule prod-web --protocol tcp --dst-port 22 --remote-ip 192.0.2.7/24 --ethertype IPv4
rule prod-db --protocol tcp --dst-port 5432 --remote-group prod-web --ethertype IPv4
rule prod-db --protocol tcp --dst-port 8000:8100 --remote-ip 192.0.2.0/24 --ethertype IPv4
rule prod-db --protocol 6 --dst-port 8000:8100 --remote-ip 192.0.2.77/32 --ethertype IPv4
rule prod-db --protocol icmp --icmp-type 3 --icmp-code 4 --ethertype IPv4
rule odd --protocol 0 --ethertype IPv4
openstack security group list -f json >`+dir+`/groups.json
openstack security group rule list --long -f json >`+dir+`/rules.json 2>/dev/null
openstack security group show -f json prod-db >`+dir+`/db.json
`), 0o700); err != nil {
		t.Fatal(err)
	}
	a.apply(t, script)

	file := filepath.Join(dir, "policy.cue")
	sgc := func(code int, args ...string) outcome {
		t.Helper()
		return a.exits(t, c, code, args...)
	}
	sgc(0, "import", "--name", "prod", "-o", file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	saved := sgc(0, "import", "--name", "prod", "--state", dir+"/groups.json", "--state", dir+"/rules.json", "-o", "-")
	whole := sgc(0, "import", "--name", "prod", "--state", dir+"/groups.json", "--state", dir+"/rules.json", "--state", dir+"/db.json", "-o", "-")
	for _, listed := range []string{saved.stdout, whole.stdout} {
		if is, want := textOf(listed), textOf(string(text)); is != want {
			t.Errorf("from lists:\n%s\nfrom Neutron:\n%s", is, want)
		}
	}
	if !strings.Contains(string(text), `group: "prod-\(T)"`) || !strings.Contains(string(text), "postgresql: from: [\"web\"]") {
		t.Errorf("%s", text)
	}
	sgc(0, "import", "--check", file)
	web := func() []liveGroup {
		return slices.DeleteFunc(a.groups(t), func(g liveGroup) bool { return g.Name != "prod-web" })
	}
	before := web()
	sgc(0, "apply", "--yes", "--adopt-only", "d?", file)
	requireUntouched(t, before, web())
	sgc(0, "plan", "--detailed-exitcode", "--adopt-only", "db", file)
	sgc(0, "apply", "--yes", "--adopt", file)
	if o := sgc(0, "plan", "--detailed-exitcode", file); !strings.HasSuffix(o.stdout, "\n1 group belongs to no policy: odd\n") {
		t.Errorf("the project's default group is untouched:\n%s", o.stdout)
	}
	born := []string{"egress IPv4 any to anyone", "egress IPv6 any to anyone"}
	requireRules(t, a.sayable(t), map[string][]string{
		"prod-web": append(born[:2:2], "ingress IPv4 tcp/443 from anyone", "ingress IPv6 tcp/443 from anyone", "ingress IPv4 tcp/22 from 192.0.2.0/24"),
		"prod-db": append(born[:2:2], "ingress IPv4 tcp/5432 from tier web", "ingress IPv4 tcp/8000-8100 from 192.0.2.0/24",
			"ingress IPv4 tcp/8000-8100 from 192.0.2.77/32", "ingress IPv4 icmp/3:4 from anyone"),
	})
	requireFinished(t, a.groups(t), "prod")
	if again := sgc(0, "import", "--name", "prod", "-o", "-"); again.stdout != string(text) {
		t.Errorf("adopted and imported:\n%s\nnot\n%s", again.stdout, text)
	}

	// Somebody opens something: it is found, and comes beside the policy.
	for _, g := range a.groups(t) {
		if g.Name == "prod-web" {
			if _, err := a.rule(body{"security_group_id": g.ID, "direction": "ingress", "protocol": "udp", "port_range_min": 123, "port_range_max": 123}); err != nil {
				t.Fatal(err)
			}
		}
	}
	sgc(1, "import", "--check", file)
	sgc(0, "import", dir)
	sgc(0, "import", "--check", dir)
	sgc(0, "plan", "--detailed-exitcode", dir)
}

// sayable is the groups without the one that no policy can say.
func (a account) sayable(t testing.TB) []liveGroup {
	var list []liveGroup
	for _, g := range a.groups(t) {
		if g.Name != "odd" {
			list = append(list, g)
		}
	}
	return list
}

// textOf is a text without where and when it was read, and without what ports carry.
func textOf(text string) string {
	_, rest, _ := strings.Cut(text, "package ")
	var lines []string
	for line := range strings.Lines(rest) {
		if !strings.Contains(line, "// No port carries it.") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

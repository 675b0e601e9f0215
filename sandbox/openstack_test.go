package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/sandbox"
	"sgc.dev/sgc/sandbox/sandboxtest"
	"sgc.dev/sgc/statefile"
)

// openstack runs the real command as the account.
type openstack struct {
	t       *testing.T
	env     []string
	program string
}

func newOpenstack(t *testing.T, s *sandbox.Server, a sandbox.Account) openstack {
	t.Helper()
	dir, err := sandboxtest.Openstack()
	if err != nil {
		t.Fatal(err)
	}
	if dir == "" {
		t.Skip("openstack is not installed: .ci/run installs it")
	}
	return openstack{t, append(environment(t, s, a), "PATH="+dir+string(filepath.ListSeparator)+os.Getenv("PATH")), filepath.Join(dir, "openstack")}
}

// environment has nothing of the caller's own clouds and proxies.
func environment(t *testing.T, s *sandbox.Server, a sandbox.Account) []string {
	var env []string
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if !strings.HasPrefix(name, "OS_") && !strings.HasSuffix(strings.ToLower(name), "_proxy") {
			env = append(env, v)
		}
	}
	return append(append(env, "HOME="+t.TempDir()), s.Env(a)...)
}

// run holds the command to success and returns what it printed, without the line's end.
func (o openstack) run(args ...string) string {
	o.t.Helper()
	out, ok := o.try(args...)
	if !ok {
		o.t.Fatalf("openstack %s: %s", strings.Join(args, " "), out)
	}
	return out
}

func (o openstack) try(args ...string) (string, bool) {
	cmd := exec.Command(o.program, args...)
	cmd.Env = o.env
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		return problems.String(), false
	}
	return strings.TrimSpace(out.String()), true
}

func (o openstack) json(args ...string) object {
	o.t.Helper()
	var v object
	if err := json.Unmarshal([]byte(o.run(append(args, "-f", "json")...)), &v); err != nil {
		o.t.Fatal(err)
	}
	return v
}

// TestOpenstack leads the command through what it can do with security groups.
func TestOpenstack(t *testing.T) {
	t.Parallel()
	cloud := sandbox.New()
	demo := cloud.Demo()
	o := newOpenstack(t, listen(t, cloud), demo)
	if project := o.run("token", "issue", "-f", "value", "-c", "project_id"); project != demo.ProjectID {
		t.Errorf("the token is for %q", project)
	}
	g := o.run("security", "group", "create", "web", "--description", "the web", "--tag", "b", "--tag", "a", "-f", "value", "-c", "id")
	if tags := o.json("security", "group", "show", "web")["tags"]; !reflect.DeepEqual(tags, []any{"a", "b"}) {
		t.Errorf("tags are %v", tags)
	}
	rule := o.run("security", "group", "rule", "create", "--ingress", "--ethertype", "IPv4", "--protocol", "tcp", "--dst-port", "80:81",
		"--remote-ip", "10.0.0.5/24", "web", "-f", "value", "-c", "id")
	o.run("security", "group", "rule", "create", "--ingress", "--ethertype", "IPv4", "--protocol", "icmp", "--icmp-type", "0", "web")
	if out, ok := o.try("security", "group", "rule", "create", "--ingress", "--protocol", "icmp", "--icmp-type", "0", g); ok || !strings.Contains(out, "already exists") {
		t.Errorf("a duplicate: %s", out)
	}
	rules := cloud.Groups(demo.ProjectID)[1].Rules
	if len(rules) != 4 || rules[2].ID != rule || *rules[2].PortRangeMin != 80 || rules[2].RemoteIPPrefix != "10.0.0.5/24" || *rules[3].PortRangeMin != 0 {
		t.Errorf("rules are %+v", rules)
	}
	if n := strings.Count(o.run("security", "group", "rule", "list", "web", "-f", "value", "-c", "ID"), "-"); n != 4*4 {
		t.Errorf("the list has %d dashes", n)
	}
	o.run("security", "group", "rule", "delete", rule)
	o.run("security", "group", "set", "web", "--name", "front", "--description", "the front", "--tag", "c")
	o.run("security", "group", "unset", "front", "--tag", "a")
	if names := o.run("security", "group", "list", "--tags", "b,c", "-f", "value", "-c", "Name"); names != "front" {
		t.Errorf("listed by tags: %q", names)
	}
	o.run("address", "group", "create", "office", "--address", "10.0.0.0/8")
	o.run("address", "group", "set", "office", "--address", "11.0.0.0/8")
	if list := o.run("address", "group", "list", "-f", "value", "-c", "Addresses"); list != "['10.0.0.0/8', '11.0.0.0/8']" {
		t.Errorf("address groups: %q", list)
	}
	o.run("network", "create", "net")
	o.run("port", "create", "--network", "net", "--security-group", "front", "door")
	if out, ok := o.try("security", "group", "delete", "front"); ok || !strings.Contains(out, "in use") {
		t.Errorf("a group in use: %s", out)
	}
	o.run("port", "delete", "door")
	o.run("security", "group", "delete", "front")
	if groups := cloud.Groups(demo.ProjectID); len(groups) != 1 {
		t.Errorf("left are %+v", groups)
	}
	for _, call := range cloud.Calls() {
		if call.Status >= 500 || call.Status == 405 {
			t.Errorf("the cloud did not serve %+v", call)
		}
	}
}

// TestOpenstackQuota shows quotas. Older commands ask compute too, whatever they
// are asked for, and fail in a cloud without one, as with a real Neutron alone.
func TestOpenstackQuota(t *testing.T) {
	t.Parallel()
	cloud := sandbox.New()
	admin := cloud.AddAccount("admin", true)
	cloud.SetQuota(cloud.Demo().ProjectID, 7, 77)
	o := newOpenstack(t, listen(t, cloud), admin)
	if out, ok := o.try("quota", "show", "--network", "demo", "-f", "json"); !ok && !strings.Contains(out, "unrecognized arguments: --network") {
		t.Error(out)
	}
	if out := o.run("quota", "list", "--network", "-f", "value"); !strings.Contains(out, "77") {
		t.Errorf("quotas: %q", out)
	}
}

// TestExportedScript runs what sgc exports, twice: the second time changes
// nothing, and what it makes of an empty project is what sgc apply makes of one.
func TestExportedScript(t *testing.T) {
	for _, policy := range []string{"policies/three-tier", "conformance/testdata/groups.cue"} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			exported, applied := sandbox.New(), sandbox.New()
			demo := exported.Demo()
			s := listen(t, exported)
			o := newOpenstack(t, s, demo)
			script := sgc(t, nil, "export", "--format=sh", "./"+policy)
			run := func() []sandbox.Group {
				cmd := exec.Command("sh", "-s")
				cmd.Stdin, cmd.Env = bytes.NewReader(script), o.env
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				return exported.Groups(demo.ProjectID)
			}
			first := run()
			if second := run(); !reflect.DeepEqual(second, first) {
				t.Errorf("the second run left\n%+v\nwhere the first had left\n%+v", second, first)
			}
			other := listen(t, applied)
			sgc(t, environment(t, other, applied.Demo()), "apply", "--yes", "--snapshots", t.TempDir(), "./"+policy)
			byScript, byApply := described(t, login(t, s, demo)), described(t, login(t, other, applied.Demo()))
			if byScript != byApply || !strings.Contains(byApply, "ingress IPv6") {
				t.Errorf("the script makes\n%s\nand apply\n%s", byScript, byApply)
			}
			for _, call := range append(exported.Calls(), applied.Calls()...) {
				if call.Status >= 500 || call.Status == 405 {
					t.Errorf("the cloud did not serve %+v", call)
				}
			}
		})
	}
}

// sgc runs the command in the root of the module and returns what it writes.
func sgc(t *testing.T, env []string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("go", append([]string{"run", "./cmd/sgc"}, args...)...)
	cmd.Dir = ".."
	if env != nil {
		cmd.Env = append(env, "HOME="+os.Getenv("HOME"))
	}
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, problems.String())
	}
	return out
}

// described is all that a policy decides about the groups of a project, with
// canonical rules and without ids.
func described(t *testing.T, c *client) string {
	t.Helper()
	var saved statefile.Files
	if err := saved.Add([]byte(c.want(200, "GET", groupsPath, nil).text)); err != nil {
		t.Fatal(err)
	}
	state, _, err := saved.State()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, g := range state.Groups {
		names[g.ID] = g.Name
	}
	var groups []string
	for _, g := range state.Groups {
		text := fmt.Sprintf("%s %q, stateful %t, tags %q\n", g.Name, g.Description, g.Stateful, g.Tags)
		var rules []string
		for _, l := range g.Rules {
			words := l.String()
			if id := l.Rule.Remote.Name(); id != "" {
				words = strings.Replace(words, id, names[id], 1)
			}
			rules = append(rules, fmt.Sprintf("\t%s %q\n", words, l.Description))
		}
		slices.Sort(rules)
		groups = append(groups, text+strings.Join(rules, ""))
	}
	slices.Sort(groups)
	return strings.Join(groups, "")
}

package main

import (
	"bytes"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sgc.dev/sgc/sandbox"
)

// TestNoSecrets uses a cloud in all ways, and looks for the password and the
// tokens in all that is printed and saved.
func TestNoSecrets(t *testing.T) {
	cloud := sandbox.New()
	server, err := cloud.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	g, err := newGate(server)
	if err != nil {
		t.Fatal(err)
	}
	gateway := httptest.NewServer(&g.proxy)
	t.Cleanup(gateway.Close)
	g.address = gateway.URL
	inEnvironment(t, server, cloud.Demo())
	t.Setenv("OS_AUTH_URL", g.address+"/identity/v3")

	dir := t.TempDir()
	t.Chdir(dir)
	policy := func(service string) {
		text := "package p\nname: \"p\"\ntiers: web: ingress: " + service + ": from: [\"public\"]\n"
		if err := os.WriteFile("p.cue", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var printed bytes.Buffer
	sgc := func(want int, args ...string) {
		t.Helper()
		if got := run(append([]string{"sgc"}, args...), streams{strings.NewReader(""), &printed, &printed}); got != want {
			t.Fatalf("sgc %q: exit code %d, not %d\n%s", args, got, want, &printed)
		}
	}
	policy("http")
	sgc(0, "plan", "-o", "plan.json", "p.cue")
	sgc(0, "apply", "--yes", "--snapshots=.", "--plan=plan.json")
	policy("https")
	sgc(0, "apply", "--yes", "--snapshots=.", "--format=json", "p.cue")
	for _, f := range []sandbox.Fault{{Nth: 1, Status: 503}, {Nth: 2, CutAfter: true}, {Nth: 3, Status: 403}} {
		cloud.Inject(f)
	}
	sgc(1, "plan", "p.cue")
	cloud.ExpireTokens()
	shots, err := filepath.Glob("p-*.json")
	if err != nil || len(shots) != 2 {
		t.Fatal(shots, err)
	}
	sgc(0, "restore", "--yes", "--snapshots=.", "--allow-destroy", shots[1])
	sgc(0, "destroy", "--yes", "--snapshots=.", "p.cue")
	t.Setenv("OS_PROJECT_NAME", "another")
	sgc(1, "plan", "p.cue")

	id, secret := cloud.AddApplicationCredential(cloud.Demo())
	t.Setenv("OS_PROJECT_NAME", "")
	t.Setenv("OS_AUTH_TYPE", "v3applicationcredential")
	t.Setenv("OS_APPLICATION_CREDENTIAL_ID", id)
	t.Setenv("OS_APPLICATION_CREDENTIAL_SECRET", secret)
	sgc(0, "plan", "-o", "again.json", "p.cue")
	t.Setenv("OS_APPLICATION_CREDENTIAL_ID", "0123456789abcdef0123456789abcdef")
	sgc(1, "plan", "p.cue")

	secrets := append(g.tokens, cloud.Demo().Password, secret)
	if len(secrets) < 8 {
		t.Fatalf("%d secrets: the gate has not seen the tokens", len(secrets))
	}
	all := map[string]string{"what is printed": printed.String()}
	err = filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		all[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 6 {
		t.Fatalf("%d texts, not the plan, the policy and the snapshots", len(all))
	}
	for name, text := range all {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s has a secret in it:\n%s", name, text)
			}
		}
	}
}

// inEnvironment makes a cloud the one that the environment names.
func inEnvironment(t *testing.T, server *sandbox.Server, a sandbox.Account) {
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "OS_") {
			t.Setenv(name, "")
		}
	}
	for _, variable := range server.Env(a) {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
}

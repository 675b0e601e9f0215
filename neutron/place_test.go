package neutron_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sgc.dev/sgc/clouds"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/sandbox"
	"sgc.dev/sgc/sandbox/sandboxtest"
)

// TestPlace has the client say where it is, whatever way it was told to get there, and
// without the password that an address may have in it.
func TestPlace(t *testing.T) {
	c := sandboxtest.Open(t)
	t.Setenv("OS_REGION_NAME", "")
	keystone := os.Getenv("OS_AUTH_URL")
	file := filepath.Join(t.TempDir(), "clouds.yaml")
	entry := "clouds: {prod: {auth: {auth_url: '" + strings.Replace(keystone, "://", "://me:secret@", 1) + "', username: " + os.Getenv("OS_USERNAME") +
		", password: " + c.Demo().Password + ", project_id: " + c.Demo().ProjectID + ", user_domain_id: default}}}"
	if err := os.WriteFile(file, []byte(entry), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("OS_CLIENT_CONFIG_FILE", file)
	want := plan.Place{
		Keystone: strings.TrimSuffix(keystone, "/v3"), Region: sandbox.Region, Network: strings.Replace(keystone, "/identity/v3", "/networking", 1),
		Project: c.Demo().ProjectID, Name: c.Demo().Name, Domain: "Default",
	}
	for _, cloud := range []string{"", "prod"} {
		want.Cloud = cloud
		client, err := neutron.Connect(t.Context(), neutron.Options{Choice: clouds.Choice{Cloud: cloud}})
		if err != nil {
			t.Fatal(err)
		}
		if got := client.Place(); got != want {
			t.Errorf("cloud %q is at\n%+v, not\n%+v", cloud, got, want)
		}
	}
}

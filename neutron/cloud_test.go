package neutron_test

import (
	"strings"
	"testing"

	"sgc.dev/sgc/neutron/sandbox"
)

// open is a cloud that is listened to, and found by the environment.
func open(t testing.TB) *sandbox.Cloud {
	t.Helper()
	c := sandbox.New()
	s, err := c.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	c.SetQuota(c.Demo().ProjectID, -1, -1)
	t.Setenv("OS_CLOUD", "")
	for _, variable := range s.Env(c.Demo()) {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	return c
}

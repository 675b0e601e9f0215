// Package sandboxtest gives tests a cloud of their own.
package sandboxtest

import (
	"strings"
	"testing"

	"sgc.dev/sgc/sandbox"
)

// Open is a cloud that is listened to until the test ends, and found by the environment.
// Its demo project has no quota.
func Open(t testing.TB) *sandbox.Cloud {
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

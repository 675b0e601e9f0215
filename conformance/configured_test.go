//go:build conformance

package conformance

import (
	"os/exec"
	"strings"
	"testing"
)

// testConfigured holds the table of what configures a cloud against the openstack command of the
// cloud's release.
func testConfigured(t *testing.T, c *cloud) {
	cmd := exec.Command("go", "test", "-count=1", "-v", "-run", "^TestAsOpenstack$", "../clouds")
	cmd.Env = append(cmd.Environ(), "SGC_TEST_PYTHON="+strings.Join(beside(c.database, "/", "/usr/bin/python3").Args, " "))
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestAsOpenstack (") {
		t.Errorf("%v\n%s", err, out)
	}
}

//go:build conformance

package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// release is the one that the cloud's packages are of. Its database sees them,
// whether or not they are this machine's.
func (c *cloud) release(t testing.TB) release {
	t.Helper()
	pid, err := os.ReadFile(filepath.Join(c.dir, "mariadb.pid"))
	if err != nil {
		t.Fatal(err)
	}
	query := func(format, packaged string) string {
		args := []string{"--target=" + strings.TrimSpace(string(pid)), "--mount", "--root", "--wdns=/", "/usr/bin/dpkg-query", "-W", "-f", format, packaged}
		out, err := exec.Command("nsenter", args...).Output()
		if err != nil {
			t.Fatalf("the version of %s: %v", packaged, err)
		}
		return string(out)
	}
	version := query("${Version}", "neutron-common")
	_, upstream, _ := strings.Cut(version, ":") // an epoch comes first
	major, _, _ := strings.Cut(upstream, ".")
	n, err := strconv.Atoi(major)
	if err != nil {
		t.Fatalf("the version of Neutron is %q", version)
	}
	r := releaseOf(n)
	t.Logf("release %s: Neutron %s, Keystone %s", r, version, query("${Version}", "keystone"))
	return r
}

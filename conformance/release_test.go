//go:build conformance

package conformance

import (
	"strconv"
	"strings"
	"testing"
)

// release is the one that the cloud's packages are of.
func (c *cloud) release(t testing.TB) release {
	t.Helper()
	version := c.output(t, "/usr/bin/dpkg-query", "-W", "-f", "${Version}", "neutron-common")
	_, upstream, _ := strings.Cut(version, ":") // an epoch comes first
	major, _, _ := strings.Cut(upstream, ".")
	n, err := strconv.Atoi(major)
	if err != nil {
		t.Fatalf("the version of Neutron is %q", version)
	}
	return releaseOf(n)
}

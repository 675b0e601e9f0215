//go:build conformance

package conformance

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// A debian is a Debian release, whose packages bring one of OpenStack.
type debian struct {
	codename string
	testing  bool // still in the making: its packages may not install today
}

// debians is what sgc is held to: OpenStack's Zed, its 2025.1, and where it installs
// what Debian's testing has, which was 2026.1 in 2026.
func debians() []debian {
	if *cloudDir != "" {
		return []debian{{codename: "running"}}
	}
	return []debian{bookworm(), trixie(), {codename: "forky", testing: true}}
}

func bookworm() debian { return debian{codename: "bookworm"} }
func trixie() debian   { return debian{codename: "trixie"} }

// command is a script of testdata/devcloud in the release.
func (d debian) command(script string, args ...string) *exec.Cmd {
	return exec.Command("../testdata/devcloud/release.sh", append([]string{d.codename, script}, args...)...)
}

// install installs what up.sh needs. The test ends here where a release that is
// in the making does not have it.
func (d debian) install(t testing.TB, args ...string) {
	t.Helper()
	out, err := d.command("up.sh", append([]string{"--install"}, args...)...).CombinedOutput()
	switch {
	case err == nil:
	case d.testing:
		t.Skipf("OpenStack does not install in %s today: %v\n%s", d.codename, err, out)
	default:
		t.Fatalf("OpenStack does not install in %s: %v\n%s", d.codename, err, out)
	}
}

// requireDebian fails where release.sh would. A skip would look like success.
func requireDebian(t testing.TB) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Fatal("the conformance suite installs and runs Keystone and Neutron: it needs root, and Debian 12 or newer")
	}
	if _, err := os.Stat("/etc/debian_version"); err != nil {
		t.Fatal("the conformance suite runs Keystone and Neutron from Debian's packages: it needs Debian 12 or newer")
	}
}

// beside is a program about to run in the Debian release that a process runs in,
// which need not be this machine's. Temporary files are the same in all.
func beside(process, dir, program string, args ...string) *exec.Cmd {
	cmd := exec.Command("nsenter", append([]string{
		"--target=" + process, "--mount", "--root", "--wdns=" + dir, "--", program,
	}, args...)...)
	cmd.Dir = dir
	return cmd
}

// output is what a program of the cloud's release prints, which must succeed.
func (c *cloud) output(t testing.TB, program string, args ...string) string {
	t.Helper()
	out, err := beside(c.database, "/", program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return strings.TrimSpace(string(out))
}

// versions is what runs in the cloud, each package with its version.
func (c *cloud) versions(t testing.TB, packages ...string) string {
	t.Helper()
	packages = append([]string{"neutron-common", "keystone", "python3-openstackclient"}, packages...)
	return c.output(t, "/usr/bin/dpkg-query", append([]string{"-W", "-f", "${Package} ${Version} "}, packages...)...)
}

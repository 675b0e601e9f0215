//go:build conformance

package conformance

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

var cloudDir = flag.String("cloud", "", "use the cloud that testdata/devcloud/up.sh started in this `directory`")

// A cloud is a running Keystone and Neutron, and the sgc that is held to them.
type cloud struct {
	dir      string // the devcloud's
	database string // the process id of its database
	clouds   map[string]cloudEntry
	admin    account
	network  string // URL of Neutron
	sgc      string // path of the binary
}

// cloudEntry is what clouds.yaml says of one cloud.
type cloudEntry struct {
	Auth struct {
		URL      string `yaml:"auth_url"`
		Username string `yaml:"username"`
		Password string `yaml:"password"`
		Project  string `yaml:"project_name"`
	} `yaml:"auth"`
}

// startCloud builds sgc and starts a cloud of a Debian release that ends with the
// test, also when the test's process is killed: up.sh --attached ends it when its
// input does. args are more arguments of up.sh.
func startCloud(t testing.TB, d debian, args ...string) *cloud {
	t.Helper()
	if *cloudDir == "" {
		requireDebian(t)
	}
	c := &cloud{dir: *cloudDir, sgc: filepath.Join(t.TempDir(), "sgc")}
	if out, err := exec.Command("go", "build", "-o", c.sgc, "../cmd/sgc").CombinedOutput(); err != nil {
		t.Fatalf("go build ./cmd/sgc: %v\n%s", err, out)
	}
	if c.dir == "" {
		d.install(t, args...)
		c.dir = d.upAndDown(t, args...)
	}
	var err error
	if c.dir, err = filepath.Abs(c.dir); err != nil {
		t.Fatal(err)
	}
	pid, err := os.ReadFile(filepath.Join(c.dir, "mariadb.pid"))
	if err != nil {
		t.Fatal(err)
	}
	c.database = strings.TrimSpace(string(pid))
	file, err := os.ReadFile(filepath.Join(c.dir, "clouds.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var config struct{ Clouds map[string]cloudEntry }
	if err := yaml.Unmarshal(file, &config); err != nil {
		t.Fatal(err)
	}
	c.clouds = config.Clouds
	auth := c.clouds["admin"].Auth
	c.admin, c.network = login(t, auth.URL, auth.Username, auth.Password, auth.Project)
	t.Logf("the cloud in %s is up: %s", c.dir, c.versions(t))
	return c
}

// upAndDown starts a devcloud and registers its end. It returns its directory.
func (d debian) upAndDown(t testing.TB, args ...string) string {
	t.Helper()
	// Not t.TempDir: its removal would race with the end of a cloud that does not stop, and hide it.
	dir, err := os.MkdirTemp("", "devcloud-")
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("../testdata/devcloud/down.sh", dir).CombinedOutput(); err != nil {
			t.Errorf("down.sh: %v\n%s", err, out)
		}
		theirs.Close()
	})
	up := d.command("up.sh", append(args[:len(args):len(args)], "--attached", dir)...)
	up.Stdin = ours
	out, err := up.CombinedOutput()
	ours.Close()
	if err != nil {
		t.Fatalf("up.sh: %v\n%s", err, out)
	}
	return dir
}

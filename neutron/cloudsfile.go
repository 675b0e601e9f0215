package neutron

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gophercloud/gophercloud/v2/openstack/config/clouds"
	"go.yaml.in/yaml/v3"
)

// NoSuchCloud is a name that clouds.yaml does not have.
type NoSuchCloud struct {
	Cloud  string
	File   string
	Clouds []string // that it has, sorted
}

func (n *NoSuchCloud) Error() string {
	text := fmt.Sprintf("cloud %q not found in %s", n.Cloud, n.File)
	if len(n.Clouds) == 0 {
		text += ", which has none"
	}
	return text
}

// cloudsFile is the clouds.yaml that counts, where openstack and [clouds.Parse] look for it.
func cloudsFile() (string, error) {
	places := []string{os.Getenv("OS_CLIENT_CONFIG_FILE")}
	if places[0] == "" {
		here, err := os.Getwd()
		if err != nil {
			return "", err
		}
		config := os.Getenv("XDG_CONFIG_HOME")
		if home, err := os.UserHomeDir(); config == "" && err == nil {
			config = filepath.Join(home, ".config")
		}
		places = []string{here, filepath.Join(config, "openstack"), "/etc/openstack"}
		for i := range places {
			places[i] = filepath.Join(places[i], "clouds.yaml")
		}
	}
	var problems []error
	for _, place := range places {
		f, err := os.Open(place)
		if err == nil {
			defer f.Close()
			return place, bound(f)
		}
		problems = append(problems, err)
	}
	if len(places) == 1 {
		return "", fmt.Errorf("OS_CLIENT_CONFIG_FILE: %w", problems[0])
	}
	return "", fmt.Errorf("there is no clouds.yaml: looked for %s; without one, set OS_AUTH_URL and its like (source an openrc file)", strings.Join(places, ", "))
}

// bound refuses a file that has no end, or none soon. A pipe can be read once, so that is for
// who reads it.
func bound(f *os.File) error {
	const most = 16 << 20
	info, err := f.Stat()
	if err != nil || info.Mode()&fs.ModeNamedPipe != 0 {
		return err
	}
	if n, _ := io.CopyN(io.Discard, f, most+1); n > most {
		return fmt.Errorf("%s is longer than %d MiB, which no clouds.yaml is", f.Name(), most>>20)
	}
	return nil
}

// Clouds is the names in clouds.yaml, sorted; nil where there is none, or none that can be
// read.
func Clouds() []string {
	file, err := cloudsFile()
	if err != nil {
		return nil
	}
	names, _ := namesIn(file)
	return names
}

// namesIn is the names of the clouds in a file, sorted.
func namesIn(file string) ([]string, error) {
	var whole clouds.Clouds
	data, err := os.ReadFile(file)
	if err == nil {
		err = yaml.Unmarshal(data, &whole)
	}
	return slices.Sorted(maps.Keys(whole.Clouds)), err
}

// inFile says which file is wrong, and of which cloud, where [clouds.Parse] has failed. What
// stands in the files is not told, but for the names of clouds.
func inFile(file, cloud string, err error) error {
	names, problem := namesIn(file)
	if problem == nil && !slices.Contains(names, cloud) {
		return &NoSuchCloud{cloud, file, names}
	}
	text, secret := strings.CutPrefix(err.Error(), "failed to parse secure.yaml: ")
	why, ok := strings.CutPrefix(text, "yaml: ")
	switch {
	case !ok:
		return err
	case secret:
		file = filepath.Join(filepath.Dir(file), "secure.yaml")
	case problem == nil: // it is another file then, which a profile is looked up in
		file = "clouds-public.yaml"
	}
	return errors.New(file + ": " + unreadable(why))
}

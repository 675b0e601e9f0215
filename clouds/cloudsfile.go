package clouds

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

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

// document is a file of clouds as it is read. The zero document is no file.
type document struct {
	file  string
	whole map[string]any
}

// folders is where openstack looks for its files, in order.
func folders() ([]string, error) {
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	home, _ := os.UserHomeDir()
	config := filepath.Join(cmp.Or(os.Getenv("SNAP_REAL_HOME"), home), ".config")
	list := []string{
		here,
		filepath.Join(cmp.Or(os.Getenv("XDG_CONFIG_HOME"), config), "openstack"),
		filepath.Join(config, "openstack"),
		filepath.Join(cmp.Or(os.Getenv("XDG_CONFIG_DIRS"), "/etc/xdg"), "openstack"),
		"/etc/openstack",
	}
	return slices.Compact(list), nil
}

// firstFile reads the first file of a name ("clouds") that there is, or the one that the variable
// names. Like openstack it passes over files that may not be read.
func firstFile(name, variable string) (document, error) {
	if file := os.Getenv(variable); file != "" {
		d, err := readDocument(file)
		if err != nil {
			err = fmt.Errorf("%s: %w", variable, err)
		}
		return d, err
	}
	list, err := folders()
	for _, folder := range list {
		for _, suffix := range []string{".yaml", ".yml", ".json"} { // JSON is YAML
			d, err := readDocument(filepath.Join(folder, name+suffix))
			if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
				return d, err
			}
		}
	}
	return document{}, err
}

// readFile reads a file that ends, and soon. A pipe into which nobody writes, which openstack
// waits for, is refused. Errors do not name the file: what stands where its name belongs may be
// a key.
func readFile(name string) ([]byte, error) {
	const most = 16 << 20
	there, err := os.Stat(name)
	pipe := err == nil && there.Mode()&fs.ModeNamedPipe != 0
	if err == nil && !there.Mode().IsRegular() && !pipe {
		return nil, errors.New("this is not a regular file: name one that is")
	}
	var data []byte
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err == nil {
		defer f.Close()
		data, err = io.ReadAll(io.LimitReader(f, most+1))
	}
	if path := new(fs.PathError); errors.As(err, &path) {
		err = path.Err
	}
	if err == nil && pipe && len(data) == 0 {
		err = errors.New("nothing comes out of this pipe: put a file there")
	}
	if len(data) > most {
		err = fmt.Errorf("this is longer than %d MiB, and nothing about a cloud is", most>>20)
	}
	return data, err
}

// readDocument reads a file of clouds. What stands in it is not told.
func readDocument(file string) (document, error) {
	data, err := readFile(file)
	if err != nil {
		return document{}, fmt.Errorf("%s: %w", file, err)
	}
	var whole any
	if err := yaml.Unmarshal(data, &whole); err != nil {
		return document{}, errors.New(file + ": " + unreadable(strings.TrimPrefix(err.Error(), "yaml: ")))
	}
	d := document{file: file}
	if whole == nil {
		return d, nil
	}
	if d.whole, err = mapping(whole); err != nil {
		return document{}, fmt.Errorf("%s: %w", file, err)
	}
	return d, nil
}

// clouds is the configurations below a key, by their names.
func (d document) clouds(key string) (map[string]any, error) {
	list, err := mapping(d.whole[key])
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", d.file, key, err)
	}
	return list, nil
}

// cloudsFiles reads clouds.yaml, and secure.yaml, which lies over it.
func cloudsFiles() (file, secure document, err error) {
	if file, err = firstFile("clouds", "OS_CLIENT_CONFIG_FILE"); err != nil {
		return file, secure, err
	}
	if file.file == "" {
		list, err := folders()
		return file, secure, errors.Join(err, fmt.Errorf("there is no clouds.yaml in %s; without one, set OS_AUTH_URL and its like (source an openrc file)", strings.Join(list, ", ")))
	}
	secure, err = firstFile("secure", "OS_CLIENT_SECURE_FILE")
	return file, secure, err
}

// laidOver is two mappings in one, of which the second counts, mapping by mapping.
func laidOver(under, over map[string]any) map[string]any {
	whole := map[string]any{}
	maps.Copy(whole, under)
	for key, value := range over {
		below, isBelow := whole[key].(map[string]any)
		if above, isAbove := value.(map[string]any); isBelow && isAbove {
			value = laidOver(below, above)
		}
		whole[key] = value
	}
	return whole
}

// mapping is a value that has to be one; none where there is no value.
func mapping(value any) (map[string]any, error) {
	m, ok := value.(map[string]any)
	if !ok && value != nil {
		return nil, errors.New("keys and values belong here, as in \"key: value\"")
	}
	return m, nil
}

// onlyCloud is the cloud of clouds.yaml and secure.yaml where there is one alone, and no variable
// tells of another; else "".
func onlyCloud() string {
	selectors := []string{"OS_CLOUD", "OS_REGION_NAME", "OS_CLIENT_CONFIG_FILE", "OS_CLIENT_SECURE_FILE", "OS_CLOUD_NAME"}
	for _, pair := range os.Environ() {
		if name, value, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "OS_") && value != "" && !slices.Contains(selectors, name) {
			return ""
		}
	}
	if list := named(); len(list) == 1 {
		for name := range list {
			return name
		}
	}
	return ""
}

// Names is the names in clouds.yaml and secure.yaml of which something is said, sorted; nil where
// there is none, or none that can be read. A key alone may be a password.
func Names() []string {
	list := named()
	maps.DeleteFunc(list, func(_ string, value any) bool { _, is := value.(map[string]any); return !is })
	return slices.Sorted(maps.Keys(list))
}

// named is what clouds.yaml and secure.yaml say of clouds, by their names.
func named() map[string]any {
	file, secure, err := cloudsFiles()
	if err != nil {
		return nil
	}
	return namedIn(file, secure)
}

func namedIn(file, secure document) map[string]any {
	list, err := file.clouds("clouds")
	secrets, problem := secure.clouds("clouds")
	if err != nil || problem != nil {
		return nil
	}
	return laidOver(list, secrets)
}

package schema

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"sgc.dev/sgc/schema/guard"
)

// TestOutside puts what leads out of a policy's folder into it. Nothing of it is
// read, and each is said in so many words.
func TestOutside(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs links and pipes")
	}
	outside := t.TempDir()
	put(t, outside, "secret.cue", []byte("package p\n\nname: \"stolen\"\n"))
	put(t, outside, "module/module.cue", []byte("module: \"example.com/m@v0\"\nlanguage: version: \"v0.15.0\"\n"))
	put(t, outside, "secret.json", []byte(`"stolen"`))
	const leads = "this link leads to nothing in the policy's folder or module, and nothing outside of it is read: put a copy in its place, or remove it"
	link := func(target, name string) func(dir string) error {
		return func(dir string) error {
			return os.Symlink(filepath.Join(outside, target), filepath.Join(dir, name))
		}
	}
	for _, test := range []struct {
		name    string
		archive string
		prepare func(dir string) error
		want    string
	}{
		{"a source", "-- a.cue --\npackage p\n", link("secret.cue", "b.cue"), "b.cue: " + leads},
		{"a link to nothing", "-- a.cue --\npackage p\n", func(dir string) error { return os.Symlink("nowhere", filepath.Join(dir, "b.cue")) },
			"b.cue: " + leads},
		{"a link to itself", "-- a.cue --\npackage p\n", func(dir string) error { return os.Symlink("b.cue", filepath.Join(dir, "b.cue")) },
			"b.cue: " + leads},
		{"a folder", "-- cue.mod/module.cue --\nmodule: \"example.com/m@v0\"\nlanguage: version: \"v0.15.0\"\n-- a.cue --\npackage p\n\nimport \"example.com/m/x:p\"\n\nname: p.name\n", link(".", "x"),
			`a.cue:3:8: the import "example.com/m/x" is not found: nothing is fetched, so it must lie in the policy's own module`},
		{"an embedded file", "-- a.cue --\n@extern(embed)\npackage p\n\nname: _ @embed(file=\"x.json\")\n", link("secret.json", "x.json"),
			"a.cue:4:9: @embed: x.json: " + leads},
		{"embedded files", "-- a.cue --\n@extern(embed)\npackage p\n\n_x: _ @embed(glob=\"*.json\")\nname: _x[\"x.json\"]\n", link("secret.json", "x.json"),
			"a.cue:4:7: @embed: x.json: " + leads},
		{"a pipe", "-- a.cue --\npackage p\n", func(dir string) error { return syscall.Mkfifo(filepath.Join(dir, "b.cue"), 0o666) },
			"b.cue: this is neither a file nor a folder"},
		{"the module's folder", "-- a.cue --\npackage p\n", link("module", "cue.mod"), "cue.mod: " + leads},
		{"the module file", "-- a.cue --\npackage p\n-- cue.mod/x --\n", link("secret.cue", "cue.mod/module.cue"), "cue.mod/module.cue: " + leads},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := write(t, test.archive)
			if err := test.prepare(dir); err != nil {
				t.Fatal(err)
			}
			_, err := Load(Options{Dir: dir})
			if err == nil || err.Error() != test.want {
				t.Errorf("got:  %v\nwant: %s", err, test.want)
			}
		})
	}
}

// TestBystanders has files in a policy's folder that are none of its sources: an
// editor's locks and copies, data that nothing embeds. They change nothing.
func TestBystanders(t *testing.T) {
	dir := write(t, threeTier)
	for _, name := range []string{".#policy.cue", "dangling.json", "_draft.cue"} {
		if err := os.Symlink("/nonexistent/target", filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	put(t, dir, "broken.yaml", []byte("a: [\n"))
	if _, err := Load(Options{Dir: dir}); err != nil {
		t.Error(err)
	}
}

// TestRegistryVariable sets what would send CUE to a network.
func TestRegistryVariable(t *testing.T) {
	t.Setenv("CUE_REGISTRY", "127.0.0.1:1+insecure")
	t.Setenv("CUE_CACHE_DIR", t.TempDir())
	dir := write(t, `-- cue.mod/module.cue --
module: "example.com/m@v0"
language: version: "v0.15.0"
deps: "example.com/other@v0": v: "v0.1.2"
-- a.cue --
package p

import "example.com/other/x"

name: x.name
`)
	_, err := Load(Options{Dir: dir})
	if err == nil || !strings.HasPrefix(err.Error(), "a.cue:3:8: the import \"example.com/other/x\" is not found: nothing is fetched") {
		t.Error(err)
	}
}

// TestLargeFile is a file that is too long to be a policy's; it takes no room on
// disk.
func TestLargeFile(t *testing.T) {
	dir := write(t, "-- a.cue --\npackage p\n")
	if err := os.Truncate(filepath.Join(dir, "a.cue"), 256<<20+1); err != nil {
		t.Skip(err)
	}
	_, err := Load(Options{Dir: dir})
	if want := "a.cue: the file has more than 256 MiB"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestDataDepth reads data of all formats as deep as may be, and a level deeper.
func TestDataDepth(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for name, source := range map[string]func(n int) string{
		"d.json": func(n int) string { return `{"_x": ` + nested(n) + `}` },
		"m.json": func(n int) string { return "\uFEFF" + `{"_x": ` + nested(n) + `}` }, // with the mark of Windows
		"d.yaml": func(n int) string { return "_x: " + nested(n) + "\n" },
		"e.yaml": func(n int) string { return "_x:\n  " + strings.Repeat("- ", n) + "1\n" },
		"d.toml": func(n int) string { return "_x = " + nested(n) + "\n" },
	} {
		for n, deeper := range map[int]bool{6: false, 7: true, 5000: true} {
			dir := write(t, "-- "+name+" --\n"+source(n))
			_, err := Load(Options{Dir: dir, Inputs: []string{name}, Limits: guard.Limits{Nesting: 6}})
			if told := err != nil && strings.Contains(err.Error(), "nested more than 6 deep: raise --max-nesting if this is meant"); told != deeper {
				t.Errorf("%s, %d deep: %v", name, n, err)
			}
			if err == nil || deeper && !strings.HasPrefix(err.Error(), name+":") {
				t.Errorf("%s, %d deep: %v", name, n, err) // without a name it is no policy
			}
		}
	}
}

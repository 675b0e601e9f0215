package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	cue "cuelang.org/go/cmd/cue/cmd"
	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what the commands print into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"sgc": main,
		"cue": func() { os.Exit(cue.Main()) },
	})
}

// TestScripts runs testdata/script/*.txtar: the commands as a user types them,
// with the whole of what they print.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	programs := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", programs+string(filepath.Separator), "sgc.dev/sgc/cmd/sgc-graphviz").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                cloudCommands(),
		Setup: func(env *testscript.Env) error {
			env.Setenv("GRAPHVIZ", programs)
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, "cache"))
			// The example policies and the demo, under the names they have in the README.
			for _, name := range []string{"policies", "testdata/demo"} {
				if err := os.CopyFS(filepath.Join(env.WorkDir, name), os.DirFS(filepath.Join(root, name))); err != nil {
					return err
				}
			}
			return inCloud(env)
		},
	})
}

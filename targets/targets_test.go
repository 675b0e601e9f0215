package targets

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/guard"
)

var update = flag.Bool("update", false, "rewrite what comes of the files in testdata")

// TestLoad reads the files of testdata, each with what comes of it: targets in their order,
// or errors at its lines.
func TestLoad(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, name := range archives {
		t.Run(filepath.Base(name), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			golden, err := filepath.Abs(name)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			for i := 0; i+1 < len(archive.Files); i += 2 {
				file, want := archive.Files[i], archive.Files[i+1]
				if err := os.MkdirAll(filepath.Dir(file.Name), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file.Name, file.Data, 0o666); err != nil {
					t.Fatal(err)
				}
				got := shown(Load(file.Name, guard.Limits{}))
				if got != string(want.Data) && !*update {
					t.Errorf("%s:\n%s\nnot\n%s", file.Name, got, want.Data)
				}
				archive.Files[i+1].Data = []byte(got)
			}
			if *update {
				if err := os.WriteFile(golden, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func shown(list []Target, err error) string {
	var faults fault.Errors
	if errors.As(err, &faults) {
		return faults.Error() + "\n"
	}
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	var b strings.Builder
	for _, t := range list {
		fmt.Fprintf(&b, "%s: %q %q %q %q\n", t.Name, t.Choice.Cloud, t.Choice.Region, t.Inputs, t.Tags)
	}
	return b.String()
}

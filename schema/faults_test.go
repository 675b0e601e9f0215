package schema

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// TestFaults loads every archive in testdata/faults and compares all that is
// said of it. The archive's comment explains the case, in its last line may be
// the inputs ("inputs: …") and tags ("tags: …").
func TestFaults(t *testing.T) {
	names, err := filepath.Glob("testdata/faults/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			c := unpack(t, name)
			_, err := Load(c.options)
			if err == nil {
				t.Fatal("it loads")
			}
			if _, ok := err.(Errors); !ok {
				t.Errorf("the error is a %T", err)
			}
			got := strings.ReplaceAll(err.Error(), c.options.Dir, "DIR") + "\n"
			if *update {
				c.rewrite(t, got)
				return
			}
			if got != c.want {
				t.Errorf("got:\n%swant:\n%s", got, c.want)
			}
		})
	}
}

func put(t testing.TB, dir, name string, data []byte) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

package picture_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/compiler"
	"sgc.dev/sgc/picture"
	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// graph loads a policy.
func graph(t testing.TB, input string) (*reach.View, reach.Graph) {
	t.Helper()
	policies, err := schema.Load(schema.Options{Inputs: []string{input}})
	if err != nil {
		t.Fatal(err)
	}
	set, err := compiler.Compile(policies[0], compiler.Options{Minimize: access.Off})
	if err != nil {
		t.Fatal(err)
	}
	view := reach.New(set)
	return view, view.Graph()
}

func catalog(t testing.TB) []rule.Service {
	t.Helper()
	list, err := schema.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	var services []rule.Service
	for _, s := range list {
		services = append(services, compiler.Service(s))
	}
	return services
}

// program is sgc-graphviz, built once for all tests.
var program struct {
	sync.Once
	dir string
	err error
}

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(program.dir)
	os.Exit(code)
}

// graphviz is the program that sgc runs for a drawing.
func graphviz(t testing.TB) picture.Placer {
	t.Helper()
	program.Do(func() {
		if program.dir, program.err = os.MkdirTemp("", "picture-test-"); program.err != nil {
			return
		}
		out, err := exec.Command("go", "build", "-o", program.dir+string(filepath.Separator), "sgc.dev/sgc/cmd/sgc-graphviz").CombinedOutput()
		if err != nil {
			program.err = fmt.Errorf("%w: %s", err, out)
		}
	})
	if program.err != nil {
		t.Fatal(program.err)
	}
	return func(graph []byte) ([]byte, error) {
		cmd := exec.Command(filepath.Join(program.dir, "sgc-graphviz"))
		cmd.Env = append(os.Environ(), "TMPDIR="+program.dir)
		cmd.Stdin = bytes.NewReader(graph)
		return cmd.Output()
	}
}

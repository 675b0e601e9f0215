package export

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"sgc.dev/sgc/rule"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

func written(t *testing.T, f Format, sets ...*rule.Set) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f, sets); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	policies := map[string][]*rule.Set{
		"three-tier": {threeTier()},
		"hostile":    {hostile()},
	}
	for name, sets := range policies {
		for _, f := range []Format{Sh} {
			t.Run(name+"."+string(f), func(t *testing.T) {
				got := written(t, f, sets...)
				golden(t, filepath.Join("testdata", name+"."+string(f)), got)
			})
		}
	}
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run go test ./export -update and look at the change\n%s", file, got)
	}
}

package draft

import (
	"os"
	"path/filepath"
	"testing"

	"sgc.dev/sgc/statefile"
)

// FuzzImport: whatever a saved state is, it is refused when it is read, or imported and
// proven.
func FuzzImport(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(estates, "*", "state.json"))
	if err != nil || files == nil {
		f.Fatal("no estates", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, true)
	}
	for seed := range uint64(10) {
		f.Add(newEstate(4000+seed, 2, 3).json(), seed%2 == 0)
	}
	catalog := services(f)
	f.Fuzz(func(t *testing.T, data []byte, all bool) {
		var saved statefile.Files
		if saved.Add(data) != nil {
			return
		}
		if s, lacking, err := saved.State(); err == nil && lacking == "" {
			importState(t, catalog, s, nil, Options{Name: "mine", Package: "mine", Managed: all, Owned: all})
		}
	})
}

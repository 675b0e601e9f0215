package source

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// packages is every folder at or below dir that holds CUE files, as cue's own
// patterns have it: not below names that start with a dot or an underscore, nor
// below cue.mod or testdata.
func packages(dir string) ([]string, error) {
	found := map[string]bool{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() {
			hidden := strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
			if p != dir && (hidden || name == "testdata" || name == cueModDir) {
				return filepath.SkipDir
			}
			return nil
		}
		if isSource(d.Name()) {
			found[filepath.Dir(p)] = true
		}
		return nil
	})
	folders := make([]string, 0, len(found))
	for folder := range found {
		folders = append(folders, folder)
	}
	slices.Sort(folders)
	return folders, err
}

// hasSources says whether CUE files are in a folder itself.
func hasSources(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !e.IsDir() && isSource(e.Name()) })
}

// moduleRoot is the nearest folder at or above dir with a cue.mod.
func moduleRoot(dir string) (root string, ok bool) {
	for {
		if info, err := os.Stat(filepath.Join(dir, cueModDir)); err == nil && info.IsDir() {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

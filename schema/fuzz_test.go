package schema

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"sgc.dev/sgc/schema/guard"
)

// FuzzLoad loads anything as a policy. It must come back with policies or with
// faults that say where they are; what is more than CUE can evaluate in time is
// passed over.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"testdata/faults/*.txtar", "testdata/policies/*.txtar"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			for _, file := range txtar.Parse(data).Files {
				if filepath.Ext(file.Name) == ".cue" && len(file.Data) < 4000 {
					f.Add(file.Data)
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		dir := t.TempDir()
		put(t, dir, "policy.cue", source)
		type result struct {
			policies []*Policy
			err      error
		}
		done := make(chan result, 1)
		go func() {
			policies, err := Load(Options{Dir: dir, Limits: guard.Limits{Nesting: 100, Values: 10_000}})
			done <- result{policies, err}
		}()
		var r result
		select {
		case r = <-done:
		case <-time.After(5 * time.Second):
			t.Skip("more than can be evaluated in time: guard.TestGuard shows that such a policy ends")
		}
		if r.err == nil {
			if len(r.policies) != 1 || r.policies[0].Name == "" {
				t.Errorf("it loads as %v", r.policies)
			}
			return
		}
		var faults Errors
		if !errors.As(r.err, &faults) || len(faults) == 0 {
			t.Fatalf("the error is a %T: %v", r.err, r.err)
		}
		for _, e := range faults {
			if e.Pos.File == "" || e.Message == "" {
				t.Errorf("without a place or words: %#v", e)
			}
		}
	})
}

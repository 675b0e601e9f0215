package schema

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBeside: a file beside those of a package is part of it, however the package is named,
// and is on no disk.
func TestBeside(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "p.cue"), []byte("package p\n\nname: \"p\"\ntiers: web: ingress: http: from: [\"public\"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Load(Options{Dir: dir, Inputs: []string{"."}, Beside: []byte("package q\n")})
	if err == nil || !strings.Contains(err.Error(), `the file beside:1:1: package name "q" conflicts with previous package name "p"`) {
		t.Error(err)
	}
	for _, input := range []string{".", "./...", ".:p", "p.cue"} {
		for beside, want := range map[string]string{
			"package p\ntiers: [string]: egress: any: to: [\"public\"]\ntiers: db: ingress: ssh: from: [\"web\"]\n": "db web",
			"package p\ntiers: db: x: 1\n": `the file beside:2:12: tiers.db.x: unknown field "x"`,
			"package p\ntiers: db: {\n":    `the file beside:2:14: a "}" is missing`,
		} {
			policies, err := Load(Options{Dir: dir, Inputs: []string{input}, Beside: []byte(beside)})
			got := ""
			switch {
			case err != nil:
				got = err.Error()
			default:
				var tiers []string
				for _, tier := range policies[0].Tiers {
					if len(tier.Rules) != 2 {
						t.Errorf("tier %s has %d rules", tier.Name, len(tier.Rules))
					}
					tiers = append(tiers, tier.Name)
				}
				got = strings.Join(tiers, " ")
			}
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s, not %s", input, got, want)
			}
		}
	}
}

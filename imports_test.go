package sgc

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestImports holds the packages to the way that data takes through them: what
// each may import of this module, and which packages may do more than compute.
func TestImports(t *testing.T) {
	const module = "sgc.dev/sgc/"
	// The arrows of CONTRIBUTING.md. cmd/sgc may import everything.
	allowed := map[string][]string{
		"rule":     {},
		"access":   {"rule"},
		"schema":   {"rule", "schema/explain", "schema/value", "schema/source", "schema/guard", "schema/written", "schema/fault"},
		"compiler": {"rule", "access", "schema"},
		"lint":     {"rule", "access", "schema"},
		"diff":     {"rule", "access"},
		"plan":     {"rule", "access", "diff"},
		"reach":    {"rule"},
		"picture":  {"rule", "reach", "diff"},
		"export":   {"rule"},
		"clouds":   {"rule"},
		"neutron":  {"rule", "plan", "clouds", "neutron/transport", "neutron/wire"},
		"carryout": {"rule", "plan", "neutron"},
		"apply":    {"rule", "plan", "neutron", "carryout"},
		"drift":    {"rule", "access", "lint", "diff", "plan", "report"},
		"draft":    {"rule", "access", "schema", "plan"},
		"report":   {"rule", "schema", "lint"},
		"targets":  {"rule", "clouds", "schema", "schema/explain", "schema/value", "schema/source", "schema/guard", "schema/written", "schema/fault"},

		// The way from text to a policy, from its end to its beginning.
		"schema/explain": {"rule", "schema/slip", "schema/value", "schema/source", "schema/written", "schema/fault"},
		"schema/slip":    {"rule", "schema/source", "schema/fault"},
		"schema/value":   {"rule", "schema/source", "schema/written", "schema/fault"},
		"schema/source":  {"rule", "schema/guard", "schema/written", "schema/fault"},
		"schema/guard":   {"rule", "schema/written", "schema/fault"},
		"schema/written": {"rule"},
		"schema/fault":   {"rule"},

		"neutron/transport": {"neutron/wire"},
		"neutron/wire":      {"rule"},
		"statefile":         {"rule", "plan", "neutron/wire"},

		"sandbox":             {"sandbox/keystone", "sandbox/tables", "sandbox/api"},
		"sandbox/keystone":    {"sandbox/api"},
		"sandbox/tables":      {"sandbox/api"},
		"sandbox/api":         {},
		"sandbox/sandboxtest": {"sandbox"},
	}
	// Packages that touch neither files, network, clock nor terminal; the last two leave that
	// to the client.
	pure := []string{"rule", "neutron/wire", "access", "compiler", "lint", "diff", "plan", "reach", "picture", "drift", "draft", "schema/slip", "schema/written", "schema/fault", "carryout", "apply"}
	impure := []string{"os", "os/exec", "net", "net/http", "time", "path/filepath", "github.com/urfave/cli/v2", "golang.org/x/term"}

	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		name, imports := strings.TrimPrefix(fields[0], module), fields[1:]
		may, listed := allowed[name]
		if !listed {
			if name != "cmd/sgc" && slices.ContainsFunc(imports, func(i string) bool { return strings.HasPrefix(i, module) }) {
				t.Errorf("package %s is not in the table above", name)
			}
			continue
		}
		seen++
		for _, path := range imports {
			if own, ok := strings.CutPrefix(path, module); ok && !slices.Contains(may, own) {
				t.Errorf("%s imports %s", name, own)
			}
			if slices.Contains(pure, name) && slices.Contains(impure, path) {
				t.Errorf("%s is pure, and imports %s", name, path)
			}
		}
	}
	if seen != len(allowed) {
		t.Errorf("%d packages of the table exist, not %d", seen, len(allowed))
	}
}

package report

import (
	"bytes"
	"encoding/json"
	"io"

	"sgc.dev/sgc/rule"
)

// writeLean writes a SARIF document without the properties that only repeat what
// the standard takes for granted where they are absent: the go-sarif types have
// no way to leave them out.
func writeLean(w io.Writer, document any) error {
	whole, err := json.Marshal(document)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(whole))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return err
	}
	dropDefaults(tree)
	e := json.NewEncoder(rule.PrintableJSON(w))
	e.SetIndent("", "  ")
	return e.Encode(tree)
}

// dropDefaults takes out, at any depth, empty arrays and objects, and the numbers that stand
// for "none" by the standard's schema. A run without results and a tool without
// rules keep their empty lists: the first says that the run looked and found
// nothing, the second is asked for by GitHub's code scanning.
func dropDefaults(tree any) {
	switch tree := tree.(type) {
	case []any:
		for _, item := range tree {
			dropDefaults(item)
		}
	case map[string]any:
		for name, value := range tree {
			if isDefault(name, value) {
				delete(tree, name)
				continue
			}
			dropDefaults(value)
		}
	}
}

func isDefault(name string, value any) bool {
	switch name {
	case "results", "rules":
		return false
	case "index", "ruleIndex", "id", "rank", "byteOffset", "charOffset":
		return value == json.Number("-1")
	}
	switch value := value.(type) {
	case []any:
		return len(value) == 0
	case map[string]any:
		return len(value) == 0
	}
	return false
}

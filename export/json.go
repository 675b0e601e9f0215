package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"sgc.dev/sgc/rule"
)

// writeJSON writes a [Document] piece by piece, which takes the memory of a few
// groups instead of that of all.
func writeJSON(w io.Writer, sets []*rule.Set) error {
	fmt.Fprintf(w, "{\n  \"version\": %d,\n  \"policies\": [", Version)
	for i, set := range sets {
		frame, err := indentedJSON(newFrame(set), "    ")
		if err != nil {
			return err
		}
		// A policy's name is a plain word, so the first of these is the field.
		before, after, _ := bytes.Cut(frame, []byte(`"groups": [`))
		fmt.Fprintf(w, "%s\n    %s\"groups\": [", comma(i), before)
		if err := inOrder(w, len(set.Groups), func(j int) ([]byte, error) {
			text := bytes.NewBufferString(comma(j) + "\n        ")
			err := groupJSON(text, set.Policy, set.Groups[j])
			return text.Bytes(), err
		}); err != nil {
			return err
		}
		if len(set.Groups) > 0 {
			io.WriteString(w, "\n      ")
		}
		w.Write(after)
	}
	if len(sets) > 0 {
		io.WriteString(w, "\n  ")
	}
	_, err := io.WriteString(w, "]\n}\n")
	return err
}

// groupJSON writes a group rule by rule: the encoder copies what it indents.
func groupJSON(w *bytes.Buffer, policy string, g rule.Group) error {
	rules := g.Rules
	g.Rules = nil
	frame, err := indentedJSON(newGroup(policy, g), "        ")
	if err != nil || len(rules) == 0 {
		w.Write(frame)
		return err
	}
	w.Write(bytes.TrimSuffix(frame, []byte("]\n        }"))) // the rules stand last
	for i, r := range rules {
		text, err := indentedJSON(newRule(r), "            ")
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\n            %s", comma(i), text)
	}
	w.WriteString("\n          ]\n        }")
	return nil
}

// comma comes before an element of a list.
func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

// indentedJSON is a value whose lines after the first start with prefix.
func indentedJSON(v any, prefix string) ([]byte, error) {
	var text bytes.Buffer
	e := json.NewEncoder(rule.PrintableJSON(&text))
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, "  ")
	err := e.Encode(v)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}

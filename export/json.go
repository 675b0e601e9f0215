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
		var frame bytes.Buffer
		if err := indentedJSON(&frame, "    ").encode(newFrame(set)); err != nil {
			return err
		}
		// A policy's name is a plain word, so the first of these is the field.
		before, after, _ := bytes.Cut(frame.Bytes(), []byte(`"groups": [`))
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
	if err := indentedJSON(w, "        ").encode(newGroup(policy, g)); err != nil || len(rules) == 0 {
		return err
	}
	w.Truncate(w.Len() - len("]\n        }")) // the rules stand last
	w.Grow(len(rules) << 10)                  // about as long as one is
	e := indentedJSON(w, "            ")
	for i, r := range rules {
		w.WriteString(comma(i) + "\n            ")
		if err := e.encode(newRule(r)); err != nil {
			return err
		}
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

// jsonEncoder adds values to a text, without a new line after each.
type jsonEncoder struct {
	text *bytes.Buffer
	*json.Encoder
}

// indentedJSON encodes values whose lines after the first start with prefix.
func indentedJSON(text *bytes.Buffer, prefix string) jsonEncoder {
	e := jsonEncoder{text, json.NewEncoder(rule.PrintableJSON(text))}
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, "  ")
	return e
}

func (e jsonEncoder) encode(v any) error {
	if err := e.Encode(v); err != nil {
		return err
	}
	e.text.Truncate(e.text.Len() - len("\n"))
	return nil
}

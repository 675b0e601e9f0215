package export

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

// writeYAML writes a document group by group: the encoder keeps all of what it
// is given in memory, at hundreds of times its length.
func writeYAML(w io.Writer, d Document) error {
	if len(d.Policies) == 0 {
		return block(w, "", d)
	}
	if _, err := fmt.Fprintf(w, "version: %d\npolicies:\n", d.Version); err != nil {
		return err
	}
	for _, p := range d.Policies {
		groups := p.Groups
		p.Groups = []Group{}
		var whole strings.Builder
		if err := block(&whole, "  ", []Policy{p}); err != nil {
			return err
		}
		// A policy's name is one line, so this is the field.
		const none = "\n    groups: []\n"
		before, after, ok := strings.Cut(whole.String(), none)
		if !ok || len(groups) == 0 {
			before, after, groups = whole.String(), "", nil
		} else {
			before += "\n    groups:\n"
		}
		if _, err := io.WriteString(w, before); err != nil {
			return err
		}
		for _, g := range groups {
			if err := block(w, "      ", []Group{g}); err != nil {
				return err
			}
		}
		if _, err := io.WriteString(w, after); err != nil {
			return err
		}
	}
	return nil
}

// block writes a value with every line moved to the right. The indentation of
// block scalars counts from their parent, so texts stay what they are.
func block(w io.Writer, indent string, v any) error {
	var text bytes.Buffer
	e := yaml.NewEncoder(&text)
	e.SetIndent(2)
	if err := e.Encode(v); err != nil {
		return err
	}
	if err := e.Close(); err != nil {
		return err
	}
	var moved bytes.Buffer
	for line := range bytes.Lines(text.Bytes()) {
		if len(line) > 1 {
			moved.WriteString(indent)
		}
		moved.Write(line)
	}
	_, err := w.Write(moved.Bytes())
	return err
}

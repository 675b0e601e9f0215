package export

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"sgc.dev/sgc/rule"
)

// atOnce is how many rules the encoder gets.
const atOnce = 500

// writeYAML writes a [Document] piece by piece: the encoder keeps all of what it
// is given in memory, at hundreds of times its length.
func writeYAML(w io.Writer, sets []*rule.Set) error {
	fmt.Fprintf(w, "version: %d\npolicies:", Version)
	if len(sets) == 0 {
		io.WriteString(w, " []")
	}
	io.WriteString(w, "\n")
	for _, set := range sets {
		frame, err := indentedYAML([]Policy{newFrame(set)}, "  ")
		if err != nil {
			return err
		}
		if len(set.Groups) == 0 {
			w.Write(frame)
			continue
		}
		// A policy's name is a plain word, so the first of these is the field.
		before, after, _ := bytes.Cut(frame, []byte("groups: []\n"))
		fmt.Fprintf(w, "%sgroups:\n", before)
		if err := inOrder(w, len(set.Groups), func(i int) ([]byte, error) {
			return groupYAML(set.Policy, set.Groups[i])
		}); err != nil {
			return err
		}
		w.Write(after)
	}
	return nil
}

// groupYAML is a group in the list of them.
func groupYAML(policy string, g rule.Group) ([]byte, error) {
	rules := g.Rules
	g.Rules = nil
	text, err := indentedYAML([]Group{newGroup(policy, g)}, "      ")
	if err != nil || len(rules) == 0 {
		return text, err
	}
	text = bytes.TrimSuffix(text, []byte(" []\n")) // the rules stand last
	text = append(text, '\n')
	for some := range slices.Chunk(rules, atOnce) {
		more, err := indentedYAML(each(some, newRule), "          ")
		if err != nil {
			return nil, err
		}
		text = append(text, more...)
	}
	return text, nil
}

// Text is words of an author's.
type Text string

// MarshalYAML gives double quotes to what the encoder leaves bare and readers of YAML 1.1 take
// for something else: "=", and what begins as a day does, as 2027-13-99; to what would have lines
// of its own; and to what [spelled] has to spell.
func (t Text) MarshalYAML() (any, error) {
	s := string(t)
	if s != "=" && !beginsAsDay(s) && !strings.Contains(s, "\n") && spelled(s) == s {
		return s, nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: yaml.DoubleQuotedStyle}, nil
}

// beginsAsDay says whether a text begins with a year and a dash.
func beginsAsDay(s string) bool {
	return len(s) > 4 && s[4] == '-' && strings.Trim(s[:4], "0123456789") == ""
}

// spelled writes as escapes of YAML what [rule.Printable] does not show to terminals and logs.
func spelled(text string) string {
	var b strings.Builder
	for _, r := range strings.NewReplacer("##[", `#\x23[`, "##vso[", `#\x23vso[`).Replace(text) {
		if r == '\n' || unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}

// indentedYAML is a value with every line moved to the right.
func indentedYAML(v any, indent string) ([]byte, error) {
	var text, moved bytes.Buffer
	e := yaml.NewEncoder(&text)
	e.SetIndent(2)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	if err := e.Close(); err != nil {
		return nil, err
	}
	for line := range strings.Lines(spelled(text.String())) {
		if len(line) > 1 {
			moved.WriteString(indent)
		}
		moved.WriteString(line)
	}
	return moved.Bytes(), nil
}

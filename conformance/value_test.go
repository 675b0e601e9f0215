package conformance

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// What a value in a case means that JSON has no word for.
type (
	raw      string   // !raw TEXT: a body that is sent as it is
	absent   struct{} // <absent>: there is no such key
	present  struct{} // <present>: something, and no empty text
	starting string   // <starting TEXT>: a text that starts so
	above    float64  // <above N>: a number greater than N
	exactly  object   // !exactly {…}: these keys and no others
	ordered  []any    // !ordered […]: these items in this order
	among    []any    // !among […]: these items, and maybe others
)

// parseValue reads a value as JSON has it, and what its tags say.
func parseValue(node *yaml.Node) (any, error) {
	switch node.Kind {
	case yaml.MappingNode:
		o := object{}
		for i := 0; i < len(node.Content); i += 2 {
			key := node.Content[i].Value
			value, err := parseValue(node.Content[i+1])
			if err != nil {
				return nil, err
			}
			if _, twice := o[key]; twice {
				return nil, fmt.Errorf("line %d: %q is there twice", node.Content[i].Line, key)
			}
			o[key] = value
		}
		if node.Tag == "!exactly" {
			return exactly(o), nil
		}
		return o, unknownTag(node)
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range node.Content {
			value, err := parseValue(item)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		switch node.Tag {
		case "!ordered":
			return ordered(list), nil
		case "!among":
			return among(list), nil
		}
		return list, unknownTag(node)
	case yaml.ScalarNode:
		return parseScalar(node)
	case yaml.AliasNode:
		return parseValue(node.Alias)
	}
	return nil, fmt.Errorf("line %d: no value of JSON", node.Line)
}

// repeated is how a text says that a character is there many times: {x*256}.
var repeated = regexp.MustCompile(`\{(.)\*([0-9]+)\}`)

func repeat(text string) string {
	return repeated.ReplaceAllStringFunc(text, func(found string) string {
		parts := repeated.FindStringSubmatch(found)
		n, _ := strconv.Atoi(parts[2]) // of digits
		return strings.Repeat(parts[1], n)
	})
}

func parseScalar(node *yaml.Node) (any, error) {
	switch node.Tag {
	case "!raw":
		return raw(node.Value), nil
	case "!!null":
		return nil, nil
	case "!!bool":
		return strconv.ParseBool(node.Value)
	case "!!int", "!!float":
		var n float64
		err := node.Decode(&n)
		return n, err
	case "!!str":
		var least float64
		if _, err := fmt.Sscanf(node.Value, "<above %g>", &least); err == nil {
			return above(least), nil
		}
		if start, ok := strings.CutPrefix(node.Value, "<starting "); ok {
			return starting(strings.TrimSuffix(start, ">")), nil
		}
		switch node.Value {
		case "<absent>":
			return absent{}, nil
		case "<present>":
			return present{}, nil
		}
		return repeat(node.Value), nil
	}
	return nil, unknownTag(node)
}

func unknownTag(node *yaml.Node) error {
	if strings.HasPrefix(node.Tag, "!!") && node.Tag != "!!timestamp" {
		return nil
	}
	return fmt.Errorf("line %d: unknown tag %s", node.Line, node.Tag)
}

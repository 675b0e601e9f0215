package tables

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"sgc.dev/sgc/sandbox/api"
)

// What follows are Neutron's checks and conversions of single values, with its words.

// checkString accepts a string of at most max characters.
func checkString(max int) func(any) (string, error) {
	return func(v any) (string, error) { return stringReason(v, max), nil }
}

func stringReason(v any, max int) string {
	s, ok := v.(string)
	switch {
	case !ok:
		return "'" + api.Text(v) + "' is not a valid string"
	case utf8.RuneCountInString(s) > max:
		return fmt.Sprintf("'%s' exceeds maximum length of %d", s, max)
	}
	return ""
}

// checkValues accepts one of some strings.
func checkValues(values ...string) func(any) (string, error) {
	return func(v any) (string, error) {
		for _, value := range values {
			if v == value {
				return "", nil
			}
		}
		return api.Text(v) + " is not in valid_values", nil
	}
}

// checkUUIDs accepts a list of different UUIDs.
func checkUUIDs(v any) (string, error) {
	if reason := listReason(v); reason != "" {
		return reason, nil
	}
	for _, item := range v.([]any) {
		if s, ok := item.(string); !ok || !isUUID(s) {
			return "'" + api.Text(item) + "' is not a valid UUID", nil
		}
	}
	return "", nil
}

// isUUID takes the digits of a UUID, with dashes anywhere.
func isUUID(s string) bool {
	b, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	return err == nil && len(b) == 16
}

// listReason says what is wrong with a list of different values.
func listReason(v any) string {
	list, ok := v.([]any)
	if !ok {
		return "'" + api.Text(v) + "' is not a list"
	}
	seen := map[string]bool{}
	for _, item := range list {
		if key := api.Repr(item); seen[key] {
			return "Duplicate items in the list: '" + api.Text(item) + "'"
		} else {
			seen[key] = true
		}
	}
	return ""
}

// toBoolean is convert_to_boolean of neutron-lib: the words that oslo.utils knows.
func toBoolean(v any) (any, error) {
	switch strings.ToLower(strings.TrimSpace(api.Text(v))) {
	case "true", "t", "1", "on", "y", "yes":
		return true, nil
	case "false", "f", "0", "off", "n", "no":
		return false, nil
	}
	return nil, api.InvalidInput("'%s' cannot be converted to boolean", api.Text(v))
}

// toInteger is convert_to_int of neutron-lib.
func toInteger(v any) (any, error) {
	if n, ok := api.Integer(v); ok {
		return n, nil
	}
	return nil, api.InvalidInput("'%s' is not an integer", api.Text(v))
}

// noneToEmpty is convert_none_to_empty_list of neutron-lib.
func noneToEmpty(v any) (any, error) {
	if v == nil {
		return []any{}, nil
	}
	return v, nil
}

// storable reports whether a database with three bytes a character takes the text.
func storable(s string) bool {
	for _, r := range s {
		if r > 0xffff {
			return false
		}
	}
	return true
}

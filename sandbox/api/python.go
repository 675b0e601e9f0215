package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Text is a value of JSON in the words of Neutron's messages: as Python's str writes it.
func Text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return Repr(v)
}

// Repr is a value of JSON as Python's repr writes it.
func Repr(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case json.Number:
		return v.String()
	case string:
		quote := "'"
		if strings.Contains(v, "'") && !strings.Contains(v, `"`) {
			quote = `"`
		}
		return quote + v + quote
	case []string:
		return ListRepr(v)
	case []any:
		return ListRepr(v)
	case Object:
		var items []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			items = append(items, Repr(key)+": "+Repr(v[key]))
		}
		return "{" + strings.Join(items, ", ") + "}"
	}
	return fmt.Sprint(v)
}

// ListRepr is a list as Python's repr writes it.
func ListRepr[E any](list []E) string {
	var items []string
	for _, item := range list {
		items = append(items, Repr(item))
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// Falsy reports whether Python's "if v" would not hold.
func Falsy(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case json.Number:
		f, err := v.Float64()
		return err == nil && f == 0
	case []any:
		return len(v) == 0
	case Object:
		return len(v) == 0
	}
	return false
}

// Integer is Python's int(v): of a number, of a truth value, of digits with
// blanks around them and single underscores between them.
func Integer(v any) (int, bool) {
	switch v := v.(type) {
	case int:
		return v, true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	case json.Number:
		if n, err := strconv.Atoi(v.String()); err == nil {
			return n, true
		}
		f, err := v.Float64()
		return int(f), err == nil && f > -1e15 && f < 1e15
	case string:
		s := strings.TrimSpace(v)
		if strings.HasPrefix(s, "_") || strings.HasSuffix(s, "_") || strings.Contains(s, "__") {
			return 0, false
		}
		n, err := strconv.Atoi(strings.ReplaceAll(s, "_", ""))
		return n, err == nil
	}
	return 0, false
}

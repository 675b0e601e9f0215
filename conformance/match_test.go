package conformance

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// match compares an answer with what a case wants of it. An object has the wanted
// keys, and others count for nothing; a list has the wanted items in any order; a
// variable that has no value takes the one it finds. The variables are returned
// with those, and vars is left as it is.
func match(want, got any, vars variables) (variables, error) {
	switch want := want.(type) {
	case object:
		return matchObject(want, got, vars)
	case exactly:
		have, _ := got.(object)
		for name := range have {
			if _, wanted := want[name]; !wanted {
				return vars, fmt.Errorf("%s is there", name)
			}
		}
		return matchObject(object(want), got, vars)
	case []any:
		return matchList(want, got, vars, false, true)
	case among:
		return matchList(want, got, vars, false, false)
	case ordered:
		return matchList(want, got, vars, true, true)
	case present:
		if got == nil || got == "" {
			return vars, fmt.Errorf("is %s", show(got))
		}
		return vars, nil
	case starting:
		start, err := vars.text(string(want))
		if err != nil {
			return vars, err
		}
		if text, ok := got.(string); !ok || !strings.HasPrefix(text, start) {
			return vars, fmt.Errorf("is %s, and does not start with %q", show(got), start)
		}
		return vars, nil
	case above:
		if n, ok := got.(float64); !ok || n <= float64(want) {
			return vars, fmt.Errorf("is %s, not above %v", show(got), float64(want))
		}
		return vars, nil
	case string:
		if name, ok := wholeVariable(want); ok && !vars.has(name) {
			if got == nil {
				return vars, fmt.Errorf("$%s cannot be null", name)
			}
			return vars.with(name, got), nil
		}
		expanded, err := vars.expand(want)
		if err != nil {
			return vars, err
		}
		if expanded != got {
			return vars, fmt.Errorf("is %s, not %s", show(got), show(expanded))
		}
		return vars, nil
	}
	if want != got {
		return vars, fmt.Errorf("is %s, not %s", show(got), show(want))
	}
	return vars, nil
}

func matchObject(want object, got any, vars variables) (variables, error) {
	have, ok := got.(object)
	if !ok {
		return vars, fmt.Errorf("is %s, not an object", show(got))
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		value, there := have[name]
		if want[name] == any(absent{}) {
			if there {
				return vars, fmt.Errorf("%s is there: %s", name, show(value))
			}
			continue
		}
		if !there {
			return vars, fmt.Errorf("%s is not there", name)
		}
		next, err := match(want[name], value, vars)
		if err != nil {
			return vars, fmt.Errorf("%s: %w", name, err)
		}
		vars = next
	}
	return vars, nil
}

func matchList(want []any, got any, vars variables, inOrder, whole bool) (variables, error) {
	have, ok := got.([]any)
	if !ok {
		return vars, fmt.Errorf("is %s, not a list", show(got))
	}
	if len(have) < len(want) || whole && len(have) > len(want) {
		return vars, fmt.Errorf("has %d items, not %d: %s", len(have), len(want), show(have))
	}
	if !inOrder {
		if found, ok := assign(want, have, vars); ok {
			return found, nil
		}
		return vars, fmt.Errorf("the items are not those: %s", show(have))
	}
	for i := range want {
		next, err := match(want[i], have[i], vars)
		if err != nil {
			return vars, fmt.Errorf("item %d: %w", i, err)
		}
		vars = next
	}
	return vars, nil
}

// assign finds an item of its own for each wanted one.
func assign(want, have []any, vars variables) (variables, bool) {
	if len(want) == 0 {
		return vars, true
	}
	for i := range have {
		next, err := match(want[0], have[i], vars)
		if err != nil {
			continue
		}
		if found, ok := assign(want[1:], slices.Delete(slices.Clone(have), i, i+1), next); ok {
			return found, true
		}
	}
	return vars, false
}

func show(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

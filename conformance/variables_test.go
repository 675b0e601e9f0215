package conformance

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
)

// A place is a Keystone and a Neutron that one case is put to: the sandbox, or a
// real cloud. Nothing of other cases is in the projects of its parties.
type place interface {
	// party is a caller: "member" and "other" have the role member in a project of
	// their own, "admin" is the administrator; "credential" is an application
	// credential of member.
	party(name string) (party, error)
}

// A party is a caller of the services, and what a case may say of it: $project
// is member's, $other.project another's.
type party struct {
	keystone, neutron string // addresses, without a version
	facts             map[string]string
}

// facts are those of member, and the word of the case.
func facts() []string {
	return []string{"project", "project_name", "user", "user_name", "password", "token", "keystone", "network", "word"}
}

// variables are what texts of a case may name: $name.
type variables struct {
	place    place
	captured map[string]any // from answers, and $word, which is another in each case
}

// variable is how a text names one.
var variable = regexp.MustCompile(`\$(?:(?:member|other|admin|credential)\.[a-z_]+|[a-z][a-z0-9_]*)`)

func wholeVariable(text string) (string, bool) {
	if text == "" || variable.FindString(text) != text {
		return "", false
	}
	return text[1:], true
}

// value is that of a variable: what an answer said, else a fact of a party.
func (v variables) value(name string) (any, error) {
	if value, ok := v.captured[name]; ok {
		return value, nil
	}
	who, fact, ok := strings.Cut(name, ".")
	if !ok {
		who, fact = "member", name
	}
	p, err := v.place.party(who)
	if err != nil {
		return nil, err
	}
	value, ok := p.facts[fact]
	if !ok {
		return nil, fmt.Errorf("$%s has no value", name)
	}
	return value, nil
}

func (v variables) has(name string) bool {
	_, err := v.value(name)
	return err == nil
}

func (v variables) with(name string, value any) variables {
	captured := maps.Clone(v.captured)
	captured[name] = value
	return variables{v.place, captured}
}

// expand puts values for variables, in a value of a case.
func (v variables) expand(value any) (any, error) {
	switch value := value.(type) {
	case object:
		o := object{}
		for name, inner := range value {
			var err error
			if o[name], err = v.expand(inner); err != nil {
				return nil, err
			}
		}
		return o, nil
	case []any:
		list := []any{}
		for _, inner := range value {
			item, err := v.expand(inner)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		return list, nil
	case string:
		if name, ok := wholeVariable(value); ok {
			return v.value(name)
		}
		return v.text(value)
	}
	return value, nil
}

// text puts values for the variables in a text.
func (v variables) text(text string) (string, error) {
	var failed error
	expanded := variable.ReplaceAllStringFunc(text, func(found string) string {
		value, err := v.value(found[1:])
		if err != nil {
			failed = err
		}
		return fmt.Sprint(value)
	})
	return expanded, failed
}

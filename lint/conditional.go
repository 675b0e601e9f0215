package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// idleConditionals is SGC029. A regular expression may be there for other policies that
// share the file, so it gets a note.
func idleConditionals(v *view) []found {
	var list []found
	for _, c := range v.Conditionals {
		pattern, err := regexp.Compile(c.Names)
		kind, names := v.namesIn(c.In)
		if err != nil || c.Names != "" && slices.ContainsFunc(names, pattern.MatchString) {
			continue
		}
		is := "a definition"
		if c.Text[0] == '_' {
			is = "hidden"
		}
		message := fmt.Sprintf("%s is %s, not a %s, and nothing refers to it; write %q, or remove it", c.Text, is, kind, c.Name+":")
		switch near := rule.Closest(c.Name, names); {
		case c.Names == "":
		case strings.HasPrefix(c.Text, "[!=") && near != "":
			message = fmt.Sprintf("%s leaves out no %s, and so means all of them; did you mean %q?", c.Text, kind, near)
		case strings.HasPrefix(c.Text, "[!="):
			message = fmt.Sprintf("%s leaves out no %s, and so means all of them; correct it, or write [string]", c.Text, kind)
		case c.Name != "" && near != "":
			message = fmt.Sprintf("%s matches no %s and has no effect; did you mean %q?", c.Text, kind, near)
		case c.Name != "":
			message = fmt.Sprintf("%s matches no %s and has no effect; write %q for one, or remove it", c.Text, kind, c.Name+":")
		default:
			message = fmt.Sprintf("%s matches no %s and has no effect; correct it, or remove it", c.Text, kind)
		}
		known := c.In
		if i := slices.Index(known, ""); i >= 0 {
			known = known[:i]
		}
		f := fire("SGC029", c.Pos, rule.Path("", known...), message, v.Waive)
		f.Level = level("SGC029", c.Name != "")
		list = append(list, f)
	}
	return list
}

// namesIn is what the fields at a path are, and what the policy has there: rules of the
// tiers of that name, where it is known.
func (v *view) namesIn(path []string) (kind string, names []string) {
	if len(path) > 1 {
		for i := range v.Tiers {
			if t := &v.Tiers[i]; path[1] == t.Name || path[1] == "" {
				rules := t.Rules
				if path[2] == "others" {
					rules = t.Others
				}
				for _, r := range rules {
					if r.Direction.String() == path[len(path)-1] {
						names = append(names, r.Key)
					}
				}
			}
		}
		return "rule", names
	}
	switch path[0] {
	case "tiers":
		return "tier", namesOf(v.Tiers, func(t schema.Tier) string { return t.Name })
	case "servers":
		return "server", namesOf(v.Servers, func(s schema.Server) string { return s.Name })
	case "services":
		return "service", namesOf(v.Services, func(s schema.Service) string { return s.Name })
	case "addresses":
		return "address set", namesOf(v.Addresses, func(s schema.AddressSet) string { return s.Name })
	case "groups":
		return "group", namesOf(v.Groups, func(g schema.External) string { return g.Key })
	case "addressGroups":
		return "address group", namesOf(v.AddressGroups, func(g schema.External) string { return g.Key })
	}
	return "assertion", namesOf(v.Asserts, func(a schema.Assertion) string { return a.Title })
}

func namesOf[T any](list []T, name func(T) string) []string {
	var names []string
	for _, item := range list {
		names = append(names, name(item))
	}
	return names
}

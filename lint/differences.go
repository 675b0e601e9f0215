package lint

import (
	"fmt"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// differences is SGC028: each once, whatever takes its port.
func differences(v *view) []found {
	at := map[rule.Pos]schema.Difference{}
	for _, d := range v.Differences {
		at[d.Pos] = d
	}
	var list []found
	look := func(matches []schema.Match, path string, waivers ...[]schema.Waiver) {
		for _, m := range matches {
			if d, ok := at[m.Pos]; ok {
				delete(at, m.Pos)
				list = append(list, fire("SGC028", m.Pos, path, fmt.Sprintf(
					`%s is a difference, %s; write "%s" for the range, or blanks about the "-"`,
					d.Text, rule.Rule{Protocol: m.Protocol, Ports: m.Ports}.Service(), d.Range), waivers...))
			}
		}
	}
	for _, s := range v.Services {
		look(s.Matches, rule.Path("services", s.Name), s.Waive, v.Waive)
	}
	for _, t := range v.Tiers {
		for _, r := range t.Rules {
			if r.OwnPorts {
				look(r.Service.Matches, r.Path, r.Waive, t.Waive, v.Waive)
			}
		}
	}
	return list
}

package drift

import (
	"encoding/json"
	"io"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Version is the version of reports as JSON. It grows when a field changes its meaning or goes.
const Version = 1

// runShape is several reports.
type runShape struct {
	Version int           `json:"version"`
	Targets []reportShape `json:"targets"`
	Failed  []string      `json:"failed,omitempty"`
}

type reportShape struct {
	Version  int            `json:"version,omitempty"`
	Target   string         `json:"target,omitempty"`
	Place    plan.Place     `json:"place"`
	Day      string         `json:"day"`
	Policies []policyShape  `json:"policies"`
	Unowned  []plan.Unowned `json:"unowned"`
	Problems plan.Problems  `json:"problems,omitempty"`
	Coverage *coverageShape `json:"coverage,omitempty"`
	Quota    *quotaShape    `json:"quota,omitempty"`
}

type policyShape struct {
	Policy string       `json:"policy"`
	Groups []groupShape `json:"groups"`
}

type groupShape struct {
	Tier     string        `json:"tier"`
	Name     string        `json:"name"`
	ID       string        `json:"id,omitempty"`
	Verdict  Verdict       `json:"verdict"`
	Why      string        `json:"why,omitempty"`
	More     []changeShape `json:"more"` // what it allows, and should not
	Less     []changeShape `json:"less"` // what it does not allow, and should
	Both     bool          `json:"both,omitempty"`
	Left     int           `json:"leftToOthers,omitempty"`
	Touched  string        `json:"updated,omitempty"`
	Position rule.Pos      `json:"position"`
}

type changeShape struct {
	Access  string        `json:"access"` // in words
	Rule    rule.Rule     `json:"rule"`   // null where sgc cannot express it
	Except  []rule.Rule   `json:"except,omitempty"`
	Rules   []liveShape   `json:"rules,omitempty"` // that allow it
	Expired string        `json:"expired,omitempty"`
	Origins []rule.Origin `json:"origins,omitempty"` // the policy's lines that want it
}

type liveShape struct {
	ID          string `json:"id"`
	Created     string `json:"created,omitempty"`
	Description string `json:"description,omitempty"`
}

type coverageShape struct {
	Groups Share `json:"groups"`
	Ports  Share `json:"ports"`
}

type quotaShape struct {
	Groups roomShape `json:"groups"`
	Rules  roomShape `json:"rules"`
}

type roomShape struct {
	Limit int `json:"limit"` // -1 is none
	Used  int `json:"used"`
}

// JSON writes one document: the report of a project without a name, or those of several targets,
// and which of them could not be looked at.
func JSON(w io.Writer, failed []string, reports ...Report) error {
	e := json.NewEncoder(rule.PrintableJSON(w))
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	run := runShape{Version, []reportShape{}, failed}
	for _, r := range reports {
		run.Targets = append(run.Targets, r.shape())
	}
	if failed == nil && len(reports) == 1 && reports[0].Target == "" {
		run.Targets[0].Version = Version
		return e.Encode(run.Targets[0])
	}
	return e.Encode(run)
}

func (r Report) shape() reportShape {
	shape := reportShape{0, r.Target, r.Place, r.Day, []policyShape{}, append([]plan.Unowned{}, r.Unowned...), r.Problems, (*coverageShape)(r.Coverage), nil}
	if r.Quota != nil {
		shape.Quota = &quotaShape{roomShape(r.Quota.Groups), roomShape(r.Quota.Rules)}
	}
	for _, p := range r.Policies {
		one := policyShape{p.Name, []groupShape{}}
		for _, g := range p.Groups {
			one.Groups = append(one.Groups, groupShape{
				g.Tier, g.Name, g.ID, g.Verdict, g.Why, shapes(g.More), shapes(g.Less), g.Both, g.Left, g.Touched, g.Pos,
			})
		}
		shape.Policies = append(shape.Policies, one)
	}
	return shape
}

func shapes(changes []Change) []changeShape {
	list := []changeShape{}
	for _, c := range changes {
		one := changeShape{Access: c.words(), Rule: c.Rule, Except: c.Except, Expired: c.Expired, Origins: c.Origins}
		for _, l := range c.Rules {
			one.Rules = append(one.Rules, liveShape{l.ID, l.Created, l.Description})
		}
		list = append(list, one)
	}
	return list
}

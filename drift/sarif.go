package drift

import (
	"io"
	"strings"

	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/report"
	"sgc.dev/sgc/rule"
)

var kinds = map[Verdict]report.Kind{
	Drifted: {
		ID: "drifted", Title: "a security group allows what nobody has applied", Level: lint.Warning,
		Page: "The group does not allow what the last apply has left in it: somebody has changed it since. `sgc apply` makes it what the policy says; the tier's `others` accept what others may open, with a reason and a last day.",
	},
	Differs: {
		ID: "differs", Title: "a security group is unlike its policy", Level: lint.Warning,
		Page: "The group does not allow what the policy says, and nothing says what was applied: it may have drifted, or the policy not be applied yet. `sgc apply --fingerprints` leaves a tag in each group by which `sgc drift` can tell.",
	},
	Pending: {
		ID: "pending", Title: "a policy is not applied yet", Level: lint.Note,
		Page: "The group allows what the last apply has left in it, and the policy says otherwise by now. `sgc apply` carries it out.",
	},
}

// SARIF writes reports for code scanners.
func SARIF(w io.Writer, version string, reports ...Report) error {
	var found []report.Live
	var failures []report.Failure
	for _, r := range reports {
		found = append(found, r.Findings()...)
		for _, problem := range r.Problems {
			failures = append(failures, report.Failure(problem))
		}
	}
	return report.WriteLive(w, version, found, failures)
}

// Findings has each access that is not as it should be, at the line of its tier. The next run
// knows one again by target, verdict, policy, tier and access, whatever the ids of rules and the lines of
// the policy are by then.
func (r Report) Findings() (found []report.Live) {
	for _, p := range r.Policies {
		for _, g := range p.Groups {
			for _, line := range g.lines() {
				what, source := line, []string{}
				if len(line) > 2 {
					what, source = line[:2], line[2:]
				}
				text := strings.Join(append([]string{strings.Join(what, " ")}, source...), ": ")
				one := report.Live{
					Kind: kinds[g.Verdict], Pos: g.Pos, Message: rule.Printable(g.Name) + " " + string(g.Verdict) + ": " + text,
					Key: append([]string{p.Name, g.Tier}, what...),
				}
				if r.Target != "" {
					one.Message, one.Key = rule.Printable(r.Target)+": "+one.Message, append(one.Key, r.Target)
				}
				found = append(found, one)
			}
		}
	}
	return found
}

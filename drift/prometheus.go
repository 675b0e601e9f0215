package drift

import (
	"fmt"
	"io"
	"strings"

	"sgc.dev/sgc/rule"
)

// gauge is one figure of Prometheus. Its values are by label.
type gauge struct {
	name, help string
	samples    []string
}

// Prometheus writes reports in Prometheus's text format, as the textfile collector of its node
// exporter takes it: gauges without time stamps. at is when that was, in seconds of Unix time.
func Prometheus(w io.Writer, at int64, reports ...Report) error {
	drifted := &gauge{name: "sgc_drift_drifted", help: "Whether the group allows what nobody has applied."}
	differs := &gauge{name: "sgc_drift_differs", help: "Whether the group is unlike the policy, and it is not known what was applied."}
	pending := &gauge{name: "sgc_drift_pending", help: "Whether the policy says what is not applied to the group."}
	opened := &gauge{name: "sgc_drift_opened", help: "Kinds of access that the group allows and should not."}
	closed := &gauge{name: "sgc_drift_closed", help: "Kinds of access that the group should allow and does not."}
	expired := &gauge{name: "sgc_drift_expired", help: "Kinds of access that the group allows although their last day is over."}
	failed := &gauge{name: "sgc_drift_problems", help: "Reasons why policies could not be compared."}
	unowned := &gauge{name: "sgc_drift_unowned_groups", help: "Groups that belong to no policy."}
	covered := &gauge{name: "sgc_drift_covered", help: "Groups and ports that are under a policy."}
	coverable := &gauge{name: "sgc_drift_coverable", help: "Groups and ports that there are."}
	limit := &gauge{name: "sgc_drift_quota_limit", help: "What the quota allows, -1 for any number."}
	used := &gauge{name: "sgc_drift_quota_used", help: "What is used of the quota."}
	run := &gauge{name: "sgc_drift_last_run_timestamp_seconds", help: "When the project was looked at."}
	for _, r := range reports {
		place := []string{"target", r.Target, "cloud", r.Place.Cloud, "region", r.Place.Region, "project", r.Place.Project}
		for _, p := range r.Policies {
			names := map[string]bool{}
			for _, g := range p.Groups {
				name := g.Name
				if names[name] { // a tier's second
					name += " (" + g.ID + ")"
				}
				names[name] = true
				labels := append(place, "policy", p.Name, "group", name)
				drifted.is(g.Verdict == Drifted, labels)
				differs.is(g.Verdict == Differs, labels)
				pending.is(g.Verdict == Pending, labels)
				opened.add(len(g.More), labels)
				closed.add(len(g.Less), labels)
				expired.add(g.expired(), labels)
			}
		}
		failed.add(len(r.Problems), place)
		unowned.add(len(r.Unowned), place)
		if c := r.Coverage; c != nil {
			for _, of := range []struct {
				what  string
				share Share
			}{{"groups", c.Groups}, {"ports", c.Ports}} {
				covered.add(of.share.Covered, append(place, "of", of.what))
				coverable.add(of.share.All, append(place, "of", of.what))
			}
		}
		if q := r.Quota; q != nil {
			for _, of := range []struct {
				what        string
				limit, used int
			}{{"groups", q.Groups.Limit, q.Groups.Used}, {"rules", q.Rules.Limit, q.Rules.Used}} {
				limit.add(of.limit, append(place, "of", of.what))
				used.add(of.used, append(place, "of", of.what))
			}
		}
		run.add(int(at), place)
	}
	var b strings.Builder
	for _, g := range []*gauge{drifted, differs, pending, opened, closed, expired, failed, unowned, covered, coverable, limit, used, run} {
		if g.samples != nil {
			fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n%s", g.name, g.help, g.name, strings.Join(g.samples, ""))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// add notes a value. Labels are names and values in turn; one without a value is left out.
func (g *gauge) add(value int, labels []string) {
	var list []string
	for i := 0; i < len(labels); i += 2 {
		if labels[i+1] != "" {
			list = append(list, labels[i]+`="`+escaped.Replace(rule.Printable(labels[i+1]))+`"`)
		}
	}
	g.samples = append(g.samples, fmt.Sprintf("%s{%s} %d\n", g.name, strings.Join(list, ","), value))
}

func (g *gauge) is(so bool, labels []string) {
	if so {
		g.add(1, labels)
	} else {
		g.add(0, labels)
	}
}

// escaped is the value of a label, in which there is no end of a line.
var escaped = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

package drift_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"sgc.dev/sgc/drift"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// TestPrometheus has promtool's own judge, and reads the figures back.
func TestPrometheus(t *testing.T) {
	http, rdp := tcp(80, rule.Anyone()), tcp(3389, rule.Anyone())
	twin := project(http, rdp)
	twin.Groups = append(twin.Groups, group("x", "web", "[sgc:shop/web]"))
	twin.Groups[3].Created = "2026-11-29T15:00:00Z"
	first := judge(t, twin, shop(at(8, "", http)...), nil)
	first.Place = plan.Place{Cloud: "prod", Region: "one\\two", Project: "a\"b\nc"}
	first.Coverage = &drift.Coverage{Groups: drift.Share{Covered: 2, All: 3}, Ports: drift.Share{Covered: 4, All: 5}}
	first.Quota = &plan.Quota{Groups: plan.Room{Limit: 10, Used: 6}, Rules: plan.Room{Limit: -1, Used: 7}}
	second := judge(t, project(http), shop(at(8, "", http)...), nil)
	second.Place.Project = "p2"
	var text bytes.Buffer
	if err := drift.Prometheus(&text, 1796000000, first, second); err != nil {
		t.Fatal(err)
	}
	problems, err := promlint.New(strings.NewReader(text.String())).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v:\n%s", err, problems, text.String())
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(&text)
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]float64{}
	for name, family := range families {
		for _, m := range family.Metric {
			sums[name] += m.GetGauge().GetValue()
			if m.TimestampMs != nil {
				t.Errorf("%s has a time stamp", name)
			}
			for _, l := range m.Label {
				if name == "sgc_drift_unowned_groups" && l.GetName() == "project" && l.GetValue() != `a"b\nc` && l.GetValue() != "p2" {
					t.Errorf("project %q", l.GetValue())
				}
			}
		}
	}
	for name, want := range map[string]float64{
		"sgc_drift_differs": 2, "sgc_drift_drifted": 0, "sgc_drift_pending": 0, "sgc_drift_opened": 1, "sgc_drift_closed": 0, "sgc_drift_expired": 0,
		"sgc_drift_covered": 6, "sgc_drift_coverable": 8, "sgc_drift_quota_limit": 9, "sgc_drift_quota_used": 13,
		"sgc_drift_problems": 0, "sgc_drift_unowned_groups": 0, "sgc_drift_last_run_timestamp_seconds": 2 * 1796000000,
	} {
		if got, there := sums[name]; got != want || !there {
			t.Errorf("%s is %v in all, not %v", name, got, want)
		}
	}
}

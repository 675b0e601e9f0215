package report

import (
	"bytes"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/rule"
)

// TestLive holds what is found in a cloud to the standard: results where there is a line, and
// notifications where there is none or something was not looked at.
func TestLive(t *testing.T) {
	kind := Kind{ID: "drifted", Title: "it drifted", Page: "It *drifted*.", Level: lint.Warning}
	at := func(line int) rule.Pos { return rule.Pos{File: "shop/p.cue", Line: line, Column: 3} }
	text := func(found []Live, failures []Failure) *sarif.Run {
		var b bytes.Buffer
		if err := WriteLive(&b, "1.2.3", found, failures); err != nil {
			t.Fatal(err)
		}
		document, err := sarif.FromBytes(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if err := document.Validate(); err != nil {
			t.Error(err)
		}
		return document.Runs[0]
	}
	found := []Live{
		{kind, at(7), "opens tcp/3389", []string{"shop", "web", "tcp/3389"}},
		{kind, at(7), "opens tcp/22", []string{"shop", "web", "tcp/22"}},
		{Kind{ID: "pending", Title: "it is pending", Page: "Apply it.", Level: lint.Note}, at(9), "opens tcp/22", []string{"shop", "web", "tcp/22"}},
		{kind, rule.Pos{}, "has no place", []string{"shop", "old"}},
	}
	run := text(found, nil)
	if len(run.Results) != 3 || len(run.Tool.Driver.Rules) != 2 || len(run.Invocations[0].ToolExecutionNotifications) != 1 || !*run.Invocations[0].ExecutionSuccessful {
		t.Errorf("%d results, %d rules", len(run.Results), len(run.Tool.Driver.Rules))
	}
	prints := func(run *sarif.Run) (list []string) {
		for _, res := range run.Results {
			list = append(list, res.PartialFingerprints["primaryLocationLineHash"])
		}
		return list
	}
	before := prints(run)
	found[1].Pos, found[1].Message = at(70), "opens tcp/22, by another rule"
	after := prints(text(found, nil))
	if after[0] != before[0] || after[1] != before[1] || after[2] != before[2] || before[0] == before[1] || before[1] == before[2] {
		t.Errorf("%q, then %q", before, after)
	}
	if failed := text(nil, []Failure{{at(4), "cannot be compared"}}).Invocations[0]; *failed.ExecutionSuccessful || len(failed.ToolExecutionNotifications) != 1 {
		t.Errorf("%+v", failed)
	}
}

package report

import (
	"io"

	"github.com/owenrumney/go-sarif/v3/pkg/report"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/rule"
)

// Kind is what results have in common.
type Kind struct {
	ID, Title string
	Page      string // Markdown
	Level     lint.Level
}

// Live is what is found in a cloud, and has its place in a policy all the same.
type Live struct {
	Kind    Kind
	Pos     rule.Pos
	Message string
	Key     []string // by which the next run knows it again, beside its kind
}

// Failure is why something was not looked at.
type Failure struct {
	Pos     rule.Pos
	Message string
}

// WriteLive writes what is found in a cloud as SARIF, as [Write] does of policies. What has no
// place with a line is a notification.
func WriteLive(w io.Writer, version string, found []Live, failures []Failure) error {
	run, prints := newRun(version), fingerprints{}
	invocation := sarif.NewInvocation().WithExecutionSuccessful(len(failures) == 0)
	for _, f := range failures {
		invocation.AddToolExecutionNotification(notification(f.Pos, f.Message))
	}
	for _, l := range found {
		if l.Pos.File == "" || l.Pos.Line == 0 {
			invocation.AddToolExecutionNotification(notification(l.Pos, l.Message))
			continue
		}
		if run.GetRuleIndex(l.Kind.ID) < 0 {
			describe(run.AddRule(l.Kind.ID), level(l.Kind.Level), l.Kind.Title, l.Kind.Page)
		}
		run.AddResult(result(run, l.Kind.ID, level(l.Kind.Level), l.Pos, l.Message).
			WithPartialFingerprints(prints.of(append([]string{l.Kind.ID}, l.Key...)...)))
	}
	document := report.NewV210Report()
	document.AddRun(run.WithInvocations([]*sarif.Invocation{invocation}))
	return writeLean(w, document)
}

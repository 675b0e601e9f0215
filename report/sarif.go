package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/rule"
)

// errorRule is the rule of all errors; code scanners want one for every result.
const errorRule = "policy-error"

// sourceRoot is the base of relative paths, by the name that code scanners know:
// the folder in which sgc ran, which should be the top of the repository.
const sourceRoot = "%SRCROOT%"

// writeSARIF writes one run with a result for each error and finding. It keeps to
// what GitHub's code scanning takes in beyond the standard: every result has a
// place with a line, a rule with a help text and a fingerprint, and the path of
// its file is relative. An error without a line is not a result but a
// notification that the run failed. What stands on standard input is outside of
// every repository, and its results have a URI that says so.
func writeSARIF(w io.Writer, r Report) error {
	document := report.NewV210Report()
	document.AddRun(sarifRun(r))
	return writeLean(w, document)
}

// newRun is a run of this version of sgc, so far without results.
func newRun(version string) *sarif.Run {
	run := sarif.NewRun()
	run.WithTool(sarif.NewTool().WithDriver(sarif.NewToolComponent().WithName("sgc").WithVersion(version)))
	run.WithColumnKind("unicodeCodePoints")
	run.WithOriginalUriBaseIds(map[string]sarif.ArtifactLocation{
		sourceRoot: *sarif.NewArtifactLocation().WithDescription(sarif.NewTextMessage("the folder in which sgc ran")),
	})
	return run
}

func sarifRun(r Report) *sarif.Run {
	run, prints := newRun(r.Version), fingerprints{}
	invocation := sarif.NewInvocation().WithExecutionSuccessful(true)
	for _, e := range r.Errors {
		text := message(e.Path, e.Message)
		if e.Hint != "" {
			text += "\n" + e.Hint
		}
		if e.Pos.File == "" || e.Pos.Line == 0 {
			invocation.WithExecutionSuccessful(false)
			invocation.AddToolExecutionNotification(notification(e.Pos, text))
			continue
		}
		addErrorRule(run)
		run.AddResult(result(run, errorRule, sarif.LevelError, e.Pos, text).
			WithPartialFingerprints(prints.of(errorRule, filepath.ToSlash(e.Pos.File), e.Path)))
	}
	for _, f := range r.Findings {
		addLintRule(run, f.Code)
		res := result(run, f.Code, level(f.Level), f.Pos, message(f.Path, f.Message)).
			WithPartialFingerprints(prints.of(f.Code, filepath.ToSlash(f.Pos.File), f.Path))
		for i, related := range f.Related {
			res.AddRelatedLocation(location(related.Pos).WithID(i + 1).WithMessage(plain(related.Message)))
		}
		run.AddResult(res)
	}
	return run.WithInvocations([]*sarif.Invocation{invocation})
}

func result(run *sarif.Run, rule, level string, p rule.Pos, text string) *sarif.Result {
	return sarif.NewRuleResult(rule).
		WithRuleIndex(run.GetRuleIndex(rule)).
		WithLevel(level).
		WithMessage(plain(text)).
		WithLocations([]*sarif.Location{location(p)})
}

func notification(p rule.Pos, text string) *sarif.Notification {
	n := sarif.NewNotification().WithLevel(sarif.LevelError).WithMessage(plain(text))
	if isPlace(p) {
		n.WithLocations([]*sarif.Location{location(p)})
	}
	return n
}

// plain is a text as a message. "](" would make a link out of what stands
// around it, and the standard lets a backslash prevent that.
func plain(text string) *sarif.Message {
	return sarif.NewTextMessage(strings.ReplaceAll(text, "](", `\](`))
}

func location(p rule.Pos) *sarif.Location {
	physical := sarif.NewPhysicalLocation().WithArtifactLocation(artifact(p.File))
	if p.Line > 0 {
		physical.WithRegion(sarif.NewRegion().WithStartLine(p.Line).WithStartColumn(max(1, p.Column)))
	}
	return sarif.NewLocationWithPhysicalLocation(physical)
}

// artifact is a file as a URI: relative to the source root, unless its path is
// absolute or it is standard input.
func artifact(file string) *sarif.ArtifactLocation {
	if file == stdin {
		return sarif.NewSimpleArtifactLocation("stdin:" + stdin)
	}
	slashed := filepath.ToSlash(file)
	if filepath.IsAbs(file) {
		if !strings.HasPrefix(slashed, "/") {
			slashed = "/" + slashed // a drive letter
		}
		return sarif.NewSimpleArtifactLocation((&url.URL{Scheme: "file", Path: slashed}).String())
	}
	return sarif.NewSimpleArtifactLocation((&url.URL{Path: slashed}).String()).WithURIBaseID(sourceRoot)
}

func level(l lint.Level) string {
	if l == lint.Note {
		return sarif.LevelNote
	}
	return sarif.LevelWarning
}

func addErrorRule(run *sarif.Run) {
	if run.GetRuleIndex(errorRule) >= 0 {
		return
	}
	describe(run.AddRule(errorRule), sarif.LevelError, "the policy cannot be compiled",
		"The policy has an error: a misspelt field, say, a name that refers to nothing, or a network with host bits. Nothing is compiled until it is fixed; the message says what is wrong and what to do.")
}

func addLintRule(run *sarif.Run, code string) {
	l, ok := lint.Find(code)
	if !ok || run.GetRuleIndex(code) >= 0 {
		return
	}
	describe(run.AddRule(code), level(l.Level), l.Title, l.Page)
}

func describe(r *sarif.ReportingDescriptor, level, title, page string) {
	r.WithDescription(title).
		WithFullDescription(sarif.NewMultiformatMessageString().WithText(title)).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(level)).
		WithMarkdownHelp(page)
}

// fingerprints tells scanners which result of this run is which of the last one,
// though lines have moved: by code, file and place in the policy, or what else does not
// change with its lines, and by their order where these are the same.
type fingerprints map[string]int

func (f fingerprints) of(key ...string) map[string]string {
	sum := sha256.Sum256([]byte(strings.Join(key, "\x00")))
	print := hex.EncodeToString(sum[:8])
	f[print]++
	return map[string]string{"primaryLocationLineHash": fmt.Sprintf("%s:%d", print, f[print])}
}

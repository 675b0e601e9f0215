package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"sgc.dev/sgc/sandbox/sandboxtest"
)

// checkout is a repository as a forge's runner has it, in a cloud of its own.
type checkout struct {
	t      *testing.T
	folder string
	env    []string
}

const (
	webBefore = "package web\n\nname: \"web\"\ntiers: web: ingress: http: from: [\"public\"]\n"
	webAfter  = "package web\n\nname: \"web\"\ntiers: web: ingress: {\n\thttp: from: [\"public\"]\n\tssh: from: [\"public\"]\n}\n"
	dbNew     = "package db\n\nname: \"db\"\ntiers: db: ingress: mysql: from: [\"10.0.0.0/8\"]\n"
	jobsGone  = "package jobs\n\nname: \"jobs\"\ntiers: jobs: ingress: redis: from: [\"10.1.0.0/16\"]\n"
)

// newCheckout has a branch merged into its base: a policy has changed, one has come, one has gone.
func newCheckout(t *testing.T) *checkout {
	t.Helper()
	for _, tool := range []string{"bash", "curl", "git", "jq"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: .ci/run installs it", tool)
		}
	}
	sandboxtest.Open(t)
	r := &checkout{t, t.TempDir(), slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GIT_") })}
	r.set("HOME", t.TempDir())
	for _, who := range []string{"AUTHOR", "COMMITTER"} {
		r.set("GIT_"+who+"_NAME", "T")
		r.set("GIT_"+who+"_EMAIL", "t@example.org")
	}
	r.write("policies/web/web.cue", webBefore)
	r.write("policies/jobs/jobs.cue", jobsGone)
	r.must("git init -q -b main && git add . && git commit -qm base && git checkout -qb branch && rm -r policies/jobs")
	r.write("policies/web/web.cue", webAfter)
	r.write("policies/db/db.cue", dbNew)
	r.must("git add . && git commit -qm branch && git checkout -q --detach main && git merge -q --no-ff -m merge branch")
	return r
}

func (r *checkout) set(name, value string) { r.env = append(r.env, name+"="+value) }

func (r *checkout) write(name, text string) {
	r.t.Helper()
	name = filepath.Join(r.folder, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		r.t.Fatal(err)
	}
}

func (r *checkout) read(name string) string {
	r.t.Helper()
	if !filepath.IsAbs(name) {
		name = filepath.Join(r.folder, name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}

// run has a shell run a script, and says what it prints and how it ends.
func (r *checkout) run(script string, env []string, shell ...string) (string, int) {
	r.t.Helper()
	file := filepath.Join(r.t.TempDir(), "script")
	if err := os.WriteFile(file, []byte(script), 0o666); err != nil {
		r.t.Fatal(err)
	}
	cmd := exec.Command(shell[0], append(shell[1:], file)...)
	cmd.Dir, cmd.Env = r.folder, append(slices.Clone(r.env), env...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		r.t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func (r *checkout) must(script string) string {
	r.t.Helper()
	out, code := r.run(script, nil, "bash", "-e")
	if code != 0 {
		r.t.Fatalf("%s: %d\n%s", script, code, out)
	}
	return out
}

// has holds that a text has each of some parts.
func has(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s lacks %q:\n%s", what, part, text)
		}
	}
}

// reviewed is what a comment says about the branch.
var reviewed = []string{
	"<!-- sgc -->\n",
	"**`db`**: opens: 1, closes: 0; what else changes: 1\n\n| | Tier | What | By |\n| --- | --- | --- | --- |\n| 🔴 **opens** | `db` | `10.0.0.0/8 → db tcp/3306 (IPv4)` | `policies/db/db.cue:4:",
	"| ⚪ closes | `jobs` | `10.1.0.0/16 → jobs tcp/6379 (IPv4)` | `.sgc-base/policies/jobs/jobs.cue:4:",
	"**`web`**: opens: 1, closes: 0\n",
	"| 🔴 **opens** | `web` | `anyone → web tcp/22 (IPv4, IPv6)` | `policies/web/web.cue:6:2: tiers.web.ingress.ssh` |\n",
}

func parsed[T any](t *testing.T, file string) (v T) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err == nil {
		err = yaml.Unmarshal(text, &v)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return v
}

type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Steps []struct {
			Name, Run, Shell, If string
			Env                  map[string]string
		}
	}
}

// gitHub is a runner: what a step of action.yml prints, and how it ends.
func (r *checkout) gitHub(a action, name string) (string, int) {
	r.t.Helper()
	values := map[string]string{"${{ github.event.pull_request.number }}": "7"}
	for name, input := range a.Inputs {
		values["${{ inputs."+name+" }}"] = input.Default
	}
	for _, step := range a.Runs.Steps {
		if step.Name != name {
			continue
		}
		if step.Shell != "bash" {
			r.t.Fatalf("%s runs in %q", name, step.Shell)
		}
		var env []string
		for variable, expression := range step.Env {
			value, known := values[expression]
			if !known {
				r.t.Fatalf("%s: %s is unknown", name, expression)
			}
			env = append(env, variable+"="+value)
		}
		return r.run(step.Run, env, "bash", "--noprofile", "--norc", "-eo", "pipefail")
	}
	r.t.Fatalf("there is no step %q", name)
	return "", 0
}

// gh stands in for GitHub's own command: it keeps comments in a file.
const gh = `#!/usr/bin/env bash
set -euo pipefail
echo "$*" >>"$COMMENTS.log"
case "$*" in
"api --paginate repos/o/r/issues/7/comments --jq "*) jq -r "$5" "$COMMENTS" ;;
"api --silent -X PATCH repos/o/r/issues/comments/12 -F body=@"*) jq --rawfile b "${7#body=@}" 'map(if .id == 12 then .body = $b else . end)' "$COMMENTS" >"$COMMENTS.new" ;;
"api --silent -X POST repos/o/r/issues/7/comments -F body=@"*) jq --rawfile b "${7#body=@}" '. + [{id: 12, user: {type: "Bot"}, body: $b}]' "$COMMENTS" >"$COMMENTS.new" ;;
*) exit 1 ;;
esac
[[ ! -e $COMMENTS.new ]] || mv "$COMMENTS.new" "$COMMENTS"
`

func TestGitHubAction(t *testing.T) {
	r := newCheckout(t)
	a := parsed[action](t, "../../action.yml")
	for _, step := range a.Runs.Steps {
		if strings.Contains(step.Run, "${{") {
			t.Errorf("%s: the shell would read what is put in its script", step.Name)
		}
		if step.Name == "Comment" {
			has(t, "its condition", step.If, "github.event.pull_request.head.repo.full_name == github.repository")
		}
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	files := t.TempDir()
	for _, name := range []string{"GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH", "COMMENTS"} {
		r.set(name, filepath.Join(files, name))
	}
	r.set("RUNNER_TEMP", files)
	r.set("GITHUB_ACTION_PATH", root)
	r.set("GITHUB_REPOSITORY", "o/r")
	r.set("GITHUB_SHA", strings.TrimSpace(r.must("git rev-parse HEAD")))
	path := os.Getenv("PATH")
	for name, text := range map[string]string{"bin/gh": gh, "COMMENTS": `[{"id": 11, "user": {"type": "User"}, "body": "<!-- sgc --> somebody else's"}]`} {
		name = filepath.Join(files, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	step := func(name string, code int) string {
		t.Helper()
		out, is := r.gitHub(a, name)
		if is != code {
			t.Fatalf("%s ends with %d:\n%s", name, is, out)
		}
		return out
	}

	// Where there is no sgc, it is built from the action's own source.
	golang, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	r.set("GOCACHE", strings.TrimSpace(r.must("HOME='"+os.Getenv("HOME")+"' go env GOCACHE")))
	r.set("GOMODCACHE", strings.TrimSpace(r.must("HOME='"+os.Getenv("HOME")+"' go env GOMODCACHE")))
	r.set("PATH", filepath.Dir(golang)+":/usr/bin:/bin")
	step("sgc", 0)
	built := strings.TrimSpace(r.read(filepath.Join(files, "GITHUB_PATH")))
	has(t, "sgc version", r.must("'"+built+"/sgc' version"), "sgc ")
	r.set("PATH", filepath.Join(files, "bin")+":"+path)
	step("sgc", 0)

	// On a pull request, and once more when it is pushed to.
	has(t, "vet", step("Vet", 0), "::warning file=policies/web/web.cue,line=6,col=2,title=SGC001")
	for range 2 {
		step("What opens", 0)
		step("Comment", 0)
		var comments []struct {
			ID   int
			Body string
		}
		if err := json.Unmarshal([]byte(r.read(filepath.Join(files, "COMMENTS"))), &comments); err != nil {
			t.Fatal(err)
		}
		if len(comments) != 2 || comments[0].Body != "<!-- sgc --> somebody else's" {
			t.Fatalf("comments: %v", comments)
		}
		has(t, "the comment", comments[1].Body, reviewed...)
	}
	has(t, "the summary", r.read(filepath.Join(files, "GITHUB_STEP_SUMMARY")), reviewed...)
	has(t, "the calls", r.read(filepath.Join(files, "COMMENTS.log")), "-X POST", "-X PATCH")

	// On the merge: the plan, then its apply, elsewhere and later.
	has(t, "plan", step("Plan", 0), "opens: anyone → web tcp/22 (IPv4, IPv6)")
	has(t, "the output", r.read(filepath.Join(files, "GITHUB_OUTPUT")), "changes=true\n")
	reviewedPlan := r.read("sgc-plan.json")
	step("Apply", 0)
	r.must("rm -r .sgc-base")
	step("Plan", 0)
	has(t, "the output", r.read(filepath.Join(files, "GITHUB_OUTPUT")), "changes=false\n")
	r.write("sgc-plan.json", reviewedPlan)
	has(t, "a plan of another cloud", step("Apply", 1), "plan again")

	// At night.
	step("Drift", 0)
	r.write("policies/web/web.cue", webBefore)
	step("Drift", 2)
	has(t, "drift", r.read("sgc.sarif"), `"version": "2.1.0"`, "policies/web/web.cue", "tcp/22")

	// What is no policy ends the review.
	r.write("policies/web/web.cue", strings.Replace(webBefore, "public", "publik", 1))
	has(t, "vet", step("Vet", 1), "::error file=policies/web/web.cue,line=4,")
	step("Plan", 1)
}

// TestPreCommitHook runs what pre-commit runs, in a repository's root: the entry, and the arguments.
func TestPreCommitHook(t *testing.T) {
	r := newCheckout(t)
	hooks := parsed[[]struct {
		ID, Entry, Language, Files string
		Args                       []string
		PassFilenames              *bool `yaml:"pass_filenames"`
	}](t, "../../.pre-commit-hooks.yaml")
	if len(hooks) != 1 || hooks[0].ID != "sgc-vet" || hooks[0].Language != "golang" || hooks[0].PassFilenames == nil || *hooks[0].PassFilenames {
		t.Fatalf("%+v", hooks)
	}
	line := hooks[0].Entry + " " + strings.Join(hooks[0].Args, " ")
	has(t, line, r.must(line), "db: 1 group", "web: 1 group")
	r.write("policies/db/more.cue", "package db\n\ntiers: db: ingress: ssh: from: [\"nobody\"]\n") // of a package whose other files have not changed
	out, code := r.run(line, nil, "sh")
	if code != 1 {
		t.Errorf("%s ends with %d", line, code)
	}
	has(t, line, out, "policies/db/more.cue:3:")
}

// TestPipelinesPage holds that the workflow on the page gives the action what it takes, and
// that what a pull request runs has no secrets and may write nothing but comments.
func TestPipelinesPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/pipelines.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(page), "```yaml\n")
	text, _, _ = strings.Cut(text, "```\n")
	var workflow struct {
		Permissions map[string]string
		Jobs        map[string]struct {
			Environment      string
			Env, Permissions map[string]string
			Steps            []struct {
				Uses string
				With map[string]string
			}
		}
	}
	if err := yaml.Unmarshal([]byte(text), &workflow); err != nil {
		t.Fatal(err)
	}
	a, whole := parsed[action](t, "../../action.yml"), parsed[map[string]any](t, "../../action.yml")
	var runs []string
	for name, job := range workflow.Jobs {
		for _, step := range job.Steps {
			for key := range step.With {
				if _, known := a.Inputs[key]; step.Uses == "OWNER/sgc@v1" && !known {
					t.Errorf("%s: the action takes no %s", name, key)
				}
			}
			if step.Uses == "OWNER/sgc@v1" {
				runs = append(runs, step.With["run"])
				has(t, "the action", fmt.Sprint(whole["runs"]), "inputs.run == '"+step.With["run"]+"'")
			}
		}
	}
	slices.Sort(runs)
	if !slices.Equal(runs, []string{"apply", "drift", "plan", "review"}) {
		t.Errorf("the page runs %q", runs)
	}
	if r := workflow.Jobs["review"]; r.Environment != "" || r.Env != nil || fmt.Sprint(r.Permissions, workflow.Permissions) != "map[contents:read pull-requests:write] map[contents:read]" {
		t.Errorf("%+v", r)
	}
}

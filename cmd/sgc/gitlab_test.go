package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// notes is GitLab, as far as one merge request's notes go.
type notes struct {
	bodies []string
	calls  []string
}

func (n *notes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const all = "/projects/5/merge_requests/3/notes"
	call := r.Method + " " + r.URL.Path
	n.calls = append(n.calls, call)
	text, err := io.ReadAll(r.Body)
	if err != nil || r.Header.Get("PRIVATE-TOKEN") != "s3cret" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	r.Body = io.NopCloser(strings.NewReader(string(text)))
	switch call {
	case "GET /user":
		fmt.Fprint(w, `{"id": 42}`)
	case "GET " + all:
		list := []map[string]any{{"id": 1, "author": map[string]int{"id": 6}, "body": "<!-- sgc --> somebody else's"}}
		for i, body := range n.bodies {
			list = append(list, map[string]any{"id": 8 + i, "author": map[string]int{"id": 42}, "body": body})
		}
		json.NewEncoder(w).Encode(list)
	case "POST " + all:
		n.bodies = append(n.bodies, r.FormValue("body"))
	case "PUT " + all + "/8":
		n.bodies[0] = r.FormValue("body")
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

type gitLabJob struct {
	BeforeScript []string `yaml:"before_script"`
	Script       []string
}

func TestGitLabTemplate(t *testing.T) {
	for _, shell := range []string{"sh", "bash"} {
		t.Run(shell, func(t *testing.T) {
			r := newCheckout(t)
			file := parsed[map[string]yaml.Node](t, "../../ci/gitlab.yml")
			var variables map[string]string
			variablesNode := file["variables"]
			if err := variablesNode.Decode(&variables); err != nil {
				t.Fatal(err)
			}
			for name, value := range variables {
				r.set(name, value)
			}
			n := &notes{}
			server := httptest.NewServer(n)
			t.Cleanup(server.Close)
			for name, value := range map[string]string{
				"CI_API_V4_URL": server.URL, "CI_PROJECT_ID": "5", "CI_MERGE_REQUEST_IID": "3",
				"CI_MERGE_REQUEST_DIFF_BASE_SHA": strings.TrimSpace(r.must("git rev-parse HEAD^1")),
			} {
				r.set(name, value)
			}
			job := func(name string, code int) string {
				t.Helper()
				var base, j gitLabJob
				baseNode, node := file[".sgc"], file[name]
				if err := baseNode.Decode(&base); err != nil {
					t.Fatal(err)
				}
				if err := node.Decode(&j); err != nil {
					t.Fatal(err)
				}
				if len(base.BeforeScript) == 0 || len(j.Script) == 0 {
					t.Fatalf("%s has no script", name)
				}
				out, is := r.run(strings.Join(slices.Concat(base.BeforeScript, j.Script), "\n"), nil, shell, "-e")
				if is != code {
					t.Fatalf("%s ends with %d:\n%s", name, is, out)
				}
				return out
			}

			has(t, "vet", job("sgc-vet", 0), "policies/web/web.cue:6:2")
			var findings []struct {
				Severity, Fingerprint string
				Location              struct {
					Path  string
					Lines struct{ Begin int }
				}
			}
			quality := func() {
				t.Helper()
				if err := json.Unmarshal([]byte(r.read("gl-code-quality-report.json")), &findings); err != nil || len(findings) != 1 {
					t.Fatal(err, findings)
				}
			}
			quality()
			if f := findings[0]; f.Severity != "major" || f.Location.Path != "policies/web/web.cue" || f.Location.Lines.Begin != 6 || f.Fingerprint == "" {
				t.Errorf("%+v", f)
			}

			has(t, "the log", job("sgc-diff", 0), reviewed...)
			if n.calls != nil {
				t.Errorf("without a token: %v", n.calls)
			}
			r.set("SGC_COMMENT_TOKEN", "s3cret")
			for range 2 {
				job("sgc-diff", 0)
				if len(n.bodies) != 1 {
					t.Fatalf("notes: %q", n.bodies)
				}
				has(t, "the note", n.bodies[0], reviewed...)
			}
			if last := n.calls[len(n.calls)-1]; !strings.HasPrefix(last, "PUT ") {
				t.Errorf("the last call is %s", last)
			}
			r.set("SGC_COMMENT_TOKEN", "wrong")
			has(t, "a token that is refused", job("sgc-diff", 22), "401")

			has(t, "plan", job("sgc-plan", 0), "opens: anyone → web tcp/22 (IPv4, IPv6)")
			job("sgc-apply", 0)
			has(t, "a plan of another cloud", job("sgc-apply", 1), "plan again")

			job("sgc-drift", 0)
			r.write("policies/web/web.cue", webBefore)
			has(t, "drift", job("sgc-drift", 2), "web  differs", "tcp/22")
			has(t, "the gauges", r.read("sgc.prom"), "sgc_")

			r.write("policies/web/web.cue", strings.Replace(webBefore, "public", "publik", 1))
			job("sgc-vet", 1)
			if quality(); findings[0].Severity != "blocker" || findings[0].Location.Lines.Begin != 4 {
				t.Errorf("%+v", findings[0])
			}
		})
	}
}

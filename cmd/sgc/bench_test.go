package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"sgc.dev/sgc/sandbox"
)

// BenchmarkFiftyProjects plans for fifty projects of one cloud with a hundred rules each, where
// there is nothing to do, beside the bare calls, made as many at a time: without the time that
// a cloud takes for each, and with some.
func BenchmarkFiftyProjects(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(1600)) // as main does
	for _, delay := range []time.Duration{0, 200 * time.Millisecond} {
		b.Run(fmt.Sprintf("call=%s", delay), func(b *testing.B) { fiftyProjects(b, delay) })
	}
}

func fiftyProjects(b *testing.B, delay time.Duration) {
	const projects, rules = 50, 100
	cloud := sandbox.New()
	server, err := cloud.Listen()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(server.Close)
	dir := b.TempDir()
	b.Setenv("OS_CLIENT_CONFIG_FILE", filepath.Join(dir, "clouds.yaml"))
	b.Setenv("OS_CLIENT_SECURE_FILE", filepath.Join(dir, "secure.yaml"))
	var clouds, targets, policy strings.Builder
	var accounts []sandbox.Account
	clouds.WriteString("clouds:\n")
	for n := range projects {
		a := cloud.AddAccount(fmt.Sprint("p", n), false)
		accounts = append(accounts, a)
		cloud.SetQuota(a.ProjectID, 100, 1000)
		fmt.Fprintf(&clouds, "  %s: {auth: {auth_url: %q, username: %[1]s, password: %[3]q, project_name: %[1]s, user_domain_name: Default, project_domain_name: Default}}\n", a.Name, server.URL(), a.Password)
		fmt.Fprintf(&targets, "targets: %s: {cloud: %[1]q, inputs: [\"policy.cue\"]}\n", a.Name)
	}
	fmt.Fprint(&policy, "name: \"web\"\n")
	for n := range rules / 10 {
		fmt.Fprintf(&policy, "tiers: web%d: ingress: {", n)
		for m := range 10 {
			fmt.Fprintf(&policy, "r%d: {tcp: [%d], from: [\"192.0.2.%d/32\"]}, ", m, 1000+10*n+m, 10*n+m)
		}
		policy.WriteString("}\n")
	}
	for name, text := range map[string]string{"clouds.yaml": clouds.String(), "secure.yaml": "clouds: {}\n", "targets.cue": targets.String(), "policy.cue": policy.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	sgc := func(args ...string) {
		var messages bytes.Buffer
		if code := run(append([]string{"sgc"}, args...), streams{nil, io.Discard, &messages}); code != 0 {
			b.Fatalf("sgc %q ends with %d: %s", args, code, &messages)
		}
	}
	file := filepath.Join(dir, "targets.cue")
	sgc("apply", "--yes", "--snapshots", filepath.Join(dir, "snapshots"), "--targets", file)
	cloud.Inject(sandbox.Fault{Method: "POST", Path: "/v3/auth/tokens", Delay: delay})
	cloud.Inject(sandbox.Fault{Method: "GET", Path: "/v2.0/*", Delay: delay})
	before := len(cloud.Calls())
	sgc("plan", "--detailed-exitcode", "--targets", file)
	calls := cloud.Calls()[before:]
	if len(calls) != 2*projects {
		b.Fatalf("%d calls for %d projects", len(calls), projects)
	}
	at := slices.IndexFunc(calls, func(c sandbox.Call) bool { return c.Method == "GET" })
	list := server.NetworkURL() + calls[at].Path + "?" + calls[at].Query
	var walls, bares []time.Duration
	for b.Loop() {
		start := time.Now()
		var bare errgroup.Group
		bare.SetLimit(atOnce)
		for _, a := range accounts {
			bare.Go(func() error { return bareCalls(server.URL(), list, a) })
		}
		if err := bare.Wait(); err != nil {
			b.Fatal(err)
		}
		bares = append(bares, time.Since(start))
		start = time.Now()
		sgc("plan", "--detailed-exitcode", "--targets", file)
		walls = append(walls, time.Since(start))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(median(walls).Milliseconds()), "ms-sgc")
	b.ReportMetric(float64(median(bares).Milliseconds()), "ms-bare")
	b.ReportMetric(float64(median(walls))/float64(median(bares)), "×bare-calls")
}

// bareCalls is what a project with nothing to do costs at the least: a token, and the groups
// with their rules.
func bareCalls(keystone, list string, a sandbox.Account) error {
	body := fmt.Sprintf(`{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": %q, "password": %q, "domain": {"name": "Default"}}}}, "scope": {"project": {"name": %[1]q, "domain": {"name": "Default"}}}}}`, a.Name, a.Password)
	client := http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	answer, err := client.Post(keystone+"/auth/tokens", "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	request, err := http.NewRequest("GET", list, nil)
	if err != nil {
		return err
	}
	request.Header.Set("X-Auth-Token", answer.Header.Get("X-Subject-Token"))
	groups, err := client.Do(request)
	if err != nil {
		return err
	}
	defer groups.Body.Close()
	if groups.StatusCode != http.StatusOK {
		return fmt.Errorf("%s", groups.Status)
	}
	_, err = io.Copy(io.Discard, groups.Body)
	return err
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}

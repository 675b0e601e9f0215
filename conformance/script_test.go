//go:build conformance

package conformance

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// export compiles a policy to a script, in a file of its own. args are more
// arguments of sgc export.
func (c *cloud) export(t testing.TB, policy string, args ...string) string {
	t.Helper()
	script := filepath.Join(t.TempDir(), "apply.sh")
	cmd := exec.Command(c.sgc, append([]string{"export", "--format=sh", "-o", script, policy}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	return script
}

// outcome is what became of a script.
type outcome struct {
	code           int // -1 where a signal ended it
	stdout, stderr string
}

// command is a script about to run, with the openstack command of the cloud's
// release.
func (a account) command(t testing.TB, script string, env ...string) *exec.Cmd {
	t.Helper()
	return a.prepare(t, beside(a.process, t.TempDir(), "/bin/sh", script), env...)
}

// sgc is sgc about to run.
func (a account) sgc(t testing.TB, c *cloud, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(c.sgc, args...)
	cmd.Dir = t.TempDir()
	return a.prepare(t, cmd)
}

// exits runs sgc, which must end with a code.
func (a account) exits(t testing.TB, c *cloud, code int, args ...string) outcome {
	t.Helper()
	o := finish(t, a.sgc(t, c, args...), func(int) {})
	if o.code != code {
		t.Fatalf("sgc %s ended with %d, not %d\n%s%s", strings.Join(args, " "), o.code, code, o.stdout, o.stderr)
	}
	return o
}

// prepare makes a command run as the account's user, with nothing else in its
// environment, as leader of a process group.
func (a account) prepare(t testing.TB, cmd *exec.Cmd, env ...string) *exec.Cmd {
	t.Helper()
	cmd.Env = append([]string{"PATH=/usr/bin:/bin", "HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir(), "LANG=C.UTF-8"}, a.env...)
	cmd.Env = append(cmd.Env, env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// finish starts a command and waits for it. A command that hangs is killed, with
// all that it started, and fails the test.
func finish(t testing.TB, cmd *exec.Cmd, started func(pid int)) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return outcome{code: -1}
	}
	started(cmd.Process.Pid)
	hung := time.AfterFunc(10*time.Minute, func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	err := cmd.Wait()
	if !hung.Stop() {
		t.Errorf("%s hung", cmd)
	}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Error(err)
	}
	left, err := os.ReadDir(cmd.Dir)
	if err != nil {
		t.Error(err)
	}
	for _, file := range left {
		t.Errorf("%s left a file behind: %s", cmd, file.Name())
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// run runs a script to its end.
func (a account) run(t testing.TB, script string, env ...string) outcome {
	t.Helper()
	return finish(t, a.command(t, script, env...), func(int) {})
}

// requireFailure demands that the script said no, and why: each of words.
func (o outcome) requireFailure(t testing.TB, words ...string) {
	t.Helper()
	if o.code <= 0 {
		t.Errorf("the script ended with %d", o.code)
	}
	for _, word := range words {
		if !strings.Contains(strings.ToLower(o.stderr), strings.ToLower(word)) {
			t.Errorf("the message does not say %q:\n%s", word, o.stderr)
		}
	}
}

// apply runs a script that must succeed.
func (a account) apply(t testing.TB, script string) outcome {
	t.Helper()
	o := a.run(t, script)
	if o.code != 0 {
		t.Fatalf("the script ended with %d\nstdout: %s\nstderr: %s", o.code, o.stdout, o.stderr)
	}
	return o
}

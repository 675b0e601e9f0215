package guard_test

import (
	"os"
	"os/exec"
	"regexp"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"

	"sgc.dev/sgc/schema"
	"sgc.dev/sgc/schema/guard"
)

// TestAffordable loads what takes memory in large pieces and in small ones in a
// process that has 4 GB of addresses, with no limit given: it must end before
// there is nothing left to allocate.
func TestAffordable(t *testing.T) {
	if dir := os.Getenv(bombVariable); dir != "" {
		const space = 4_000_000 << 10
		if err := syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: space, Max: space}); err != nil {
			t.Fatal(err)
		}
		debug.SetGCPercent(400) // as the program does
		guard.Watch(guard.Limits{}, func(message string) {
			os.Stderr.WriteString(message)
			os.Exit(1)
		})
		_, err := schema.Load(schema.Options{Dir: dir, Inputs: []string{"./..."}})
		t.Fatal("loaded: ", err)
	}
	for name, files := range map[string]map[string]string{
		"doubling strings": {"policy.cue": bombs["doubling strings"].source},
		"several policies at once": {
			"a/policy.cue": bombs["doubling strings"].source,
			"b/policy.cue": strings.ReplaceAll(bombs["doubling strings"].source, `"0123456789abcdef"`, "'0123456789abcdef'"),
			"c/policy.cue": "package p\n\n_a0: \"0123456789abcdef\"\n" + repeat(40, "_a%[2]d: \"\\(_a%[1]d)\\(_a%[1]d)\\(_a%[1]d)\"\n") + "name: _a40\n",
		},
	} {
		dir := t.TempDir()
		for file, source := range files {
			put(t, dir, file, []byte(source))
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestAffordable$")
		cmd.Env = append(os.Environ(), bombVariable+"="+dir)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		if err := cmd.Run(); err == nil || cmd.ProcessState.ExitCode() != 1 {
			t.Errorf("%s: it ended with %v", name, err)
		}
		if got := stderr.String(); !regexp.MustCompile(`^the policy needs more than \d+ MiB of memory: raise --max-memory if this is meant$`).MatchString(got) {
			t.Errorf("%s: got: %.300s", name, got)
		}
	}
}

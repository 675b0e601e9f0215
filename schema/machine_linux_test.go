package schema

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestAffordable doubles a text in a process that has 4 GiB of addresses, with no
// limit given: it must end before there is nothing left to allocate.
func TestAffordable(t *testing.T) {
	if dir := os.Getenv(bombVariable); dir != "" {
		const space = 4 << 30
		if err := syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: space, Max: space}); err != nil {
			t.Fatal(err)
		}
		Guard(Limits{}, func(message string) {
			os.Stderr.WriteString(message)
			os.Exit(1)
		})
		_, err := Load(Options{Dir: dir})
		t.Fatal("loaded: ", err)
	}
	dir := t.TempDir()
	put(t, dir, "policy.cue", []byte(bombs["doubling strings"].source))
	cmd := exec.Command(os.Args[0], "-test.run=^TestAffordable$")
	cmd.Env = append(os.Environ(), bombVariable+"="+dir)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Run(); err == nil || cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("it ended with %v", err)
	}
	if got := stderr.String(); !regexp.MustCompile(`^the policy needs more than \d+ MiB of memory: raise --max-memory if this is meant$`).MatchString(got) {
		t.Errorf("got: %.300s", got)
	}
}

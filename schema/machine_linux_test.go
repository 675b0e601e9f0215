package schema

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestAffordable loads what takes memory in large pieces and in small ones in a
// process that has 4 GiB of addresses, with no limit given: it must end before
// there is nothing left to allocate.
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
	for name, files := range map[string]map[string]string{
		"doubling strings": {"policy.cue": bombs["doubling strings"].source},
		"nested TOML": {
			"policy.cue": "@extern(embed)\npackage p\nname: \"p\"\n_x: _ @embed(file=\"d.toml\")\n",
			"d.toml":     "x=" + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
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

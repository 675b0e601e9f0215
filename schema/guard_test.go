package schema

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// bombs are policies that no limit in CUE stops.
var bombs = map[string]struct {
	source string
	limits Limits
	want   string
}{
	"doubling strings": {
		source: "package p\n\n_a0: \"0123456789abcdef\"\n" + repeat(40, "_a%[2]d: _a%[1]d+_a%[1]d\n") + "name: _a40\n",
		limits: Limits{Memory: 100 << 20},
		want:   "the policy needs more than 100 MiB of memory: raise --max-memory if this is meant",
	},
	"a long range": {
		source: "package p\n\nimport \"list\"\n\nname: \"p\"\n_r: list.Range(0, 1000000000, 1)\ntiers: web: tags: [\"\\(len(_r))\"]\n",
		limits: Limits{Memory: 120 << 20},
		want:   "the policy needs more than 120 MiB of memory: raise --max-memory if this is meant",
	},
	"many disjunctions": {
		source: "package p\n\nname: \"p\"\n" + repeat(24, "_d%[1]d: {a%[1]d: 1} | {b%[1]d: 2}\n") + "tiers: web: _d0" + repeat(24, " & _d%[1]d") + "\n",
		limits: Limits{Time: 300 * time.Millisecond},
		want:   "the policy needs more than 300ms to be evaluated: raise --max-time if this is meant",
	},
	"deep recursion": {
		source: "package p\n\nname: \"p\"\nx: 1" + strings.Repeat(" & 1", 1_000_000) + "\n",
		limits: Limits{Nesting: 1 << 30},
		want:   "the policy is nested too deep to be evaluated",
	},
}

func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, strings.ReplaceAll(format, "%[2]d", fmt.Sprint(i+1)), i)
	}
	return b.String()
}

const bombVariable = "SGC_TEST_BOMB"

// TestGuard loads each bomb in a process of its own, which the guard must end
// with its message and nothing else.
func TestGuard(t *testing.T) {
	if name := os.Getenv(bombVariable); name != "" {
		bomb := bombs[name]
		Guard(bomb.limits, func(message string) {
			fmt.Fprint(os.Stderr, message)
			os.Exit(1)
		})
		_, err := Load(Options{Dir: os.Getenv(bombVariable + "_DIR"), Limits: bomb.limits})
		fmt.Fprint(os.Stderr, "loaded: ", err)
		os.Exit(0)
	}
	for name, bomb := range bombs {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, "policy.cue", []byte(bomb.source))
			cmd := exec.Command(os.Args[0], "-test.run=^TestGuard$")
			cmd.Env = append(os.Environ(), bombVariable+"="+name, bombVariable+"_DIR="+dir)
			var stderr strings.Builder
			cmd.Stderr = &stderr
			err := cmd.Run()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 1 {
				t.Errorf("it ended with %v", err)
			}
			if got := stderr.String(); got != bomb.want {
				t.Errorf("got:  %.300s\nwant: %s", got, bomb.want)
			}
		})
	}
}

// TestGuardStops has nothing to say of a policy within its limits.
func TestGuardStops(t *testing.T) {
	stop := Guard(Limits{}, func(message string) { t.Error(message) })
	defer stop()
	if _, err := Load(Options{Dir: write(t, threeTier)}); err != nil {
		t.Error(err)
	}
}

// TestValues bounds what a policy can copy out of a few lines.
func TestValues(t *testing.T) {
	dir := write(t, `-- policy.cue --
package p

name: "p"
_one: {"r\(1)": {tcp: [1], from: ["public", "10.0.0.1"]}}
tiers: a: ingress: _one
tiers: b: ingress: _one
`)
	if _, err := Load(Options{Dir: dir, Limits: Limits{Values: 18}}); err != nil {
		t.Error(err)
	}
	_, err := Load(Options{Dir: dir, Limits: Limits{Values: 17}})
	if want := "policy.cue:1:1: the policy has more than 17 values: split it into several"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

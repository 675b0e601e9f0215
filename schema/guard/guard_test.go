package guard_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sgc.dev/sgc/schema"
	"sgc.dev/sgc/schema/guard"
)

// bombs are policies that no limit in CUE stops.
var bombs = map[string]struct {
	source string
	limits guard.Limits
	want   string
}{
	"doubling strings": {
		source: "package p\n\n_a0: \"0123456789abcdef\"\n" + repeat(40, "_a%[2]d: _a%[1]d+_a%[1]d\n") + "name: _a40\n",
		limits: guard.Limits{Memory: 100 << 20},
		want:   "the policy needs more than 100 MiB of memory: raise --max-memory if this is meant",
	},
	"a long range": {
		source: "package p\n\nimport \"list\"\n\nname: \"p\"\n_r: list.Range(0, 1000000000, 1)\ntiers: web: tags: [\"\\(len(_r))\"]\n",
		limits: guard.Limits{Memory: 120 << 20},
		want:   "the policy needs more than 120 MiB of memory: raise --max-memory if this is meant",
	},
	"one step": { // 128 MiB, of which little is filled when it ends
		source: "package p\n\nimport \"strings\"\n\nname: \"p\"\n_a0: \"x\"\n" + repeat(23, "_a%[2]d: _a%[1]d+_a%[1]d\n") + "tiers: web: description: \"\\(len(strings.Split(_a23, \"\")))\"\n",
		limits: guard.Limits{Memory: 100 << 20},
		want:   "the policy needs more than 100 MiB of memory: raise --max-memory if this is meant",
	},
	"many disjunctions": {
		source: "package p\n\nname: \"p\"\n" + repeat(24, "_d%[1]d: {a%[1]d: 1} | {b%[1]d: 2}\n") + "tiers: web: _d0" + repeat(24, " & _d%[1]d") + "\n",
		limits: guard.Limits{Time: 300 * time.Millisecond},
		want:   "the policy needs more than 300ms to be evaluated: raise --max-time if this is meant",
	},
	"deep recursion": {
		source: "package p\n\nname: \"p\"\nx: 1" + strings.Repeat(" & 1", 1_000_000) + "\n",
		limits: guard.Limits{Nesting: 1 << 30},
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
		guard.Watch(bomb.limits, func(message string) {
			fmt.Fprint(os.Stderr, message)
			os.Exit(1)
		})
		_, err := schema.Load(schema.Options{Dir: os.Getenv(bombVariable + "_DIR"), Limits: bomb.limits})
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

var rehearsalArgs = []string{"--rehearse"}

func TestMain(m *testing.M) {
	if slices.Equal(os.Args[1:], rehearsalArgs) {
		if err := schema.Rehearse(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		return
	}
	os.Exit(m.Run())
}

// TestRehearsal holds every function that can ask for any amount of memory in one
// step to a message in place of the end of the program, by whatever name it is
// called and on values that come by reference.
func TestRehearsal(t *testing.T) {
	for _, c := range []struct{ imports, value, at string }{
		{`"math/bits"`, `"\(bits.Lsh(1, _huge))"`, "6:27: math/bits.Lsh"},
		{`"strings"`, `strings.Repeat(_long, 1000000)`, "6:24: strings.Repeat"},
		{`s "strings"`, `s.Repeat(_long, 1000000)`, "6:24: strings.Repeat"},
		{`"strings"`, `strings["Repeat"](_long, 1000000)`, "6:24: strings.Repeat"},
		{`"strings"`, `{s: strings}.s.Repeat(_long, 1000000)`, "6:28: strings"},
		{`"strings"`, `strings.Replace(_long, "", _long, -1)`, "6:24: strings.Replace"},
		{`"strings", "list"`, `strings.Join(list.Repeat([_long], 100000), "")`, "6:24: strings.Join"},
		{`"list"`, `"\(len(list.Repeat(list.Repeat([1], 100000), 1000000)))"`, "6:31: list.Repeat"},
		{`"list", "path"`, `path.Join(list.Repeat([_long], 100000), "unix")`, "6:24: path.Join"},
		{`"strconv"`, `strconv.FormatFloat(1, 102, 1000000000000, 64)`, "6:24: strconv.FormatFloat"},
		{`"list"`, `"\(_long * 1000000)\(len(list.Concat([[]])))"`, "6:33: *"},
		{`"list"`, `"\(1000000 * _long)\(len(list.Concat([[]])))"`, "6:35: *"},
	} {
		dir := t.TempDir()
		put(t, dir, "policy.cue", []byte("package p\n\nimport ("+c.imports+")\nname: \"p\"\n"+
			"_huge: 4000000000000, _a: {"+repeat(20, "a%[2]d: \"\\(a%[1]d)\\(a%[1]d)\", ")+"a0: \"0123456789\"}, _long: _a.a20\n"+
			"tiers: a: description: "+c.value+"\n"))
		got := ""
		if _, err := schema.Load(schema.Options{Dir: dir, Rehearsal: rehearsalArgs, Limits: guard.Limits{Memory: 1 << 30}}); err != nil {
			got = err.Error()
		}
		where, name, _ := strings.Cut(c.at, ": ")
		want := "policy.cue:" + where + ": the policy would need too much memory, here or at the next call: make what is given to " + name + " smaller"
		if got != want {
			t.Errorf("%s:\ngot:  %s\nwant: %s", c.value, got, want)
		}
	}
}

// TestOrdinary takes what policies use such functions for, and tells what is wrong
// in an argument as it would anywhere.
func TestOrdinary(t *testing.T) {
	for _, c := range []struct{ imports, value, want string }{
		{`"strings"`, `strings.Replace("a-b", "-", "_", -1) + strings.Repeat("=", 3)`, "a_b==="},
		{`"path"`, `path.Join(["a", "b"], "unix")`, "a/b"},
		{`"list", "strings"`, `strings.Join(list.Repeat(["a"], _two), "-")`, "a-a"},
		{`"strings"`, `"-" * 3 + _two * strings.ToUpper("x")`, "---XX"},
		{`"strings"`, `{j: strings.Join}.j(["a"], "b")`, "a"},
		{`"math/bits"`, `"\(bits.Lsh(1, _two))"`, "4"},
		{`"strings"`, `strings.Join([_x.foo], ",")`, "policy.cue:5:24: tiers.a.description: error in call to strings.Join: undefined field: foo"},
		{`"strconv"`, `strconv.FormatInt(-_two, 10) + "\(-_two)"`, "-2-2"},
	} {
		dir := t.TempDir()
		put(t, dir, "policy.cue", []byte("package p\nimport ("+c.imports+")\nname: \"p\"\n_two: 2, _x: {}\n"+
			"tiers: a: description: "+c.value+"\n"))
		got := ""
		if policies, err := schema.Load(schema.Options{Dir: dir, Rehearsal: rehearsalArgs}); err != nil {
			got = err.Error()
		} else {
			got = policies[0].Tiers[0].Description
		}
		if got != c.want {
			t.Errorf("%s:\ngot:  %s\nwant: %s", c.value, got, c.want)
		}
	}
}

// TestGuardStops has nothing to say of a policy within its limits.
func TestGuardStops(t *testing.T) {
	stop := guard.Watch(guard.Limits{}, func(message string) { t.Error(message) })
	defer stop()
	if _, err := schema.Load(schema.Options{Dir: "../../policies/three-tier"}); err != nil {
		t.Error(err)
	}
}

// TestValues bounds what a policy can copy out of a few lines.
func TestValues(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "policy.cue", []byte(`package p

name: "p"
_one: {"r\(1)": {tcp: [1], from: ["public", "10.0.0.1"]}}
tiers: a: ingress: _one
tiers: b: ingress: _one
`))
	if _, err := schema.Load(schema.Options{Dir: dir, Limits: guard.Limits{Values: 18}}); err != nil {
		t.Error(err)
	}
	_, err := schema.Load(schema.Options{Dir: dir, Limits: guard.Limits{Values: 17}})
	if want := "policy.cue:1:1: the policy has more than 17 values: split it into several"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestValuesOfNoForm counts nothing inside of what no policy has: a few lines may
// share as much of it as they like.
func TestValuesOfNoForm(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "policy.cue", []byte("package p\nname: \"p\"\na0: x: 1\n"+repeat(20, "a%[2]d: {l: a%[1]d, r: a%[1]d}\n")))
	_, err := schema.Load(schema.Options{Dir: dir, Limits: guard.Limits{Values: 100}})
	want := `policy.cue:3:1: a0: unknown field "a0": a value of your own begins with _`
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got:  %v\nwant: %s", err, want)
	}
}

func put(t testing.TB, dir, name string, data []byte) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

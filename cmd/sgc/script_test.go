package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	cue "cuelang.org/go/cmd/cue/cmd"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"

	"sgc.dev/sgc/sandbox/sandboxtest"
)

var update = flag.Bool("update", false, "write what the commands print into the scripts")

func TestMain(m *testing.M) {
	if slices.Equal(os.Args[1:], rehearsal) {
		main()
		return
	}
	// What nohup starts ignores hang-ups, and no shell can trap what it is to ignore.
	if signal.Ignored(syscall.SIGHUP) {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
	testscript.Main(m, map[string]func(){
		"sgc":    main,
		"cue":    func() { os.Exit(cue.Main()) },
		"typist": typist,
	})
}

// TestScripts runs testdata/script/*.txtar: the commands as a user types them,
// with the whole of what they print.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	programs := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", programs+string(filepath.Separator), "sgc.dev/sgc/cmd/sgc-graphviz").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	openstack, err := sandboxtest.Openstack()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                scriptCommands(),
		Setup: func(env *testscript.Env) error {
			env.Setenv("GRAPHVIZ", programs)
			// One that is installed is none of the scripts' business.
			path := slices.DeleteFunc(filepath.SplitList(env.Getenv("PATH")), func(dir string) bool {
				_, err := exec.LookPath(filepath.Join(dir, "sgc-graphviz"))
				return err == nil
			})
			if openstack != "" {
				path = slices.Insert(path, 0, openstack)
			}
			env.Setenv("PATH", strings.Join(path, string(filepath.ListSeparator)))
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, "cache"))
			// The example policies and the demo, under the names they have in the README.
			for _, name := range []string{"policies", "testdata/demo", "testdata/estates"} {
				if err := os.CopyFS(filepath.Join(env.WorkDir, name), os.DirFS(filepath.Join(root, name))); err != nil {
					return err
				}
			}
			return inCloud(env)
		},
	})
}

// TestScriptsCompareAll holds that scripts compare the whole of what each command
// prints, on both streams, or hand it on: a pattern sees what it looks for alone.
func TestScriptsCompareAll(t *testing.T) {
	scripts, err := filepath.Glob("../../testdata/script/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, script := range scripts {
		archive, err := txtar.ParseFile(script)
		if err != nil {
			t.Fatal(err)
		}
		command, open := "", map[string]bool{}
		closed := func() {
			for stream := range open {
				t.Errorf("%s: %s: %s is not compared", filepath.Base(script), command, stream)
			}
		}
		for line := range strings.Lines(string(archive.Comment)) {
			words, none := strings.Fields(line), false
			for len(words) > 0 && (words[0] == "!" || words[0][0] == '[') {
				none = words[0] == "!"
				words = words[1:]
			}
			if len(words) == 0 {
				continue
			}
			switch words[0] {
			case "exec", "exits":
				closed()
				command, open = strings.TrimSpace(line), map[string]bool{"stdout": true, "stderr": true}
			case "groups", "modes":
				closed()
				command, open = strings.TrimSpace(line), map[string]bool{"stdout": true}
			case "cmp", "cp", "stdin":
				delete(open, words[1])
			case "stdout", "stderr":
				if none && words[1] == "." {
					delete(open, words[0])
				}
			}
		}
		closed()
	}
}

// scriptCommands are what scripts may do beyond running programs.
func scriptCommands() map[string]func(*testscript.TestScript, bool, []string) {
	plain := func(do func(*testscript.TestScript, []string) error) func(*testscript.TestScript, bool, []string) {
		return func(ts *testscript.TestScript, neg bool, args []string) {
			if neg {
				ts.Fatalf("! means nothing here")
			}
			ts.Check(do(ts, args))
		}
	}
	commands := map[string]func(*testscript.TestScript, bool, []string){
		"exits":      plain(exits),
		"modes":      plain(modes),
		"groups":     plain(groups),
		"port":       plain(port),
		"server":     plain(server),
		"fault":      plain(fault),
		"credential": plain(credential),
		"front":      plain(front),
		"quota":      plain(quota),
		"born":       plain(born),
		"lacks":      plain(lacks),
		"addresses":  plain(addresses),
		"clouds":     plain(inClouds),
		"at":         plain(at),
		"meanwhile":  plain(meanwhile),
	}
	for name := range others {
		commands[name] = plain(byOthers(name))
	}
	return commands
}

// exits runs a command that must end with an exit code, as in "exits 2 sgc plan
// --detailed-exitcode". What differs from run to run has a word in its output.
func exits(ts *testscript.TestScript, args []string) error {
	want, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	err = ts.Exec(args[1], args[2:]...)
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		return err
	}
	got := 0
	if failed != nil {
		got = failed.ExitCode()
	}
	if got != want {
		return fmt.Errorf("exit code %d, not %d", got, want)
	}
	out, messages := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	io.WriteString(ts.Stdout(), steady(out, ts.Getenv("WORK")))
	io.WriteString(ts.Stderr(), steady(messages, ts.Getenv("WORK")))
	return nil
}

var (
	address  = regexp.MustCompile(`(127\.0\.0\.1|0\.0\.0\.0):\d{4,5}(/[0-9a-f]{12}\b)?`)
	snapshot = regexp.MustCompile(`\d{8}T\d{6}Z-\d+\.json`)
	day      = regexp.MustCompile(`"day": ?"\d{4}-\d\d-\d\d"`)
	changed  = regexp.MustCompile(`the last of which changed at [\dTZ:-]+`)
	minute   = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d UTC`)
	shortID  = regexp.MustCompile(`\brule [0-9a-f]{8}…`)
	stamp    = regexp.MustCompile(`"(created|updated)": "\d{4}-\d\d-\d\dT[\d:]+Z"`)
	unixTime = regexp.MustCompile(`(_timestamp_seconds\{.*\}) \d+`)
	pause    = regexp.MustCompile(`trying again in [\d.]+m?s`)
	folder   = regexp.MustCompile(`sgc-sandbox-\d+`)
	versions = regexp.MustCompile(`\(devel\)|\bv\d+\.\d+\.\d+[\w.+-]*|\bgo1\.\d+[\w.]*`)
)

// steady puts words for the parts of an output that no two runs have in common: the
// folder and a sandbox's own, the address of the cloud, the time in the name of a snapshot and of a group's last change, the day, a pause; and
// for the releases of sgc and what it is built with.
func steady(text, work string) string {
	text = strings.ReplaceAll(text, work, "$WORK")
	text = folder.ReplaceAllString(text, "sgc-sandbox-N")
	text = address.ReplaceAllString(text, "CLOUD")
	text = day.ReplaceAllString(text, `"day":"TODAY"`)
	text = changed.ReplaceAllString(text, "the last of which changed at TIME")
	text = minute.ReplaceAllString(text, "TIME UTC")
	text = shortID.ReplaceAllString(text, "rule ID…")
	text = stamp.ReplaceAllString(text, `"$1": "TIME"`)
	text = unixTime.ReplaceAllString(text, "$1 TIME")
	text = pause.ReplaceAllString(text, "trying again in PAUSE")
	text = versions.ReplaceAllString(text, "RELEASE")
	return snapshot.ReplaceAllString(text, "TIME.json")
}

// modes prints what the names are: the mode of a file, where a link leads.
func modes(ts *testscript.TestScript, args []string) error {
	for _, name := range args {
		info, err := os.Lstat(ts.MkAbs(name))
		if err != nil {
			return err
		}
		text := info.Mode().String()
		if info.Mode()&os.ModeSymlink != 0 {
			to, err := os.Readlink(ts.MkAbs(name))
			if err != nil {
				return err
			}
			text = "-> " + to
		}
		fmt.Fprintln(ts.Stdout(), name, text)
	}
	return nil
}

package export

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// shells are those found on this machine, each as a command. One is always
// there: the tests need a real sh.
func shells(t testing.TB) [][]string {
	t.Helper()
	found := [][]string{{"sh"}}
	for _, c := range [][]string{{"dash"}, {"bash", "--posix"}, {"busybox", "sh"}, {"mksh"}, {"yash", "--posix"}} {
		if _, err := exec.LookPath(c[0]); err == nil {
			found = append(found, c)
		}
	}
	return found
}

// sh runs a script in a shell and returns its standard output.
func sh(t testing.TB, shell []string, script string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(file, []byte(script), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(shell[0], append(append(shell[1:len(shell):len(shell)], file), args...)...)
	var out, err bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &err
	if e := cmd.Run(); e != nil {
		t.Fatalf("%s: %v\n%s\n%s", shell, e, err.String(), script)
	}
	return out.String()
}

func TestScriptSyntax(t *testing.T) {
	for _, set := range []*rule.Set{threeTier(), hostile(), {Policy: "empty"}} {
		script := written(t, Sh, set)
		for _, shell := range shells(t) {
			cmd := exec.Command(shell[0], append(shell[1:len(shell):len(shell)], "-n")...)
			cmd.Stdin = bytes.NewReader(script)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s -n: %v\n%s", shell, err, out)
			}
		}
	}
}

func TestShellcheck(t *testing.T) {
	if _, err := exec.LookPath("shellcheck"); err != nil {
		t.Skip("shellcheck is not installed: .ci/run installs it")
	}
	unnamed := &rule.Set{Policy: "unnamed", Foreign: []rule.External{{Key: "legacy", Name: "old"}}, AddressGroups: []rule.External{{Key: "office", Name: "all"}}} // by any rule
	for _, sets := range [][]*rule.Set{{threeTier()}, {hostile()}, {threeTier(), hostile()}, {{Policy: "empty"}}, {unnamed}, {}} {
		cmd := exec.Command("shellcheck", "-")
		cmd.Stdin = bytes.NewReader(written(t, Sh, sets...))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// calls are the words that a script's policies hand to the functions of the
// script, function by function, as a real shell sees them. The functions stand
// still here: a lookup finds an id, and nothing is asked of anybody.
func calls(t testing.TB, shell []string, script string) [][]string {
	t.Helper()
	policies, _, ok := strings.Cut(script, functions)
	if !ok {
		t.Fatal("the script does not hold its functions")
	}
	stubs := `
call() { printf '%s\0' "$#" "$@"; }
groups=groups id='' state=missing
for f in open_policy find_group find_other create_group check_created open_group rule close_group close_policy; do
	eval "$f() { call $f \"\$@\"; id=id-of-\${1-}; }"
done
find_group() { call find_group "$@"; id='' state=missing; }
list() { call list "$@"; table=addresses; }
`
	return recorded(t, sh(t, shell, policies+stubs+"policy_1\n"))
}

// recorded are calls that a shell has printed, each after the number of its words.
func recorded(t testing.TB, out string) [][]string {
	t.Helper()
	fields := strings.Split(out, "\x00")
	var all [][]string
	for len(fields) > 1 {
		var n int
		if _, err := fmt.Sscan(fields[0], &n); err != nil || n >= len(fields) {
			t.Fatalf("cannot read calls in %q", out)
		}
		all = append(all, fields[1:n+1])
		fields = fields[n+1:]
	}
	return all
}

// withText is a policy that has a text wherever a policy can have one.
func withText(text string) *rule.Set {
	pos := rule.Pos{File: text, Line: 5, Column: 7}
	r := entry(9, "tiers.web.ingress."+text, "public", tcp(81, rule.ForeignGroup("legacy")))
	r.Origins[0].Pos, r.Origins[0].Description = pos, text
	r6 := entry(10, "tiers.web.ingress.more", "public", tcp(82, rule.AddressGroup("office")))
	return &rule.Set{
		Policy: text,
		Groups: []rule.Group{finished(rule.Group{
			Tier: "web", Name: text, Description: text, Stateful: true, Tags: []string{text}, Pos: pos, Rules: []rule.Entry{r, r6}})},
		Foreign:       []rule.External{{Key: "legacy", Name: text, Pos: pos}},
		AddressGroups: []rule.External{{Key: "office", ID: text, Pos: pos}},
	}
}

// checkText holds a script to this: each text of the policy reaches the function
// that it is for, byte for byte, and nothing in it is run.
func checkTextArrives(t *testing.T, shell []string, text string) {
	t.Helper()
	set := withText(text)
	mark := rule.Mark(text, "web")
	want := [][]string{
		{"open_policy"},
		{"find_group", clientJSON(text), clientJSONBody(mark) + `"`, clientJSON("sgc:policy=" + text), `"sgc:tier=web"`},
		{"find_other", "groups", "security group", "3", clientJSON(text)},
		{"list", "address", "group"},
		{"find_other", "addresses", "address group", "1", text},
		{"create_group", clientJSON(text), "--stateful", "--description=" + text + " " + mark, "--", text},
		{"check_created"},
		{"open_group", clientJSON(text), "id-of-" + clientJSON(text), "missing", "true"},
		{"rule", "--ingress", "--ethertype=IPv4", "--protocol=tcp", "--dst-port=81", "--remote-group=id-of-groups", "--description=" + text},
		{"rule", "--ingress", "--ethertype=IPv4", "--protocol=tcp", "--dst-port=82", "--remote-address-group=id-of-addresses", "--description=more"},
		{"close_group", clientJSON("sgc:policy=" + text), `"sgc:tier=web"`, "--tag=" + text, "--tag=sgc:policy=" + text, "--tag=sgc:tier=web"},
		{"close_policy", text, "1"},
	}
	got := calls(t, shell, string(written(t, Sh, set)))
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("%s, text %q:\n got %q\nwant %q", shell, text, got, want)
	}
}

func TestTextArrives(t *testing.T) {
	for _, shell := range shells(t) {
		for _, text := range hostileTexts {
			checkTextArrives(t, shell, text)
		}
	}
}

// hostileTexts are texts that mean something to a shell, to the client's parser,
// or to a reader of JSON.
var hostileTexts = []string{
	"plain", "two words", " led and trailed ", "it's", `"double"`, `back\slash`, `\`, "`id`", "$(id)", "$HOME ${x}", "!history", "a;b", "a|b&c>d<e",
	"# no comment", "line\nline", "\n", "trailing\n", "\n!touch /tmp/x\n", "tab\there", "\r\n", "-v", "--help", "--", "~", "*", "[a-z]", "%s%n", "{1}",
	"'; exit 7; '", "EOF", "Grüße", "\u202e\u2028", "\x7f\x01", "=", "a=b", "'\"'\"'", "\\n", "}", "policy_1",
	"a\n::error::b", "\n  ::group::", "##[add-mask]x", "##vso[task.x]", "\x1b[2J",
}

// TestLineOf checks the words that a session is trusted with: of every character
// of ASCII, those that the client's parser is known to carry, in quotes where it
// takes quotes off twice or once.
func TestLineOf(t *testing.T) {
	const bare = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.,:/@%+=-"
	const quoted = " ();#[]"
	lineOf := scriptFunction(t, "line_of")
	for _, shell := range shells(t) {
		var script strings.Builder
		script.WriteString(scriptHeadOf(t) + lineOf)
		script.WriteString("try() { if line_of \"$@\"; then printf '%s\\0' \"$line\"; else printf 'no\\0'; fi; }\n")
		var want []string
		for _, q := range []struct{ how, open, close string }{{"twice", `"'`, `'"`}, {"once", `"`, `"`}} {
			fmt.Fprintf(&script, "quote=%s\n", q.how)
			for c := 1; c < 128; c++ {
				word := "x" + string(rune(c)) + "y"
				fmt.Fprintf(&script, "try rule %s\n", quote(word))
				switch {
				case strings.Contains(bare, word[1:2]):
					want = append(want, "rule "+word)
				case strings.Contains(quoted, word[1:2]):
					want = append(want, "rule "+q.open+word+q.close)
				default:
					want = append(want, "no")
				}
			}
			fmt.Fprintf(&script, "try rule ''\ntry é\n")
			want = append(want, "no", "no")
		}
		got := strings.Split(strings.TrimSuffix(sh(t, shell, script.String()), "\x00"), "\x00")
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
			t.Errorf("%s:\n got %q\nwant %q", shell, got, want)
		}
	}
}

// scriptFunction is the text of one function of the script.
func scriptFunction(t testing.TB, name string) string {
	t.Helper()
	start := strings.Index(functions, "\n"+name+"() {\n")
	if start < 0 {
		t.Fatalf("the script has no function %s", name)
	}
	end := strings.Index(functions[start:], "\n}\n")
	return functions[start : start+end+3]
}

// scriptHeadOf is what stands before the first function: the script's constants.
func scriptHeadOf(t testing.TB) string {
	t.Helper()
	head, _, ok := strings.Cut(functions, "\nfail() {")
	if !ok {
		t.Fatal("the script does not begin as it should")
	}
	return head + "\n"
}

func FuzzText(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" || text == "default" || strings.Contains(text, "\x00") {
			t.Skip("no text of a policy: it is never empty here, and the loader refuses a zero byte; no group that every project has is created")
		}
		checkTextArrives(t, []string{"sh"}, text)
		checkTyped(t, []string{"sh"}, text)
	})
}

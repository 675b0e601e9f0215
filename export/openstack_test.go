package export

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// understood is a call of openstack as its parser takes it: the command, the name or the
// ids that it is about, and the options with their values.
func understood(t testing.TB, words []string) string {
	t.Helper()
	flags := []string{"--stateful", "--stateless", "--ingress", "--egress"}
	var command, options []string
	for len(words) > 0 {
		word, rest := words[0], words[1:]
		switch {
		case word == "--":
			command, rest = append(command, rest...), nil
		case !strings.HasPrefix(word, "-"):
			command = append(command, word)
		case slices.Contains(flags, word) || strings.HasPrefix(word, "--") && strings.Contains(word, "="):
			options = append(options, word)
		case len(rest) == 0 || strings.HasPrefix(rest[0], "-"):
			t.Fatalf("%s has no value in %q", word, words)
		default:
			options, rest = append(options, word+"="+rest[0]), rest[1:]
		}
		words = rest
	}
	return fmt.Sprintf("%q %q", command, options)
}

// checkTyped has a shell read the commands: each text of a policy reaches the client byte
// for byte, where it cannot be taken for an option, and nothing in it is run.
func checkTyped(t *testing.T, shell []string, text string) {
	t.Helper()
	// Where rules are listed, two are there.
	const stub = `
exec 3>&1
openstack() { printf '%s\0' "$#" "$@" >&3; [ "$4" != list ] || printf 'one\ntwo\n'; }
`
	set := withText(text)
	set.Groups[0].Stateful = false
	var got []string
	for _, words := range recorded(t, sh(t, shell, stub+string(written(t, Openstack, set)))) {
		got = append(got, understood(t, words))
	}
	want := []string{
		fmt.Sprintf("%q %q", []string{"security", "group", "create", text}, []string{"--stateless", "--description=" + text + " " + rule.Mark(text, "web")}),
		fmt.Sprintf("%q %q", []string{"security", "group", "rule", "list", text}, []string{"-f=value", "-c=ID"}),
		fmt.Sprintf("%q %q", []string{"security", "group", "rule", "delete", "one", "two"}, []string{}),
		fmt.Sprintf("%q %q", []string{"security", "group", "rule", "create", text}, []string{
			"--ingress", "--ethertype=IPv4", "--protocol=tcp", "--dst-port=81", "--remote-group=" + text, "--description=" + text}),
		fmt.Sprintf("%q %q", []string{"security", "group", "rule", "create", text}, []string{
			"--ingress", "--ethertype=IPv4", "--protocol=tcp", "--dst-port=82", "--remote-address-group=" + text, "--description=more"}),
		fmt.Sprintf("%q %q", []string{"security", "group", "set", text}, []string{"--tag=" + text, "--tag=sgc:policy=" + text, "--tag=sgc:tier=web"}),
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s, text %q:\n got %s\nwant %s", shell, text, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

func TestTyped(t *testing.T) {
	for _, shell := range shells(t) {
		for _, text := range hostileTexts {
			checkTyped(t, shell, text)
		}
	}
}

// TestCommentsAreHarmless holds comments to words, since a shell may take one that is
// pasted for a command.
func TestCommentsAreHarmless(t *testing.T) {
	harmless := regexp.MustCompile(`^#[\w .,:=-]*$`)
	comments := 0
	for _, line := range strings.Split(string(written(t, Openstack, threeTier(), everyRemote())), "\n") {
		if !strings.HasPrefix(line, "#") {
			continue
		}
		comments++
		if !harmless.MatchString(line) {
			t.Errorf("more than words: %s", line)
		}
	}
	if comments == 0 {
		t.Error("there are no comments")
	}
}

// TestDefaultIsNotCreated has a group that every project has: what creates it fails, and
// the rules would be those of the project's.
func TestDefaultIsNotCreated(t *testing.T) {
	set := threeTier()
	set.Groups[1].Name = "default"
	var b bytes.Buffer
	err := Write(&b, Openstack, []*rule.Set{hostile(), set})
	const want = `policy.cue:23:2: tier db: these commands create groups, and every project already has a group "default": sgc apply --adopt takes it over`
	if err == nil || err.Error() != want || b.Len() > 0 {
		t.Errorf("%d bytes, and %v, want %s", b.Len(), err, want)
	}
}

//go:build conformance

package conformance

import (
	"slices"
	"testing"
)

// testText demands every text of a policy in the cloud byte for byte, and that
// none was executed: a script that leaves a file fails in finish, and the
// openstack command's own language is tempted with a group called canary.
func testText(t *testing.T, c *cloud) {
	a, script := c.tenant(t), c.export(t, "testdata/text.cue")
	a.apply(t, script)
	first := a.groups(t)

	type texts struct {
		name, description string
		tags              []string
		rules             []string // by port
	}
	want := []texts{
		{
			name:        `'; touch canary-4; echo '"; touch canary-5; `,
			description: "it's \"quoted\" $(touch canary-1) `touch canary-2` $HOME ${PATH} \\ \\\\ \\n !! !x *?[a] ~ # ; | & > canary-3 %s %n [sgc:text/quotes]",
			tags:        []string{"'\"$(touch canary-6)`touch canary-7`\\", "-dash", "sp ace=#1; touch canary-8", "sgc:policy=text", "sgc:tier=quotes"},
			rules:       []string{"'\"'\"'\\'' $(touch canary-9) \"`touch canary-10`\" \\ (owner O'Brien \"the boss\", ticket https://tickets.example/?a=1&b=$2;c#d)"},
		},
		{
			name:        "--name\nsecurity group create canary",
			description: "one\ntouch canary-11\n\nsecurity group create canary\n\ttab, and a backslash at the end of a line \\\nEOF\n'\nsecurity group create canary\n [sgc:text/lines]",
			tags:        []string{"sgc:policy=text", "sgc:tier=lines"},
			rules:       []string{"first\nsecurity group create canary\n!touch canary-12\nshell touch canary-13\nquit\nEOF\n.\n (owner line\nbreak, ticket --help)"},
		},
		{
			name:        "Zoë’s группа – 組",
			description: " leading and trailing blanks  [sgc:text/words]",
			tags:        []string{"ключ=значение", "ü\nsecurity group create canary", "sgc:policy=text", "sgc:tier=words"},
			rules:       []string{"  --ingress --protocol any  ", "# no comment", "-"},
		},
	}
	var got []texts
	for _, g := range first {
		slices.SortFunc(g.Rules, func(a, b liveRule) int { return *a.Min - *b.Min })
		text := texts{name: g.Name, description: g.Description, tags: slices.Sorted(slices.Values(g.Tags))}
		for _, r := range g.Rules {
			text.rules = append(text.rules, r.Description)
		}
		got = append(got, text)
	}
	for _, w := range want {
		slices.Sort(w.tags)
		i := slices.IndexFunc(got, func(g texts) bool { return g.name == w.name })
		if i < 0 {
			t.Errorf("there is no group %q", w.name)
			continue
		}
		g := got[i]
		if g.description != w.description {
			t.Errorf("description of %q:\n got %q\nwant %q", w.name, g.description, w.description)
		}
		if !slices.Equal(g.tags, w.tags) {
			t.Errorf("tags of %q:\n got %q\nwant %q", w.name, g.tags, w.tags)
		}
		if !slices.Equal(g.rules, w.rules) {
			t.Errorf("descriptions of the rules of %q:\n got %q\nwant %q", w.name, g.rules, w.rules)
		}
		got = slices.Delete(got, i, i+1)
	}
	for _, g := range got {
		t.Errorf("there is a group %q that nobody asked for", g.name)
	}

	a.apply(t, script)
	requireUntouched(t, first, a.groups(t))
}

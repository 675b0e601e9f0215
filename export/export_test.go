package export

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"sgc.dev/sgc/rule"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

func written(t *testing.T, f Format, sets ...*rule.Set) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f, sets); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	policies := map[string][]*rule.Set{
		"three-tier": {threeTier()},
		"hostile":    {hostile()},
		"several":    {everyRemote(), threeTier()},
		"none":       {},
	}
	for name, sets := range policies {
		for _, f := range Formats() {
			t.Run(name+"."+string(f), func(t *testing.T) {
				got := written(t, f, sets...)
				golden(t, filepath.Join("testdata", name+"."+string(f)), got)
			})
		}
	}
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run go test ./export -update and look at the change\n%s", file, got)
	}
}

// TestStable writes the same sets twice, from fresh copies.
func TestStable(t *testing.T) {
	for _, f := range Formats() {
		once, again := written(t, f, threeTier(), hostile()), written(t, f, threeTier(), hostile())
		if !bytes.Equal(once, again) {
			t.Errorf("%s differs between two runs", f)
		}
	}
}

// TestRefused changes a good set into one that cannot be written, and expects
// the error in every format, and not a byte before it.
func TestRefused(t *testing.T) {
	tests := []struct {
		name   string
		change func(*rule.Set)
		want   string
	}{
		{"a tier that is not there", func(s *rule.Set) { s.Groups[0].Rules[2].Remote = rule.Tier("web") },
			"policy three-tier: policy.cue:19:3: tier app: rule ingress IPv4 tcp/80 from tier web: there is no tier web"},
		{"a group that is not there", func(s *rule.Set) { s.Groups[0].Rules[3].Remote = rule.ForeignGroup("app") },
			"policy three-tier: policy.cue:19:3: tier app: rule ingress IPv6 tcp/80 from group app: there is no group app"},
		{"an address group that is not there", func(s *rule.Set) { s.Groups[1].Rules[0].Remote = rule.AddressGroup("dbas") },
			"policy three-tier: policy.cue:25:3: tier db: rule ingress IPv4 tcp/22 from address group dbas: there is no address group dbas"},
		{"a zero rule", func(s *rule.Set) { s.Groups[2].Rules[0].Rule = rule.Rule{} },
			`policy three-tier: policy.cue:17:3: tier internet-access: rule Direction(0) Family(0) 0/ from nobody: no direction`},
		{"a zero byte in a name", func(s *rule.Set) { s.Groups[1].Name = "d\x00b" },
			`policy three-tier: policy.cue:23:2: tier db: "d\x00b" holds a zero byte`},
		{"a zero byte in a description", func(s *rule.Set) { s.Groups[1].Rules[1].Origins[0].Description = "\x00" },
			`policy three-tier: policy.cue:25:3: tier db: rule ingress IPv6 tcp/22 from 2001:db8::db:ad/128: "\x00" holds a zero byte`},
		{"a name and an id", func(s *rule.Set) {
			s.Foreign = []rule.External{{Key: "old", Name: "old-1", ID: "0b9d", Pos: at(61)}}
		}, "policy three-tier: policy.cue:61:2: old needs either a name or an id"},
		{"two groups of one name", func(s *rule.Set) { s.Groups[2].Name = "db" },
			`policy three-tier: policy.cue:17:2: tier internet-access: the group name "db" is that of tier db too`},
		{"two tiers of one name", func(s *rule.Set) { s.Groups[1].Tier = "app" },
			`policy three-tier: policy.cue:23:2: tier app stands here twice`},
	}
	for _, test := range tests {
		for _, f := range Formats() {
			set := threeTier()
			test.change(set)
			var b bytes.Buffer
			err := Write(&b, f, []*rule.Set{hostile(), set})
			if err == nil || err.Error() != test.want {
				t.Errorf("%s, %s:\n got %v\nwant %s", test.name, f, err, test.want)
			}
			if b.Len() > 0 {
				t.Errorf("%s, %s: %d bytes were written", test.name, f, b.Len())
			}
		}
	}
}

// failing takes so many bytes and no more.
type failing int

func (n *failing) Write(p []byte) (int, error) {
	if len(p) > int(*n) {
		return 0, io.ErrShortWrite
	}
	*n -= failing(len(p))
	return len(p), nil
}

// TestWriteFails wants the writer's error, wherever it comes.
func TestWriteFails(t *testing.T) {
	for _, f := range Formats() {
		whole := len(written(t, f, threeTier(), hostile()))
		for n := range whole {
			if n > 200 && n < whole-1 && n%97 != 0 {
				continue
			}
			room := failing(n)
			if err := Write(&room, f, []*rule.Set{threeTier(), hostile()}); err == nil {
				t.Fatalf("%s: a writer that fails after %d of %d bytes goes unnoticed", f, n, whole)
			}
		}
	}
}

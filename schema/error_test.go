package schema

import (
	"strings"
	"testing"
)

// TestLongText shows the beginning of a text that is too long to be read.
func TestLongText(t *testing.T) {
	long := strings.Repeat("é", 4000)
	dir := write(t, "-- policy.cue --\npackage p\n\nname: \"p\"\ntiers: a: ingress: ssh: from: [\""+long+"\"]\n")
	_, err := Load(Options{Dir: dir})
	want := `policy.cue:4:32: tiers.a.ingress.ssh.from.0: unknown tier, address set or group "é`
	if err == nil || !strings.HasPrefix(err.Error(), want) || !strings.HasSuffix(err.Error(), "éé…") || len(err.Error()) > 4100 {
		t.Errorf("%.300v", err)
	}
}

package carryout

import (
	"strings"
	"testing"
)

// TestUnsettledIsShort keeps what others have done to a whole project in a line that can be read.
func TestUnsettledIsShort(t *testing.T) {
	for many, want := range map[int]string{
		1:   "others have made changes since: a",
		5:   "others have made changes since: a; a; a; a; a",
		300: "others have made changes since: a; a; a; a; a; and 295 more",
	} {
		u := &Unsettled{Others: strings.Fields(strings.Repeat("a ", many))}
		if u.Error() != want {
			t.Errorf("%d: %s", many, u)
		}
	}
}

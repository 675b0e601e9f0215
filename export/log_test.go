package export

import (
	"regexp"
	"testing"
)

// TestLog holds that no format has a line which whoever reads a log would obey, or a
// character that hides what is there.
func TestLog(t *testing.T) {
	const text = "one\n::stop-commands::x\n  ::error file=a::b ##[add-mask]c ##vso[task.d]\u202e\u2028\u00ad"
	obeyed := regexp.MustCompile(`(?m)^\s*::|##(vso)?\[|[\x{202e}\x{2028}\x{ad}]`)
	set := threeTier()
	group := &set.Groups[0]
	group.Name, group.Description, group.Tags, group.Pos.File = text, text, []string{text}, "::stop-commands::x\u202e.cue"
	origin := &group.Rules[0].Origins[0]
	origin.Description, origin.Owner, origin.Ticket, origin.Pos.File = text, text, text, group.Pos.File
	for _, f := range Formats() {
		if found := obeyed.FindAll(written(t, f, set), -1); found != nil {
			t.Errorf("%s has %q", f, found)
		}
	}
}

package plan

import (
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

func TestResolve(t *testing.T) {
	have := []Candidate{
		{ID: "1", Name: "legacy", ProjectID: "mine"},
		{ID: "2", Name: "twice", ProjectID: "mine"},
		{ID: "3", Name: "twice", ProjectID: "mine"},
		{ID: "4", Name: "shared", ProjectID: "theirs", Shared: true},
		{ID: "5", Name: "hidden", ProjectID: "theirs"}, // an administrator sees it
		{ID: "6", Name: "legacy", ProjectID: "theirs", Shared: true},
	}
	pos := rule.Pos{File: "p.cue", Line: 3, Column: 9}
	for _, test := range []struct {
		external rule.External
		id, err  string
	}{
		{rule.External{Key: "a", Name: "legacy"}, "1", ""},
		{rule.External{Key: "a", ID: "1"}, "1", ""},
		{rule.External{Key: "a", Name: "shared"}, "4", ""},
		{rule.External{Key: "a", ID: "5"}, "5", ""},
		{rule.External{Key: "a", Name: "twice"}, "", `p.cue:3:9: 2 of this project's security groups are called "twice" (2, 3): give the id of the one that is meant`},
		{rule.External{Key: "a", Name: "hidden"}, "", `p.cue:3:9: there is no security group called "hidden" in this project, nor shared with it; where it belongs to another project, give its id`},
		{rule.External{Key: "a", ID: "7"}, "", "p.cue:3:9: there is no security group with the id 7 in this project, nor shared with it"},
	} {
		test.external.Pos = pos
		x, err := Resolve(Desired{Foreign: []rule.External{test.external}}, "mine", have, nil)
		if text := errorText(err); text != test.err || err == nil && x.Groups["a"] != test.id {
			t.Errorf("%+v is %q, error %q", test.external, x.Groups["a"], text)
		}
	}
	twice := Desired{Foreign: []rule.External{{Key: "a", Name: "legacy"}, {Key: "b", ID: "1"}}}
	if _, err := Resolve(twice, "mine", have, nil); !strings.Contains(errorText(err), "a and b are the same security group, 1") {
		t.Errorf("two names for one id: %v", err)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

package plan

import (
	"testing"

	"sgc.dev/sgc/rule"
)

// TestRestoreTouchesNoOthers goes back with a group that was the policy's or was yet to
// be taken over, and has become all that a group can become.
func TestRestoreTouchesNoOthers(t *testing.T) {
	http, ssh := tcp(80, rule.Anyone()), tcp(22, rule.Anyone())
	as := func(g rule.LiveGroup, description string, tags []string) rule.LiveGroup {
		g.Description, g.Tags = description, tags
		return g
	}
	ours := live("id-db", "db", http)
	free := as(ours, "old db", nil)
	ground := as(live("id-db", "db", http), "default [sgc:shop/db]", rule.OwnershipTags("shop", "db"))
	ground.Name = defaultGroup
	fresh := live("id-new", "db", ssh)
	moved := as(live("id-db", "data", ssh), rule.Mark("shop", "data"), nil)
	moved.Name = "data"
	other := as(live("id-db", "db", ssh), rule.Mark("other", "db"), nil)
	other.Name = "theirs"
	widened := as(ground, "default", nil)
	widened.Rules = live("id-db", "db", http, ssh).Rules
	described := as(ground, "for all of us", nil)
	for _, c := range []struct {
		name   string
		then   rule.LiveGroup
		now    []rule.LiveGroup
		action Action // "": refused
		want   string
	}{
		{"ours, and changed", ours, []rule.LiveGroup{live("id-db", "db", ssh)}, Change, ""},
		{"ours, and the same", ours, []rule.LiveGroup{ours}, Keep, ""},
		{"ours, of another tier by now", ours, []rule.LiveGroup{moved}, Change, ""},
		{"ours, created again and not tagged", ours, []rule.LiveGroup{as(fresh, fresh.Description, nil)}, Change, ""},
		{"ours, and gone", ours, nil, Create, ""},
		{"ours, handed to another policy", ours, []rule.LiveGroup{other}, "",
			"security group theirs (id-db) belongs to policy other now: restore does not touch it"},
		{"ours, and unmarked since", ours, []rule.LiveGroup{as(ours, "my db", nil)}, "",
			"security group db (id-db) has lost the policy's mark since: it is somebody else's now: restore does not touch it"},
		{"ours, unmarked since with its tags left", ours, []rule.LiveGroup{as(ours, "", ours.Tags)}, "",
			"security group db (id-db) has lost the policy's mark since: it is somebody else's now: restore does not touch it"},
		{"ours, gone, and its name in use", ours, []rule.LiveGroup{as(fresh, "", nil)}, "",
			"security group db (id-new) exists and is not the policy's (rename or delete it first): restore does not touch it"},
		{"the default group, given back", ground, []rule.LiveGroup{as(ground, "default", nil)}, Change, ""},
		{"the default group, given back and changed", ground, []rule.LiveGroup{widened}, "",
			"security group default (id-db) has lost the policy's mark since: it is somebody else's now: restore does not touch it"},
		{"the default group, given back and described", ground, []rule.LiveGroup{described}, "",
			"security group default (id-db) has lost the policy's mark since: it is somebody else's now: restore does not touch it"},
		{"taken over", free, []rule.LiveGroup{live("id-db", "db", ssh)}, Change, ""},
		{"yet to be taken over", free, []rule.LiveGroup{free}, Keep, ""},
		{"half given back", free, []rule.LiveGroup{as(live("id-db", "db", http), rule.Mark("shop", "db"), nil)}, Change, ""},
		{"taken over, gone, and there again as it was", free, []rule.LiveGroup{as(live("id-new", "db", http), "old db", nil)}, Keep, ""},
		{"taken over, and gone", free, nil, Create, ""},
		{"taken over, gone, and half created again", free, []rule.LiveGroup{as(live("id-new", "db", ssh), rule.Mark("shop", "id-db"), nil)}, Change, ""},
		{"never taken over, and changed", free, []rule.LiveGroup{as(live("id-db", "db", ssh), "old db", nil)}, "",
			"security group db (id-db) was not the policy's when the snapshot was saved, nor is it now, and has changed since (where sgc did that, go back with that run's snapshot first): restore does not touch it"},
		{"never taken over, described otherwise, with the policy's tags", free, []rule.LiveGroup{as(free, "my db", ours.Tags)}, "",
			"security group db (id-db) was not the policy's when the snapshot was saved, nor is it now, and has changed since (where sgc did that, go back with that run's snapshot first): restore does not touch it"},
		{"taken over by another policy", free, []rule.LiveGroup{other}, "",
			"security group theirs (id-db) belongs to policy other now: restore does not touch it"},
	} {
		shot := Snapshot{Version: Version, Place: Place{Keystone: "https://cloud.example/v3", Project: "p1"}, Policy: "shop", State: rule.State{Project: "p1", Groups: []rule.LiveGroup{c.then}}}
		d, x := shot.Desired()
		p, err := Make(d, &rule.State{Project: "p1", Groups: c.now}, x, Options{})
		switch {
		case c.action == "" && (err == nil || err.Error() != c.want):
			t.Errorf("%s: %v, not %q", c.name, err, c.want)
		case c.action != "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.action != "" && p.Groups[0].Action != c.action:
			t.Errorf("%s: %s, not %s", c.name, p.Groups[0].Action, c.action)
		}
	}
}

// TestRestoreSaysWhatIsLost notes, each time anew, the rule that sgc cannot make again.
func TestRestoreSaysWhatIsLost(t *testing.T) {
	then := live("id-db", "db", tcp(80, rule.Anyone()))
	odd := rule.LiveRule{ID: "odd", Words: "ingress IPv4 protocol 0"}
	then.Rules = append(then.Rules, odd)
	shot := Snapshot{Version: Version, Place: Place{Keystone: "https://cloud.example/v3", Project: "p1"}, Policy: "shop", State: rule.State{Project: "p1", Groups: []rule.LiveGroup{then}}}
	d, x := shot.Desired()
	for name, c := range map[string]struct {
		now   []rule.LiveGroup
		notes int
	}{
		"there":     {[]rule.LiveGroup{then}, 0},
		"removed":   {[]rule.LiveGroup{live("id-db", "db", tcp(80, rule.Anyone()))}, 1},
		"all of it": {nil, 1},
	} {
		p, err := Make(d, &rule.State{Project: "p1", Groups: c.now}, x, Options{})
		if err != nil || len(p.Notes) != c.notes {
			t.Errorf("%s: %v, %v", name, err, p)
		}
	}
}

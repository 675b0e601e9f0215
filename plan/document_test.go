package plan

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// here is where the documents of the tests belong.
var here = Place{
	Cloud: "prod", Keystone: "https://cloud.example:5000", Region: "east", Network: "https://cloud.example:9696", Project: "p1", Name: "demo", Domain: "Default",
}

// documentOf plans for policies, each after those before it.
func documentOf(sets []*rule.Set, s *rule.State, o Options) (*Document, error) {
	d := &Document{Place: here, Day: "2026-11-30", Options: o, Policies: sets}
	for _, set := range sets {
		x, err := found(set, s)
		if err != nil {
			return nil, err
		}
		p, err := Make(FromSet(set), s, x, o)
		if err != nil {
			return nil, err
		}
		d.Plans, s = append(d.Plans, p), p.After(s)
	}
	return d, nil
}

// found looks up what a policy names, as whoever asks a cloud does.
func found(set *rule.Set, s *rule.State) (Externals, error) {
	x := Externals{Groups: map[string]string{}, AddressGroups: map[string]string{}}
	for _, e := range set.Foreign {
		at := slices.IndexFunc(s.Groups, func(g rule.LiveGroup) bool { return g.ID == e.ID || g.Name == e.Name })
		if at < 0 {
			return x, fmt.Errorf("no group %s", e.Key)
		}
		x.Groups[e.Key] = s.Groups[at].ID
	}
	for _, e := range set.AddressGroups {
		x.AddressGroups[e.Key] = "ag-" + e.Name + e.ID
	}
	return x, nil
}

func mustDocument(t *testing.T, sets []*rule.Set, s *rule.State, o Options) *Document {
	t.Helper()
	d, err := documentOf(sets, s, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func written(t *testing.T, d *Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// again makes the plans of a document once more, with a cloud as it is now.
func again(d *Document, now *rule.State) (*Document, error) {
	next, err := documentOf(d.Policies, now, d.Options)
	if err != nil {
		return nil, err
	}
	next.Day = d.Day
	return next, nil
}

// differsNow writes a document, reads it, and says in what it differs from what its
// policies come to now.
func differsNow(t *testing.T, d *Document, now *rule.State) Problems {
	t.Helper()
	read, err := ParseDocument(written(t, d))
	if err != nil {
		t.Fatal(err)
	}
	next, err := again(read, now)
	if err != nil {
		t.Fatal(err)
	}
	return read.Differs(next)
}

// TestDocumentReadsBack has a document be the same after it was written and read, as JSON
// and for people.
func TestDocumentReadsBack(t *testing.T) {
	s := settled(tcp(80, rule.Anyone()), tcp(22, rule.ForeignGroup("id-gone")))
	s.Groups[1].Rules = append(s.Groups[1].Rules, rule.LiveRule{ID: "odd", Words: "udplite ports 1-2"})
	s.Groups = append(s.Groups, rule.LiveGroup{ID: "x4", Name: "mail", Rules: []rule.LiveRule{{ID: "r5", Rule: tcp(25, rule.Anyone())}}}, live("id-old", "old"))
	icmp := rule.Rule{Direction: rule.Egress, Family: rule.IPv4, Protocol: rule.ICMP, Ports: rule.ICMPTypeCode(0, 0), Remote: rule.Anyone()}
	set := shopSet(icmp, tcp(443, network("10.0.0.0/8")), tcp(587, rule.ForeignGroup("post")), tcp(53, rule.AddressGroup("office")))
	set.Groups[0].Tags, set.Groups[0].Description = []string{"prod"}, "the \u202e databases"
	set.Groups[1].Expired = entries(tcp(81, rule.Anyone()))
	set.Foreign, set.AddressGroups = []rule.External{{Key: "post", Name: "mail"}}, []rule.External{{Key: "office", ID: "a6"}}
	for _, o := range []Options{{}, {Tidy: true, DeletesFirst: true, Adopt: true}, {Descriptions: true, AdoptFrom: "was", AdoptGroups: map[string]string{"gone": "g7"}}} {
		other := &rule.Set{Policy: "mail", Groups: []rule.Group{{Tier: "relay", Name: "relay", Rules: entries(icmp)}}}
		d := mustDocument(t, []*rule.Set{set, other}, s, o)
		first := written(t, d)
		read, err := ParseDocument(first)
		if err != nil {
			t.Fatal(err)
		}
		if read.Place != here || read.Day != d.Day || len(read.Plans) != 2 || len(read.Policies) != 2 {
			t.Errorf("%+v", read)
		}
		if again := written(t, read); !bytes.Equal(first, again) {
			t.Errorf("%s\n%s", first, again)
		}
		for i := range d.Plans {
			var text, textAgain bytes.Buffer
			WholeText(&text, d.Plans[i])
			WholeText(&textAgain, read.Plans[i])
			if text.String() != textAgain.String() {
				t.Errorf("%s\n%s", &text, &textAgain)
			}
		}
		if differs := differsNow(t, d, s); differs != nil {
			t.Error(differs)
		}
	}
}

// TestDocumentOfNothing refuses files that cannot be plans of sgc, though they are JSON.
func TestDocumentOfNothing(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Document)
		want   string
	}{
		"no policies":      {func(d *Document) { d.Policies = nil }, "not a plan of sgc: it does not say what its plans were made from"},
		"a policy's name":  {func(d *Document) { d.Policies[0].Policy = "My Shop" }, `not a plan of sgc: "My Shop" cannot be the name of a policy`},
		"a policy twice":   {func(d *Document) { d.Policies = append(d.Policies, shopSet()) }, "not a plan of sgc: policy shop occurs twice"},
		"a tier twice":     {func(d *Document) { d.Policies[0].Groups[1].Tier = "db" }, "not a plan of sgc: policy shop: tier db is there twice"},
		"an unknown group": {func(d *Document) { d.Policies[0].Groups[1].Rules[0].Remote = rule.ForeignGroup("x") }, "not a plan of sgc: policy shop: tier web: nothing says what group x is"},
	} {
		d := mustDocument(t, []*rule.Set{shopSet(tcp(80, rule.Anyone()))}, settled(), Options{})
		c.change(d)
		if _, err := ParseDocument(written(t, d)); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, not %s", name, err, c.want)
		}
	}
	nothing := mustDocument(t, []*rule.Set{shopSet()}, settled(), Options{})
	nothing.Policies = append(nothing.Policies, nil)
	if _, err := ParseDocument(written(t, nothing)); err == nil || !strings.HasPrefix(err.Error(), "not a plan of sgc: ") {
		t.Errorf("null for a policy: %v", err)
	}
}

// TestDiffers tells what has become of the cloud since a plan was made.
func TestDiffers(t *testing.T) {
	http, ssh := tcp(80, rule.Anyone()), tcp(22, rule.Anyone())
	mail := rule.LiveGroup{ID: "id-mail", Name: "mail", Revision: 4}
	set := shopSet(ssh, tcp(25, rule.ForeignGroup("post")))
	set.Groups[0].Pos, set.Groups[1].Pos = rule.Pos{File: "p.cue", Line: 4, Column: 2}, rule.Pos{File: "p.cue", Line: 9, Column: 3}
	set.Foreign = []rule.External{{Key: "post", Name: "mail"}}
	then := func(change func(*rule.State)) *rule.State {
		s := settled(http, tcp(99, rule.Anyone()))
		s.Groups = append(s.Groups, mail, live("id-old", "old", http))
		change(s)
		return s
	}
	const rest = "the plan in the file is not what its policies come to in this cloud now: "
	for name, c := range map[string]struct {
		before, since func(*rule.State) // nil: nothing
		want          string
	}{
		"nothing":         {nil, nil, ""},
		"another reading": {nil, func(s *rule.State) { slices.Reverse(s.Groups[1].Rules) }, ""},
		"another reading of true duplicates": {
			func(s *rule.State) {
				s.Groups[1].Rules = append(s.Groups[1].Rules, rule.LiveRule{ID: "r-a", Rule: http})
				s.Groups[0].Rules = append(s.Groups[0].Rules, rule.LiveRule{ID: "r-b", Rule: s.Groups[0].Rules[0].Rule, Description: "b"})
			},
			func(s *rule.State) { slices.Reverse(s.Groups[0].Rules); slices.Reverse(s.Groups[1].Rules) }, ""},
		"another's group": {nil, func(s *rule.State) { s.Groups[2].Revision++ }, ""},
		"changed": {nil, func(s *rule.State) { s.Groups[1].Revision = 9 },
			"p.cue:9:3: group web: id-web has changed since the plan was made (revision 7, now 9); plan again"},
		"changed, and stays as it is": {nil, func(s *rule.State) { s.Groups[0].Revision = 8 },
			"p.cue:4:2: group db: id-db has changed since the plan was made (revision 7, now 8); plan again"},
		"changed, and goes": {nil, func(s *rule.State) { s.Groups[3].Revision = 11 },
			"group old: id-old has changed since the plan was made (revision 7, now 11); plan again"},
		"two of them": {nil, func(s *rule.State) { s.Groups[0].Revision, s.Groups[1].Revision = 8, 10 },
			"p.cue:4:2: group db: id-db has changed since the plan was made (revision 7, now 8); plan again\n" +
				"p.cue:9:3: group web: id-web has changed since the plan was made (revision 7, now 10); plan again"},
		"gone": {nil, func(s *rule.State) { s.Groups = s.Groups[1:] },
			"p.cue:4:2: group db: id-db is gone, or is not the policy's any more; plan again"},
		"unmarked": {nil, func(s *rule.State) { s.Groups[3].Description = "mine" },
			"group old: id-old is gone, or is not the policy's any more; plan again"},
		"created": {func(s *rule.State) { s.Groups = s.Groups[1:] }, func(s *rule.State) { s.Groups = append(s.Groups, live("id-db2", "db")) },
			"p.cue:4:2: group db: id-db2 has been created since the plan was made; plan again"},
		"a tier that the policy has no more": {nil, func(s *rule.State) { s.Groups = append(s.Groups, live("id-cache", "cache")) },
			"group cache: id-cache has appeared since the plan was made; plan again"},
		"an external": {nil, func(s *rule.State) { s.Groups[2].ID = "id-mail2" },
			"group post was id-mail when the plan was made, and is id-mail2 now; plan again"},
		// A cloud without revisions tells by the rest.
		"a rule more": {nil, func(s *rule.State) {
			s.Groups[1].Rules = append(s.Groups[1].Rules, rule.LiveRule{ID: "r-more", Rule: tcp(3306, rule.Anyone())})
		}, rest + "plans[0].groups[1].closes differs; plan again"},
		"a rule more that says nothing": {nil, func(s *rule.State) {
			s.Groups[0].Rules = append(s.Groups[0].Rules, rule.LiveRule{ID: "r-more", Rule: tcp(5432, rule.ForeignGroup("id-web")), Description: "r"})
		}, rest + "plans[0].groups[0].stay differs; plan again"},
		"a rule less": {nil, func(s *rule.State) { s.Groups[1].Rules = s.Groups[1].Rules[:1] },
			rest + "plans[0].groups[1].closes differs; plan again"},
		"a rule for another": {nil, func(s *rule.State) { s.Groups[1].Rules[0].ID = "r-other" },
			rest + "plans[0].groups[1].remove[0].id differs; plan again"},
		"a rule by another name": {nil, func(s *rule.State) { s.Groups[0].Rules[0].Description = "by hand" },
			rest + "plans[0].groups[0].drift is missing; plan again"},
		"a rule that nobody can tell": {nil, func(s *rule.State) {
			s.Groups[3].Rules = append(s.Groups[3].Rules, rule.LiveRule{ID: "r-odd", Words: "udplite ports 1-2"})
		}, rest + "plans[0].groups[2].closes differs; plan again"},
		"tags": {nil, func(s *rule.State) { s.Groups[1].Tags = []string{"theirs"} },
			rest + "plans[0].groups[1].tagged does not belong there; plan again"},
		"a tag": {nil, func(s *rule.State) { s.Groups[1].Tags = s.Groups[1].Tags[1:] },
			rest + "plans[0].groups[1].tag is missing; plan again"},
		"tags of another policy": {nil, func(s *rule.State) { s.Groups[1].Tags = append(s.Groups[1].Tags, "sgc:policy=other") },
			rest + "plans[0].groups[1].untag is missing; plan again"},
		"somebody's tag": {nil, func(s *rule.State) { s.Groups[1].Tags = append(s.Groups[1].Tags, "theirs") }, ""},
		"a name": {nil, func(s *rule.State) { s.Groups[1].Name = "renamed" },
			rest + "plans[0].groups[1].fields is missing; plan again"},
	} {
		before, since := then(func(*rule.State) {}), c.since
		if c.before != nil {
			before = then(c.before)
		}
		now := then(func(s *rule.State) {
			if c.before != nil {
				c.before(s)
			}
			if since != nil {
				since(s)
			}
		})
		if got := differsNow(t, mustDocument(t, []*rule.Set{set}, before, Options{}), now).Error(); got != c.want {
			t.Errorf("%s:\n%s\nnot\n%s", name, got, c.want)
		}
	}
}

// TestDiffersInPlans tells plans that were written into a file from those that the policies
// in it come to.
func TestDiffersInPlans(t *testing.T) {
	http, ssh := tcp(80, rule.Anyone()), tcp(22, rule.Anyone())
	s := settled(http, tcp(99, rule.Anyone()))
	s.Groups = append(s.Groups, rule.LiveGroup{ID: "id-mail", Name: "mail", Revision: 4}, live("id-old", "old"))
	const rest = "the plan in the file is not what its policies come to in this cloud now: "
	for name, c := range map[string]struct {
		forge func(d *Document, web *Group)
		want  string // how it begins
	}{
		"a note":           {func(d *Document, _ *Group) { d.Plans[0].Notes = []Problem{{Message: "all is well"}} }, ""},
		"nobody's groups":  {func(d *Document, _ *Group) { d.Unowned = []Unowned{{"id-old", "old"}} }, ""},
		"an action":        {func(_ *Document, web *Group) { web.Action = Keep }, rest + "plans[0].groups[1].action differs"},
		"a group":          {func(_ *Document, web *Group) { web.ID = "id-mail" }, "group web: id-mail is gone"},
		"a revision":       {func(_ *Document, web *Group) { web.Revision = 6 }, "group web: id-web has changed since the plan was made (revision 6, now 7)"},
		"a mark":           {func(_ *Document, web *Group) { web.Description = "mine" }, rest + "plans[0].groups[1].description differs"},
		"what is created":  {func(_ *Document, web *Group) { web.Create[0].Rule = tcp(23, rule.Anyone()) }, rest + "plans[0].groups[1].create[0].rule.ports.from differs"},
		"what is removed":  {func(_ *Document, web *Group) { web.Remove = web.Remove[:1] }, rest + "plans[0].groups[1].closes differs"},
		"what stays":       {func(d *Document, _ *Group) { d.Plans[0].Groups[0].Stay = nil }, rest + "plans[0].groups[0].stay differs"},
		"what has lapsed":  {func(_ *Document, web *Group) { web.Lapsed = []string{web.Remove[0].ID} }, rest + "plans[0].groups[1].lapsed does not belong"},
		"a field":          {func(_ *Document, web *Group) { web.Fields = []Field{{"stateful", "true", "false"}} }, rest + "plans[0].groups[1].fields does not belong"},
		"a mark that goes": {func(_ *Document, web *Group) { web.Unmark = Field{"description", "a", "b"} }, rest + "plans[0].groups[1].unmark does not belong"},
		"a tag":            {func(_ *Document, web *Group) { web.Tag = []string{"prod"} }, rest + "plans[0].groups[1].tag does not belong"},
		"a tag that goes":  {func(_ *Document, web *Group) { web.Untag = []string{"theirs"} }, rest + "plans[0].groups[1].untag does not belong"},
		"a group less":     {func(d *Document, _ *Group) { d.Plans[0].Groups = d.Plans[0].Groups[:2] }, "group old: id-old has appeared since"},
		"a group more": {func(d *Document, _ *Group) {
			d.Plans[0].Groups = append(d.Plans[0].Groups, Group{Action: Delete, Tier: "mail", ID: "id-mail", Name: "mail", Revision: 4})
		}, "group mail: id-mail is gone"},
		"a group twice": {func(d *Document, web *Group) { d.Plans[0].Groups = append(d.Plans[0].Groups, *web) }, rest + "plans[0].groups differs"},
		"the order":     {func(d *Document, _ *Group) { slices.Reverse(d.Plans[0].Groups) }, rest + "plans[0].groups[0]"},
		"an external": {func(d *Document, _ *Group) { d.Plans[0].Externals.AddressGroups["office"] = "a1" },
			rest + "plans[0].externals.addressGroups.office does not belong"},
		"interruption": {func(d *Document, _ *Group) { d.Plans[0].DeletesFirst = true }, rest + "plans[0].deletesFirst differs"},
		"an option":    {func(d *Document, _ *Group) { d.Options.DeletesFirst = true }, rest + "plans[0].deletesFirst differs"},
		"no plan":      {func(d *Document, _ *Group) { d.Plans = nil }, rest},
		"a plan more":  {func(d *Document, _ *Group) { d.Plans = append(d.Plans, d.Plans[0]) }, rest + "plans differs"},
		"a policy": {func(d *Document, _ *Group) { d.Policies[0].Groups[1].Rules = entries(http) },
			rest + "plans[0].groups[1].closes"},
		"a policy more": {func(d *Document, _ *Group) { d.Policies = append(d.Policies, &rule.Set{Policy: "more"}) }, rest + "plans differs"},
	} {
		d := mustDocument(t, []*rule.Set{shopSet(ssh)}, s, Options{})
		c.forge(d, &d.Plans[0].Groups[1])
		if got := differsNow(t, d, s).Error(); (got == "") != (c.want == "") || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s:\n%s\nnot\n%s", name, got, c.want)
		}
	}
}

// TestExpired refuses a plan on the day after the last one of a rule that it creates or
// lets stay.
func TestExpired(t *testing.T) {
	set := shopSet(tcp(80, rule.Anyone()), tcp(22, rule.Anyone()), tcp(23, rule.Anyone()))
	set.Groups[1].Rules[0].Origins[0].Expires = "2026-12-31"
	set.Groups[1].Rules[2].Origins[0].Expires = "2027-01-31"
	set.Groups[1].Expired = entries(tcp(21, rule.Anyone()))
	set.Groups[1].Expired[0].Origins[0].Expires = "2026-11-01"
	d := Document{Policies: []*rule.Set{set}}
	first := "p.cue:3:5: group web: ingress IPv4 tcp/80 from anyone expired after 2026-12-31; plan again"
	second := "p.cue:5:5: group web: ingress IPv4 tcp/23 from anyone expired after 2027-01-31; plan again"
	for today, want := range map[string]string{"2026-11-30": "", "2026-12-31": "", "2027-01-01": first, "2027-01-31": first, "2027-02-01": first + "\n" + second} {
		if got := d.Expired(today).Error(); got != want {
			t.Errorf("%s:\n%s\nnot\n%s", today, got, want)
		}
	}
}

package plan

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

func ports(lo, hi uint16, remote rule.Remote) rule.Rule {
	return rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(lo, hi), Remote: remote}
}

// open is the shop in which others may open rules in the group web.
func open(others []rule.Rule, web ...rule.Rule) *rule.Set {
	set := shopSet(web...)
	set.Groups[1].Others = entries(others...)
	set.Foreign = []rule.External{{Key: "lb", Name: "lb"}}
	set.AddressGroups = []rule.External{{Key: "probes", Name: "probes"}}
	return set
}

var known = Externals{Groups: map[string]string{"lb": "id-lb"}, AddressGroups: map[string]string{"probes": "id-probes"}}

func mustMakeKnown(t *testing.T, set *rule.Set, s *rule.State, o Options) *Plan {
	t.Helper()
	p, err := Make(FromSet(set), s, known, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestLeftToOthers says of each live rule of a group what becomes of it: it goes (-), stays (=)
// or is left to others (~); and what is created (+).
func TestLeftToOthers(t *testing.T) {
	anyone, office := rule.Anyone(), network("198.51.100.0/24")
	nodePorts := ports(30000, 32767, anyone)
	for _, test := range []struct {
		name    string
		others  []rule.Rule
		wants   []rule.Rule
		live    []rule.Rule
		options Options
		becomes string
	}{
		{"inside, and beyond by a port", []rule.Rule{nodePorts}, nil,
			[]rule.Rule{ports(30000, 32767, office), ports(30001, 30002, anyone), ports(29999, 30000, anyone), ports(32767, 32768, anyone)}, Options{},
			"-29999-30000 ~30000-32767 ~30001-30002 -32767-32768"},
		{"another protocol, direction or IP version", []rule.Rule{nodePorts}, nil,
			[]rule.Rule{
				{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.UDP, Ports: rule.PortRange(30000, 30001), Remote: anyone},
				{Direction: rule.Egress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(30002, 30003), Remote: anyone},
				{Direction: rule.Ingress, Family: rule.IPv6, Protocol: rule.TCP, Ports: rule.PortRange(30004, 30005), Remote: anyone},
			}, Options{}, "-30000-30001 -30002-30003 -30004-30005"},
		{"between both, and covering nothing", []rule.Rule{ports(100, 199, anyone)}, []rule.Rule{ports(90, 99, anyone)},
			[]rule.Rule{ports(95, 105, anyone)}, Options{}, "~95-105 +90-99"},
		{"between both, and too much", []rule.Rule{ports(101, 199, anyone)}, []rule.Rule{ports(90, 99, anyone)},
			[]rule.Rule{ports(95, 105, anyone)}, Options{}, "-95-105 +90-99"},
		{"theirs, where the policy opens the same", []rule.Rule{ports(100, 199, anyone)}, []rule.Rule{ports(90, 150, anyone)},
			[]rule.Rule{ports(110, 120, anyone)}, Options{}, "~110-120 +90-150"},
		{"exactly the policy's", []rule.Rule{ports(100, 199, anyone)}, []rule.Rule{ports(110, 120, anyone)},
			[]rule.Rule{ports(110, 120, anyone)}, Options{}, "=110-120"},
		{"the policy's alone, in pieces", []rule.Rule{ports(100, 199, anyone)}, []rule.Rule{ports(80, 99, anyone)},
			[]rule.Rule{ports(80, 90, anyone), ports(91, 99, anyone)}, Options{}, "=80-90 =91-99"},
		{"tidied", []rule.Rule{ports(100, 199, anyone)}, []rule.Rule{ports(80, 99, anyone)},
			[]rule.Rule{ports(80, 90, anyone), ports(91, 99, anyone), ports(150, 160, office), ports(99, 100, anyone)}, Options{Tidy: true},
			"-80-90 -91-99 ~99-100 ~150-160 +80-99"},
		{"a remote group", []rule.Rule{ports(100, 199, rule.ForeignGroup("lb")), ports(200, 299, rule.Tier("db"))}, nil,
			[]rule.Rule{ports(101, 102, rule.ForeignGroup("id-lb")), ports(103, 104, rule.ForeignGroup("id-other")), ports(201, 202, rule.ForeignGroup("id-db")), ports(203, 204, rule.ForeignGroup("id-lb"))},
			Options{}, "~101-102 -103-104 ~201-202 -203-204"},
		{"an address group", []rule.Rule{ports(100, 199, rule.AddressGroup("probes"))}, nil,
			[]rule.Rule{ports(101, 102, rule.AddressGroup("id-probes")), ports(103, 104, rule.AddressGroup("id-lb")), ports(105, 106, office)}, Options{},
			"~101-102 -103-104 -105-106"},
		{"of anyone, a remote group", []rule.Rule{ports(100, 199, anyone)}, nil,
			[]rule.Rule{ports(101, 102, rule.ForeignGroup("id-other"))}, Options{}, "~101-102"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := mustMakeKnown(t, open(test.others, test.wants...), settled(test.live...), test.options)
			g := group(t, p, "web")
			var becomes []string
			for sign, rules := range map[string][]rule.LiveRule{"-": g.Remove, "=": g.Stay, "~": g.Left} {
				for _, l := range rules {
					becomes = append(becomes, sign+l.Rule.Ports.String())
				}
			}
			slices.SortFunc(becomes, func(a, b string) int { return strings.Compare(pad(a[1:]), pad(b[1:])) })
			for _, e := range g.Create {
				becomes = append(becomes, "+"+e.Ports.String())
			}
			if got := strings.Join(becomes, " "); got != test.becomes {
				t.Errorf("got  %s\nwant %s", got, test.becomes)
			}
			if after := mustMakeKnown(t, open(test.others, test.wants...), p.After(settled(test.live...)), test.options); !after.Empty() {
				t.Errorf("once more: %+v", group(t, after, "web"))
			}
		})
	}
}

func pad(s string) string { return strings.Repeat("0", 12-len(s)) + s }

// TestOthersOpaque keeps no rule of which nobody can say that others may open it.
func TestOthersOpaque(t *testing.T) {
	s := settled()
	s.Groups[1].Rules = []rule.LiveRule{{ID: "dark", Words: "ingress IPv4 protocol 0"}}
	everything := rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.AnyProtocol, Ports: rule.NoPorts(), Remote: rule.Anyone()}
	if g := group(t, mustMakeKnown(t, open([]rule.Rule{everything}), s, Options{}), "web"); len(g.Remove) != 1 || g.Left != nil {
		t.Errorf("removes %v, leaves %v", g.Remove, g.Left)
	}
}

// TestOthersGoAlong has a rule of theirs name a group that the policy deletes: the cloud deletes
// the rule with it, and the plan says so.
func TestOthersGoAlong(t *testing.T) {
	s := settled(ports(100, 101, rule.ForeignGroup("id-old")))
	s.Groups = append(s.Groups, live("id-old", "old"))
	g := group(t, mustMakeKnown(t, open([]rule.Rule{ports(100, 199, rule.Anyone())}), s, Options{}), "web")
	if len(g.Remove) != 1 || g.Left != nil {
		t.Errorf("removes %v, leaves %v", g.Remove, g.Left)
	}
}

// TestOthersGuardNothing closes all that the policy has opened: what is left to others does not
// make that less than half.
func TestOthersGuardNothing(t *testing.T) {
	may := []rule.Rule{ports(100, 199, rule.Anyone())}
	s := settled(ports(100, 110, rule.Anyone()), ports(120, 130, rule.Anyone()), ports(140, 150, rule.Anyone()), ports(80, 80, rule.Anyone()))
	p := mustMakeKnown(t, open(may), s, Options{})
	facts := Facts{Ports: map[string][]Port{"id-web": {{ID: "p1"}}}}
	if problems, _ := Check([]*Plan{p}, s, facts, Permits{}); len(problems) != 1 || !strings.Contains(problems[0].Message, "more than half") {
		t.Errorf("closes all it has: %v", problems)
	}
	if opens, closes := group(t, p, "web").Flows(); opens != nil || len(closes) != 1 {
		t.Errorf("opens %v, closes %v", opens, closes)
	}
	if n := needOf([]*Plan{p}); n.rules != 0 || n.rulesAfter != -1 {
		t.Errorf("needs %+v", n)
	}
}

// TestOthersAndFlows says what opens beside what is open by a rule of others.
func TestOthersAndFlows(t *testing.T) {
	p := mustMakeKnown(t, open([]rule.Rule{ports(100, 199, rule.Anyone())}, ports(100, 120, rule.Anyone())), settled(ports(105, 106, rule.Anyone())), Options{})
	if opens, closes := group(t, p, "web").Flows(); strings.Join(opens, "; ") != "anyone → web tcp/100-104 (IPv4); anyone → web tcp/107-120 (IPv4)" || closes != nil {
		t.Errorf("opens %v, closes %v", opens, closes)
	}
}

// TestOthersAndSaved plans, saves, and has others open something that they may: the plan is
// still the same. What they may not makes it another.
func TestOthersAndSaved(t *testing.T) {
	set := open([]rule.Rule{ports(100, 199, rule.Anyone())}, tcp(80, rule.Anyone()), ports(99, 120, rule.Anyone()))
	document := func(s *rule.State) *Document {
		return &Document{Place: Place{Project: "p1", Keystone: "https://cloud.example/v3"}, Plans: []*Plan{mustMakeKnown(t, set, s, Options{})}, Policies: []*rule.Set{set}}
	}
	before := settled(tcp(81, rule.Anyone()))
	var b bytes.Buffer
	if err := document(before).Write(&b); err != nil {
		t.Fatal(err)
	}
	saved, err := ParseDocument(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	theirs, more := settled(tcp(81, rule.Anyone()), ports(110, 115, rule.Anyone())), settled(tcp(81, rule.Anyone()), tcp(82, rule.Anyone()))
	theirs.Groups[1].Revision, more.Groups[1].Revision = 8, 8
	if problems := saved.Differs(document(theirs)); problems != nil {
		t.Errorf("others have opened what they may: %v", problems)
	}
	if problems := saved.Differs(document(more)); problems == nil {
		t.Error("others have opened what they may not, and it is the same plan")
	}
}

// TestOthersExpired plans again where others may no longer do what a saved plan leaves them.
func TestOthersExpired(t *testing.T) {
	set := open([]rule.Rule{ports(100, 199, rule.Anyone())})
	set.Groups[1].Others[0].Origins[0].Expires = "2027-01-31"
	d := &Document{Policies: []*rule.Set{set}}
	if problems := d.Expired("2027-01-31"); problems != nil {
		t.Errorf("on the last day: %v", problems)
	}
	if problems := d.Expired("2027-02-01"); len(problems) != 1 {
		t.Errorf("after it: %v", problems)
	}
}

// TestOthersRestored goes back to a moment: what others have now stays, what they had and have
// no more does not come again, and what the policy has opened since goes.
func TestOthersRestored(t *testing.T) {
	anyone := rule.Anyone()
	may := []rule.Rule{ports(100, 199, anyone), ports(200, 299, rule.ForeignGroup("lb")), ports(300, 399, rule.Tier("db"))}
	then := settled(ports(80, 80, anyone), ports(110, 111, anyone), ports(210, 211, rule.ForeignGroup("id-lb")), ports(95, 105, anyone))
	p := mustMakeKnown(t, open(may, ports(90, 99, anyone), ports(150, 151, anyone)), then, Options{})
	p.Groups[1].Others[2].Origins[0].Expires = "2027-01-31"
	var b bytes.Buffer
	if err := p.Before(then, Place{Keystone: "https://cloud.example/v3", Project: "p1"}).Write(&b); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]string{"2027-01-31": "130-131 310-311 311-312 95-105", "2027-02-01": "130-131 95-105"} {
		shot, err := ParseSnapshot(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		now := settled(ports(90, 99, anyone), ports(150, 151, anyone), ports(130, 131, anyone), ports(95, 105, anyone), ports(210, 212, anyone),
			ports(310, 311, rule.ForeignGroup("id-db")), ports(311, 312, rule.ForeignGroup("id-db")))
		shot.EndOthers(day)
		d, x := shot.Desired()
		back, err := Make(d, now, x, Options{})
		if err != nil {
			t.Fatal(err)
		}
		g := group(t, back, "web")
		var left, gone []string
		for _, l := range g.Left {
			left = append(left, l.Rule.Ports.String())
		}
		for _, l := range g.Remove {
			gone = append(gone, l.Rule.Ports.String())
		}
		slices.Sort(left)
		if strings.Join(left, " ") != want {
			t.Errorf("on %s %v are left", day, left)
		}
		for _, rule := range []string{"90-99", "150-151", "210-212"} {
			if !slices.Contains(gone, rule) {
				t.Errorf("on %s only %v go", day, gone)
			}
		}
		if len(g.Create) != 1 || g.Create[0].Rule != ports(80, 80, anyone) {
			t.Errorf("on %s %v is created", day, g.Create)
		}
	}
	at := bytes.LastIndex(b.Bytes(), []byte(`"id-lb"`))
	forged := slices.Concat(b.Bytes()[:at], []byte(`"../x"`), b.Bytes()[at+len(`"id-lb"`):])
	if _, err := ParseSnapshot(forged); err == nil || !strings.Contains(err.Error(), "../x") {
		t.Errorf("an id that is none: %v", err)
	}
}

// TestOthersReleased gives a group back, has others open and close access in it, and takes it
// back as it was: what they have is theirs all along.
func TestOthersReleased(t *testing.T) {
	set := open([]rule.Rule{ports(100, 199, rule.Anyone())}, ports(80, 80, rule.Anyone()))
	then := settled(ports(80, 80, rule.Anyone()), ports(110, 111, rule.Anyone()))
	p, err := Make(Released(set, []string{"web"}), then, known, Options{})
	if err != nil {
		t.Fatal(err)
	}
	g := group(t, p, "web")
	if len(g.Stay) != 1 || len(g.Left) != 1 || g.Left[0].Rule != ports(110, 111, rule.Anyone()) {
		t.Errorf("%v stay, %v are left", g.Stay, g.Left)
	}
	now := p.After(then)
	web := &now.Groups[slices.IndexFunc(now.Groups, func(g rule.LiveGroup) bool { return g.ID == "id-web" })]
	web.Rules = append(web.Rules[:1:1], rule.LiveRule{ID: "later", Rule: ports(120, 121, rule.Anyone())})
	d, x := p.Before(then, Place{}).Desired()
	back, err := Make(d, now, x, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if g := group(t, back, "web"); len(g.Left) != 1 || len(g.Create)+len(g.Remove) != 0 {
		t.Errorf("%v are left, %v created, %v removed", g.Left, g.Create, g.Remove)
	}
}

package plan

import (
	"reflect"
	"slices"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestAdoptBitByBit takes three groups over, first each selection of them and then the rest:
// what is left stays as it is, and in the end all is as if they had been taken over at once.
func TestAdoptBitByBit(t *testing.T) {
	tiers := []string{"api", "db", "web"}
	set := &rule.Set{Policy: "shop"}
	byHand := &rule.State{Project: "p1"}
	for i, tier := range tiers { // each names the next one, and one rule is missing, one too many
		port, next := uint16(8000+i), tiers[(i+1)%3]
		set.Groups = append(set.Groups, rule.Group{Tier: tier, Name: tier, Stateful: true,
			Rules: entries(tcp(port, rule.Tier(next)), tcp(port+10, rule.Tier(tiers[(i+2)%3])))})
		g := live("id-"+tier, tier, tcp(port, rule.ForeignGroup("id-"+next)), tcp(port+20, rule.ForeignGroup("id-"+tier)))
		g.Description, g.Tags = "by hand", nil
		byHand.Groups = append(byHand.Groups, g)
	}
	want := mustMake(t, FromSet(set), byHand, Options{Adopt: true}).After(byHand)
	for chosen := range 8 {
		only := rule.Globs{"nobody"}
		for i, tier := range tiers {
			if chosen&(1<<i) != 0 {
				only = append(only, tier)
			}
		}
		p := mustMake(t, FromSet(set), byHand, Options{Adopt: true, AdoptOnly: only})
		for _, l := range p.Later {
			if only.Match(l.Tier) || !slices.Equal(l.IDs, []string{"id-" + l.Tier}) {
				t.Errorf("%v: left for later: %+v", only, l)
			}
		}
		if len(p.Groups)+len(p.Later) != 3 || len(p.Groups) != len(only)-1 {
			t.Errorf("%v: %d groups, and left for later: %v", only, len(p.Groups), p.Later)
		}
		then := p.After(byHand)
		for i, g := range then.Groups {
			if !only.Match(tiers[i]) && !reflect.DeepEqual(g, byHand.Groups[i]) {
				t.Errorf("%v: %s has changed: %+v", only, tiers[i], g)
			}
		}
		if again := mustMake(t, FromSet(set), then, Options{Adopt: true, AdoptOnly: only}); !again.Empty() || !reflect.DeepEqual(again.Later, p.Later) {
			t.Errorf("%v: after it there is something to do: %s", only, again.Summary())
		}
		if end := mustMake(t, FromSet(set), then, Options{Adopt: true}).After(then); !reflect.DeepEqual(end, want) {
			t.Errorf("%v: in the end\n%+v\nnot\n%+v", only, end, want)
		}
	}
}

// TestLaterIsTheTier holds that a group which is left for later is the tier's all the same: a
// policy names it by the tier, and nothing but what is asked for is left.
func TestLaterIsTheTier(t *testing.T) {
	free := live("id-db", "db", tcp(22, rule.Anyone()))
	free.Description, free.Tags = "", nil
	web := tcp(80, rule.ForeignGroup("legacy"))
	s := &rule.State{Groups: []rule.LiveGroup{free}}
	only := Options{Adopt: true, AdoptOnly: rule.Globs{"web"}}

	d := shop(web)
	d.Foreign = []rule.External{{Key: "legacy", ID: "id-db"}}
	_, err := Make(d, s, Externals{Groups: map[string]string{"legacy": "id-db"}}, only)
	if want := "group legacy is the policy's own, of tier db: name the tier instead"; err == nil || err.Error() != want {
		t.Errorf("%v, not %s", err, want)
	}
	s.Groups[0].Tags = rule.OwnershipTags("shop", "db")
	p := mustMake(t, shop(), s, only)
	if p.Notes != nil {
		t.Errorf("it is said to be nobody's twice: %v", p.Notes)
	}
	if len(p.Later) != 1 || len(p.Groups) != 1 || p.Groups[0].Action != Create {
		t.Errorf("a tier without a group is created as ever: %+v", p)
	}
	if _, err := Make(shop(), s, Externals{}, Options{AdoptOnly: only.AdoptOnly}); err == nil {
		t.Error("without Adopt the tier has to be adopted")
	}
	s.Groups = []rule.LiveGroup{of("other", "db", "db", live("id-db", "db"))}
	if _, err := Make(shop(), s, Externals{}, only); err == nil {
		t.Error("a group of another policy is left for later")
	}
}

// TestRestoreGivesBack goes back to before a group was taken over: it is given back with the
// rules that it has, and rules that named it then stay.
func TestRestoreGivesBack(t *testing.T) {
	then := settled(tcp(80, rule.ForeignGroup("id-db")))
	then.Groups[0].Description, then.Groups[0].Tags = "by hand", nil
	now := settled(tcp(80, rule.ForeignGroup("id-db")))
	shot := mustMake(t, Desired{Policy: "shop", Groups: shop(tcp(80, rule.Anyone())).Groups[1:]}, then, Options{}).Before(then, Place{})
	if !slices.Equal(shot.Unowned, []string{"id-db"}) {
		t.Fatalf("nobody's were %v", shot.Unowned)
	}
	d, x := shot.Desired()
	p, err := Make(d, now, x, Options{})
	if err != nil {
		t.Fatal(err)
	}
	web, db := group(t, p, "web"), group(t, p, "db")
	if !web.Empty() || len(web.Stay) != 1 {
		t.Errorf("%+v", web)
	}
	if db.Action != Release || len(db.Stay) != 1 || len(db.Create)+len(db.Remove) != 0 {
		t.Errorf("%+v", db)
	}
	if left := p.After(now).Groups[0]; left.Description != "" || len(left.Rules) != 1 {
		t.Errorf("%+v", left)
	}
}

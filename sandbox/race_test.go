package sandbox_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sgc.dev/sgc/sandbox"
)

// naming is a rule that names a group.
func naming(remote string) sandbox.Rule {
	return sandbox.Rule{Direction: "ingress", Ethertype: "IPv4", RemoteGroupID: remote}
}

// atOnce sends a DELETE of each path at the same time.
func atOnce(c *client, paths ...string) map[string]answer {
	var wait sync.WaitGroup
	var mu sync.Mutex
	answers := map[string]answer{}
	for _, path := range paths {
		wait.Go(func() {
			a, _, err := c.try("DELETE", c.server.NetworkURL()+path, nil, nil)
			if err != nil {
				a.text = err.Error()
			}
			mu.Lock()
			defer mu.Unlock()
			answers[path] = a
		})
	}
	wait.Wait()
	return answers
}

// TestRaces deletes two at once where OVN is behind, and the one that failed again
// by itself. web and db name each other, mail names web, and nobody names mail and old.
func TestRaces(t *testing.T) {
	const web, db, mail, old = "11111111-0000-4000-8000-000000000000", "22222222-0000-4000-8000-000000000000",
		"33333333-0000-4000-8000-000000000000", "44444444-0000-4000-8000-000000000000"
	const own, named = "55555555-0000-4000-8000-000000000000", "66666666-0000-4000-8000-000000000000"
	at := func(id string) string {
		if id == own || id == named {
			return rulesPath + "/" + id
		}
		return groupsPath + "/" + id
	}
	const group, rule = "SecurityGroupInUse", "SecurityGroupRuleInUse"
	for name, test := range map[string]struct {
		first, second string
		fails         []string // one of them
		kind          string
	}{
		"groups that name each other":                  {web, db, []string{web, db}, group},
		"a group that another names":                   {web, mail, []string{web}, group},
		"a rule and its group":                         {own, web, []string{own}, rule},
		"a rule and the group it names":                {named, db, nil, ""},
		"groups of which none names the other":         {mail, old, nil, ""},
		"a rule and a group it has nothing to do with": {own, mail, nil, ""},
		"rules of one group":                           {own, named, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := sandbox.New()
			s := listen(t, cloud)
			demo := login(t, s, cloud.Demo())
			plain, other := naming(""), naming(db)
			plain.ID, other.ID = own, named
			cloud.PlantGroup(sandbox.Group{ID: web, Name: "web", Rules: []sandbox.Rule{plain, other}})
			cloud.PlantGroup(sandbox.Group{ID: db, Name: "db", Rules: []sandbox.Rule{naming(web), naming(db)}})
			cloud.PlantGroup(sandbox.Group{ID: mail, Name: "mail", Rules: []sandbox.Rule{naming(web)}})
			cloud.PlantGroup(sandbox.Group{ID: old, Name: "old"})
			cloud.SetOVN(time.Hour)
			if test.fails == nil {
				cloud.SetOVN(100 * time.Millisecond)
			}
			answers := atOnce(demo, at(test.first), at(test.second))
			failed := ""
			for _, id := range []string{test.first, test.second} {
				switch a := answers[at(id)]; {
				case a.status == 409 && failed == "":
					failed = id
				case a.status == 404 && id == named: // it went along
				case a.status != 204:
					t.Errorf("%s: %d %s", id, a.status, a.text)
				}
			}
			if failed == "" && test.fails == nil {
				return
			}
			if !slices.Contains(test.fails, failed) {
				t.Fatalf("%q failed, not one of %q", failed, test.fails)
			}
			if why := answers[at(failed)].body["NeutronError"].(object); why["type"] != test.kind {
				t.Errorf("it failed by %v", why)
			}
			cloud.SetOVN(time.Millisecond)
			if a := demo.call("DELETE", at(failed), nil); a.status != 204 && a.status != 404 { // a rule goes along with its group
				t.Errorf("again: %d %s", a.status, a.text)
			}
		})
	}
}

// TestRacesWords compares what Neutron says with what real ones said.
func TestRacesWords(t *testing.T) {
	const web, db, own = "11111111-0000-4000-8000-000000000000", "22222222-0000-4000-8000-000000000000", "55555555-0000-4000-8000-000000000000"
	const driver = "due to Callback neutron.plugins.ml2.drivers.ovn.mech_driver.mech_driver.OVNMechanismDriver."
	const group = "Security Group None cannot perform precommit_delete " + driver + "_delete_security_group_precommit-"
	const rule = "Security Group Rule None cannot perform before_delete " + driver + "_process_sg_rule_notification-"
	cloud := sandbox.New()
	demo := login(t, listen(t, cloud), cloud.Demo())
	cloud.SetOVN(time.Hour)
	number := regexp.MustCompile(`-\d+ failed`)
	for _, test := range []struct{ rule, want string }{
		{"", group + ` failed with "Cannot find Port_Group with name=pg_22222222_0000_4000_8000_000000000000".`},
		{"", group + ` failed with "Security group 22222222-0000-4000-8000-000000000000 does not exist".`},
		{"", group + ` failed with "Port_Group pg_22222222_0000_4000_8000_000000000000 does not exist".`},
		{"", group + ` failed with "pg_22222222_0000_4000_8000_000000000000 does not exist in name of Port_Group".`},
		{own, rule + ` failed with "Cannot find Port_Group with name=pg_22222222_0000_4000_8000_000000000000".`},
	} {
		r := naming(web)
		r.ID = own
		cloud.PlantGroup(sandbox.Group{ID: web, Name: "web"})
		cloud.PlantGroup(sandbox.Group{ID: db, Name: "db", Rules: []sandbox.Rule{r}})
		fails := groupsPath + "/" + web
		if test.rule != "" {
			fails = rulesPath + "/" + test.rule
		}
		a := atOnce(demo, groupsPath+"/"+db, fails)[fails]
		if a.status != 409 {
			t.Fatalf("the answer is %d %s", a.status, a.text)
		}
		if got := number.ReplaceAllString(a.body["NeutronError"].(object)["message"].(string), "- failed"); got != test.want {
			t.Errorf("the answer is\n%s, not\n%s", got, test.want)
		}
	}
}

// TestRacesEnd deletes groups that all name each other, at once, again and again: at
// least one goes each time. One after the other all go, and without OVN too.
func TestRacesEnd(t *testing.T) {
	cloud := sandbox.New()
	demo := login(t, listen(t, cloud), cloud.Demo())
	planted := func() []string {
		var paths, ids []string
		for _, name := range []string{"a", "b", "c", "d", "e"} {
			id := cloud.PlantGroup(sandbox.Group{Name: name}).ID
			ids, paths = append(ids, id), append(paths, groupsPath+"/"+id)
		}
		for _, id := range ids {
			for _, remote := range ids {
				cloud.PlantRule(id, naming(remote))
			}
		}
		return paths
	}
	for _, path := range slices.Sorted(maps.Keys(atOnce(demo, planted()...))) {
		demo.want(404, "GET", path, nil)
	}
	cloud.SetOVN(20 * time.Millisecond)
	paths := planted()
	for rounds := 0; len(paths) > 0; rounds++ {
		var left []string
		for path, a := range atOnce(demo, paths...) {
			switch a.status {
			case 204:
			case 409:
				left = append(left, path)
			default:
				t.Errorf("%d %s", a.status, a.text)
			}
		}
		if len(left) == len(paths) || rounds == 5 {
			t.Fatalf("round %d: %d of %d groups are left", rounds, len(left), len(paths))
		}
		paths = left
	}
	for _, path := range planted() {
		demo.want(204, "DELETE", path, nil)
	}
}

// TestRacesNot deletes what cannot go anyhow: it beats nobody. Nor does a group itself.
func TestRacesNot(t *testing.T) {
	cloud := sandbox.New()
	demo := login(t, listen(t, cloud), cloud.Demo())
	web := cloud.PlantGroup(sandbox.Group{Name: "web"}).ID
	db := cloud.PlantGroup(sandbox.Group{Name: "db", Rules: []sandbox.Rule{naming(web)}}).ID
	cloud.AddPort(cloud.Demo(), db)
	cloud.SetOVN(100 * time.Millisecond)
	answers := atOnce(demo, groupsPath+"/"+db, groupsPath+"/"+web)
	if a := answers[groupsPath+"/"+db]; a.status != 409 || !strings.Contains(a.text, "Security Group "+db+" in use.") {
		t.Errorf("a group in use: %d %s", a.status, a.text)
	}
	if a := answers[groupsPath+"/"+web]; a.status != 204 {
		t.Errorf("a group that it names: %d %s", a.status, a.text)
	}
	old := cloud.PlantGroup(sandbox.Group{Name: "old"}).ID
	cloud.PlantRule(old, naming(old))
	twice := atOnce(demo, groupsPath+"/"+old, groupsPath+"/"+old+"?again")
	if a, b := twice[groupsPath+"/"+old].status, twice[groupsPath+"/"+old+"?again"].status; min(a, b) != 204 || max(a, b) != 404 {
		t.Errorf("a group twice: %d and %d", a, b)
	}
}

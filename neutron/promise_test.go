package neutron_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/neutron/sandbox"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// TestTamperedPlan saves an honest plan, lets somebody write into it, and demands that
// it is refused before anything is changed.
func TestTamperedPlan(t *testing.T) {
	c := open(t)
	client, err := neutron.Connect(t.Context(), neutron.Options{})
	if err != nil {
		t.Fatal(err)
	}
	mustApply(t, job(policy(map[string][]int{"app": {21, 22}, "db": {31}, "old": {41}})))
	bank := &rule.Set{Policy: "bank", Groups: []rule.Group{{Tier: "payroll", Name: "payroll", Stateful: true, Rules: []rule.Entry{entry(51, rule.Anyone())}}}}
	mustApply(t, job(bank))
	c.PlantGroup(sandbox.Group{Name: "free", ProjectID: c.Demo().ProjectID, Stateful: true})
	s, err := client.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	live := func(name string) rule.LiveGroup {
		return s.Groups[slices.IndexFunc(s.Groups, func(g rule.LiveGroup) bool { return g.Name == name })]
	}
	payroll, free, db := live("payroll"), live("free"), live("db")
	foreign := func(action plan.Action, g rule.LiveGroup, description string) plan.Group {
		return plan.Group{Action: action, Tier: "x", ID: g.ID, Name: g.Name, Description: description, Stateful: g.Stateful, Revision: g.Revision}
	}
	// app loses port 22 and gets 23, db stays, old goes.
	planned, err := client.Plan(t.Context(), job(policy(map[string][]int{"app": {21, 23}, "db": {31}})))
	if err != nil {
		t.Fatal(err)
	}
	const app, kept, old = 0, 1, 2
	for _, test := range []struct {
		name   string
		tamper func(*plan.Plan)
		want   string // "": it is honest
	}{
		{"untouched", func(*plan.Plan) {}, ""},
		{"opens another port of its own", func(p *plan.Plan) { p.Groups[app].Create = []rule.Entry{entry(24, rule.Anyone())} }, ""},
		{"a foreign group deleted", func(p *plan.Plan) {
			g := foreign(plan.Delete, payroll, payroll.Description)
			g.Why = "the tier has an older one"
			p.Groups = append(p.Groups, g)
		}, "payroll: " + payroll.ID + " is not the policy's"},
		{"a foreign group deleted under another mark", func(p *plan.Plan) {
			p.Groups = append(p.Groups, foreign(plan.Delete, payroll, "[sgc:shop/x]"))
		}, "is not the policy's"},
		{"nobody's group deleted", func(p *plan.Plan) { p.Groups = append(p.Groups, foreign(plan.Delete, free, "")) }, "is not the policy's"},
		{"a foreign group opened", func(p *plan.Plan) {
			g := foreign(plan.Change, payroll, payroll.Description)
			g.Create = []rule.Entry{entry(52, rule.Anyone())}
			p.Groups = append(p.Groups, g)
		}, "is not the policy's"},
		{"a foreign group opened, as one to be kept", func(p *plan.Plan) {
			g := foreign(plan.Keep, payroll, payroll.Description)
			g.Create = []rule.Entry{entry(52, rule.Anyone())}
			p.Groups = append(p.Groups, g)
		}, "is not the policy's"},
		{"a foreign group taken over", func(p *plan.Plan) {
			g := foreign(plan.Adopt, payroll, "[sgc:shop/x]")
			g.Fields = []plan.Field{{Name: "description", Old: payroll.Description, New: g.Description}}
			p.Groups = append(p.Groups, g)
		}, "is not a group of that name that nobody owns"},
		{"nobody's group taken over and renamed", func(p *plan.Plan) {
			g := foreign(plan.Adopt, free, "[sgc:shop/x]")
			g.Name = "mine"
			p.Groups = append(p.Groups, g)
		}, "is not a group of that name that nobody owns"},
		{"a foreign group let go", func(p *plan.Plan) { p.Groups = append(p.Groups, foreign(plan.Release, payroll, "")) }, "is not the policy's"},
		{"a tier's id replaced", func(p *plan.Plan) {
			p.Groups[app].ID, p.Groups[app].Revision = payroll.ID, payroll.Revision
		}, "is not the policy's"},
		{"a tier's id replaced by that of another tier", func(p *plan.Plan) {
			p.Groups[app].ID, p.Groups[app].Revision = db.ID, db.Revision
		}, "app: " + db.ID + " is of tier db, not app"},
		{"an id of a new group", func(p *plan.Plan) {
			p.Groups[app] = plan.Group{Action: plan.Create, Tier: "new", Name: "new", ID: payroll.ID, Description: "[sgc:shop/new]", Create: p.Groups[app].Create}
		}, "a new group has no id"},
		{"a new group of another policy's", func(p *plan.Plan) {
			p.Groups[app] = plan.Group{Action: plan.Create, Tier: "new", Name: "new", Description: "[sgc:bank/new]"}
		}, "its description would not end in [sgc:shop/new]"},
		{"a foreign rule removed", func(p *plan.Plan) { p.Groups[app].Remove[0].ID = payroll.Rules[0].ID }, "app: it has no rule " + payroll.Rules[0].ID},
		{"a foreign rule removed, with a query", func(p *plan.Plan) { p.Groups[app].Remove[0].ID = payroll.Rules[0].ID + "?x=" }, "is no id"},
		{"a group removed as a rule", func(p *plan.Plan) { p.Groups[app].Remove[0].ID = "../security-groups/" + payroll.ID }, "is no id"},
		{"a rule of another tier removed", func(p *plan.Plan) { p.Groups[app].Remove = append(p.Groups[app].Remove, db.Rules[0]) }, "it has no rule"},
		{"a rule removed twice", func(p *plan.Plan) {
			p.Groups[app].Remove = append(p.Groups[app].Remove, p.Groups[app].Remove[0])
		}, "it has no rule"},
		{"what goes shown as another rule", func(p *plan.Plan) {
			p.Groups[app].Remove[0].Rule.Ports = rule.PortRange(99, 99)
		}, "is ingress IPv4 tcp/22 from anyone, not ingress IPv4 tcp/99 from anyone"},
		{"what stays hidden", func(p *plan.Plan) { p.Groups[app].Stay = nil }, "is not in the plan: ingress IPv4 tcp/21 from anyone"},
		{"what goes along hidden", func(p *plan.Plan) { p.Groups[old].Remove = nil }, "is not in the plan: ingress IPv4 tcp/41 from anyone"},
		{"a change hidden as none", func(p *plan.Plan) { p.Groups[kept].Create = p.Groups[app].Create }, "db: it is to be kept, and changes"},
		{"a field that is none", func(p *plan.Plan) {
			p.Groups[app].Fields = []plan.Field{{Name: "project_id", Old: "1", New: "2"}}
		}, "what it is called and how it works is not what the plan says"},
		{"a field of another value", func(p *plan.Plan) {
			p.Groups[app].Name = "front"
			p.Groups[app].Fields = []plan.Field{{Name: "name", Old: "app", New: "back"}}
		}, "what it is called and how it works is not what the plan says"},
		{"the mark given to another", func(p *plan.Plan) {
			g := &p.Groups[app]
			g.Fields = []plan.Field{{Name: "description", Old: g.Description, New: "[sgc:bank/app]"}}
			g.Description = "[sgc:bank/app]"
		}, "its description would not end in [sgc:shop/app]"},
		{"tags given to another", func(p *plan.Plan) { p.Groups[app].Tags = []string{"sgc:policy=bank"} }, "it would lack the tag sgc:policy=shop"},
		{"a reason made up", func(p *plan.Plan) { p.Groups[old].Why = "the tier has an older one" }, "the reason why it goes is not so"},
		{"a tier deleted as an old one", func(p *plan.Plan) {
			p.Groups[kept].Action, p.Groups[kept].Why = plan.Delete, "the tier has an older one"
		}, "the reason why it goes is not so"},
		{"a group twice", func(p *plan.Plan) {
			again := p.Groups[old]
			p.Groups = append(p.Groups, again)
		}, "is in the plan twice"},
		{"a tier twice", func(p *plan.Plan) {
			p.Groups = append(p.Groups, plan.Group{Action: plan.Create, Tier: "app", Name: "app", Description: "[sgc:shop/app]"})
		}, "the plan has two groups of tier app"},
		{"another policy's name", func(p *plan.Plan) { p.Policy = "bank" }, "is not the policy's"},
		{"a remote that is none", func(p *plan.Plan) {
			p.Groups[app].Create = []rule.Entry{entry(24, rule.Tier("nowhere"))}
		}, "the plan does not say what tier nowhere is"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var file, tampered bytes.Buffer
			if err := plan.JSON(&file, planned.Plan); err != nil {
				t.Fatal(err)
			}
			p, err := plan.Parse(file.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			test.tamper(p)
			if err := plan.JSON(&tampered, p); err != nil {
				t.Fatal(err)
			}
			before := len(c.Calls())
			if p, err = plan.Parse(tampered.Bytes()); err == nil {
				_, err = client.Review(t.Context(), []*plan.Plan{p}, plan.Permits{Destroy: true})
			}
			if got := complaint(err); (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("%q, not %q", got, test.want)
			}
			for _, call := range c.Calls()[before:] {
				if call.Method != http.MethodGet {
					t.Errorf("it has called %s %s", call.Method, call.Path)
				}
			}
		})
	}
}

func complaint(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

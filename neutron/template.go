package neutron

import (
	"context"
	"net/http"

	"sgc.dev/sgc/neutron/wire"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// templateRule is a rule that new groups are born with, as operators set it from 2023.2 on.
type templateRule struct {
	wire.Rule
	InOthers  *bool `json:"used_in_non_default_sg"`
	InDefault *bool `json:"used_in_default_sg"`
}

func (t templateRule) Key() string  { return t.ID }
func (t templateRule) Check() error { return rule.CheckID(t.ID) }

// Born is the rules that this cloud gives a new group. A cloud that does not say gives
// those that most do. Rules about the group itself are left out: nobody can say yet which
// one that is.
func (c *Client) Born(ctx context.Context) ([]rule.Rule, error) {
	born, _, err := c.Template(ctx)
	return born, err
}

// Template is the rules that this cloud gives a new group, as [Client.Born] has them, and
// those that it gives a project's default group, which "PARENT" stands for; ofDefault is nil
// where the cloud does not say.
func (c *Client) Template(ctx context.Context) (born, ofDefault []rule.Rule, err error) {
	list, err := pages[templateRule](ctx, c, "read what new security groups are born with", templatePath, "default_security_group_rules", nil)
	if refused(err, http.StatusNotFound) || refused(err, http.StatusForbidden) {
		return plan.Born(), nil, nil
	}
	ofDefault = []rule.Rule{}
	for _, t := range list {
		if l := t.Live(); t.InOthers != nil && *t.InOthers && !l.Opaque() && l.Rule.Remote.Kind() != rule.RemoteGroup {
			born = append(born, l.Rule)
		}
		if l := t.Live(); t.InDefault != nil && *t.InDefault && !l.Opaque() {
			ofDefault = append(ofDefault, l.Rule)
		}
	}
	return born, ofDefault, err
}

package neutron

import (
	"context"
	"net/http"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// templateRule is a rule that new groups are born with, as operators set it from 2023.2 on.
type templateRule struct {
	ruleWire
	InOthers *bool `json:"used_in_non_default_sg"`
}

func (t templateRule) key() string  { return t.ID }
func (t templateRule) check() error { return rule.CheckID(t.ID) }

// Born is the rules that this cloud gives a new group. A cloud that does not say gives
// those that most do. Rules about the group itself are left out: nobody can say yet which
// one that is.
func (c *Client) Born(ctx context.Context) ([]rule.Rule, error) {
	list, err := pages[templateRule](ctx, c, "read what new security groups are born with", templatePath, "default_security_group_rules", nil)
	if refused(err, http.StatusNotFound) || refused(err, http.StatusForbidden) {
		return plan.Born(), nil
	}
	var born []rule.Rule
	for _, t := range list {
		if l := t.live(); t.InOthers != nil && *t.InOthers && !l.Opaque() && l.Rule.Remote.Kind() != rule.RemoteGroup {
			born = append(born, l.Rule)
		}
	}
	return born, err
}

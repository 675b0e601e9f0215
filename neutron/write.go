package neutron

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"sgc.dev/sgc/neutron/wire"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// What changes a cloud is called once: whether it may be called again, and what has to be
// looked at before, is for whoever carries a plan out to say.

// Ref is a group that exists, by its id, with its name for people.
type Ref struct{ ID, Name string }

// NewGroup is a group that is to be created.
type NewGroup struct {
	Name, Description string
	Stateful          bool
}

// CreateGroups creates groups by one call, all or none, and returns them in their order,
// with the rules that they are born with.
func (c *Client) CreateGroups(ctx context.Context, groups []NewGroup) ([]rule.LiveGroup, error) {
	var body struct {
		Groups []newGroup `json:"security_groups"`
	}
	for _, g := range groups {
		n := newGroup{Name: g.Name, Description: g.Description}
		if !c.allStateful.Load() {
			n.Stateful = &g.Stateful
		}
		body.Groups = append(body.Groups, n)
	}
	var answer struct {
		Groups []wire.Group `json:"security_groups"`
	}
	if err := c.once(ctx, "create security groups", http.MethodPost, groupsPath, nil, body, &answer); err != nil {
		return nil, err
	}
	var made []rule.LiveGroup
	for _, g := range groups {
		at := slices.IndexFunc(answer.Groups, func(a wire.Group) bool { return a.Description == g.Description && a.Name == g.Name })
		if at < 0 {
			return nil, c.nonsense("the cloud says that it created security groups, and not %s among them", g.Name)
		}
		live := answer.Groups[at].Live()
		if project := answer.Groups[at].Project(); project != c.project {
			return nil, c.nonsense("the cloud says that it created security group %s in project %q, not in this one", g.Name, project)
		}
		if err := live.CheckIDs(); err != nil {
			return nil, c.nonsense("the cloud's answer to the creation of security group %s: %s", g.Name, err)
		}
		made = append(made, live)
	}
	return made, nil
}

// UpdateGroup changes fields of a group as long as it is at the revision.
func (c *Client) UpdateGroup(ctx context.Context, g Ref, revision int, update []plan.Field) error {
	fields := map[string]any{}
	for _, f := range update {
		fields[f.Name] = f.New
		if f.Name == "stateful" {
			fields[f.Name] = f.New == strconv.FormatBool(true)
		}
	}
	return c.once(ctx, "change security group "+g.Name, http.MethodPut, below(groupsPath, g.ID), at(revision), map[string]any{"security_group": fields}, nil)
}

// DeleteGroup deletes a group, whose rules go along, as long as it is at the revision.
func (c *Client) DeleteGroup(ctx context.Context, g Ref, revision int) error {
	return c.once(ctx, "delete security group "+g.Name, http.MethodDelete, below(groupsPath, g.ID), at(revision), nil, nil)
}

// at is the condition that a group has not changed.
func at(revision int) map[string]string {
	return map[string]string{"If-Match": "revision_number=" + strconv.Itoa(revision)}
}

// CreateRules creates rules of a group by one call, all or none, and returns their ids in
// their order. IDs are those of what rules name.
func (c *Client) CreateRules(ctx context.Context, g Ref, entries []rule.Entry, ids map[rule.Remote]string) ([]string, error) {
	var body struct {
		Rules []newRule `json:"security_group_rules"`
	}
	for _, e := range entries {
		n, err := request(g.ID, e, ids)
		if err != nil {
			return nil, err
		}
		body.Rules = append(body.Rules, n)
	}
	var answer struct {
		Rules []struct {
			ID string `json:"id"`
		} `json:"security_group_rules"`
	}
	if err := c.once(ctx, "create rules in security group "+g.Name, http.MethodPost, rulesPath, nil, body, &answer); err != nil {
		return nil, err
	}
	if len(answer.Rules) != len(entries) {
		return nil, c.nonsense("the cloud says that it created %s in security group %s, not %d", rule.Counted(len(answer.Rules), "rule"), g.Name, len(entries))
	}
	var made []string
	for _, r := range answer.Rules {
		if err := rule.CheckID(r.ID); err != nil {
			return nil, c.nonsense("the cloud's answer to the creation of rules in security group %s: %s", g.Name, err)
		}
		made = append(made, r.ID)
	}
	return made, nil
}

// DeleteRule removes a rule of a group.
func (c *Client) DeleteRule(ctx context.Context, g Ref, id string) error {
	return c.once(ctx, "remove rule "+id+" of security group "+g.Name, http.MethodDelete, below(rulesPath, id), nil, nil, nil)
}

// SetTags gives a group these tags and no other.
func (c *Client) SetTags(ctx context.Context, g Ref, tags []string) error {
	return c.once(ctx, "tag security group "+g.Name, http.MethodPut, below(groupsPath, g.ID, "tags"), nil, map[string][]string{"tags": tags}, nil)
}

// AddTag gives a group one more tag, which it may have.
func (c *Client) AddTag(ctx context.Context, g Ref, tag string) error {
	return c.once(ctx, "tag security group "+g.Name, http.MethodPut, below(groupsPath, g.ID, "tags", tag), nil, nil, nil)
}

// RemoveTag takes a tag from a group.
func (c *Client) RemoveTag(ctx context.Context, g Ref, tag string) error {
	return c.once(ctx, "take a tag from security group "+g.Name, http.MethodDelete, below(groupsPath, g.ID, "tags", tag), nil, nil, nil)
}

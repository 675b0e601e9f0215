package neutron

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"sgc.dev/sgc/neutron/wire"
	"sgc.dev/sgc/rule"
)

// Read reads the project's security groups with their rules: one call, or one a
// page where the cloud has pages. Groups that others share with it are not part of it.
func (c *Client) Read(ctx context.Context) (*rule.State, error) {
	s := &rule.State{Project: c.project}
	groups, err := pages[wire.WholeGroup](ctx, c, "read the security groups", groupsPath, "security_groups", url.Values{"project_id": {c.project}})
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		if g.Stateful == nil {
			c.allStateful.Store(true)
		}
		if g.Project() == c.project {
			s.Groups = append(s.Groups, g.Live())
		}
	}
	return s, nil
}

// ReadGroup reads one group with its rules.
func (c *Client) ReadGroup(ctx context.Context, id string) (rule.LiveGroup, error) {
	var answer struct {
		Group wire.WholeGroup `json:"security_group"`
	}
	err := c.get(ctx, "read security group "+id, below(groupsPath, id), nil, &answer)
	if err != nil {
		return rule.LiveGroup{}, err
	}
	if err := answer.Group.Check(); err != nil {
		return rule.LiveGroup{}, c.nonsense("%s", err)
	}
	return answer.Group.Live(), nil
}

// ReadGroupHead reads what a group is called and whose it is, and not its rules: that is
// quicker, the more so the more rules there are.
func (c *Client) ReadGroupHead(ctx context.Context, id string) (rule.LiveGroup, error) {
	var answer struct {
		Group wire.Group `json:"security_group"`
	}
	query := url.Values{"fields": {"id", "project_id", "name", "description", "tags", "revision_number"}}
	err := c.get(ctx, "read security group "+id, below(groupsPath, id), query, &answer)
	if err != nil {
		return rule.LiveGroup{}, err
	}
	if err := answer.Group.Check(); err != nil {
		return rule.LiveGroup{}, c.nonsense("%s", err)
	}
	return answer.Group.Live(), nil
}

// Naming is a rule whose remote is a group, and the group that has it.
type Naming struct {
	ID    string `json:"id"`
	Group string `json:"security_group_id"`
}

func (n Naming) Key() string  { return n.ID }
func (n Naming) Check() error { return rule.CheckID(n.ID) }

// ReadNaming reads which rules name a group, as far as the project has them.
func (c *Client) ReadNaming(ctx context.Context, id string) ([]Naming, error) {
	return pages[Naming](ctx, c, "read the rules that name security group "+id, rulesPath, "security_group_rules", url.Values{"remote_group_id": {id}})
}

// item is what a list has many of. check says what keeps it from being one.
type item interface {
	Key() string // which no other of the list has
	Check() error
}

// pages reads a list to its end. Operators may cap pages, whatever is asked for.
func pages[E item](ctx context.Context, c *Client, doing, path, key string, query url.Values) ([]E, error) {
	var read wire.Budget
	return within[E](ctx, c, doing, path, key, query, &read)
}

// pagesOf reads what several queries ask for, one list after the other. What more than
// one of them asks for is there as often.
func pagesOf[E item](ctx context.Context, c *Client, doing, path, key string, queries []url.Values) ([]E, error) {
	var all []E
	var read wire.Budget
	for _, query := range queries {
		list, err := within[E](ctx, c, doing, path, key, query, &read)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// mostPages is how many pages a list may have: of a hundred items each, they hold more than
// a plan may leave in a project.
const mostPages = 1000

// within reads a list to its end: each page brings something new, and all that the budget
// counts is no longer than one answer may be.
func within[E item](ctx context.Context, c *Client, doing, path, key string, query url.Values, read *wire.Budget) ([]E, error) {
	var all []E
	seen := map[string]bool{}
	for range mostPages {
		var page map[string]json.RawMessage
		if err := c.get(ctx, doing, path, query, &page); err != nil {
			return nil, err
		}
		if err := read.Spend(page[key]); err != nil {
			return nil, c.nonsense("cannot %s: %s", doing, err)
		}
		items, err := list[E](page[key], key)
		if err != nil {
			return nil, c.nonsense("cannot %s: %s", doing, err)
		}
		fresh := false
		for _, e := range items {
			if !seen[e.Key()] {
				seen[e.Key()], fresh = true, true
				all = append(all, e)
			}
		}
		next := wire.NextPage(page[key+"_links"])
		if next == "" {
			return all, nil
		}
		// The address may be one that only the server can reach; its query is what counts.
		u, err := url.Parse(next)
		if err != nil || !fresh {
			return nil, c.nonsense("cannot %s: the list has no end: there is nothing new in the page before %q", doing, next)
		}
		query = u.Query()
	}
	return nil, c.nonsense("cannot %s: the list has more than %d pages, which no project needs", doing, mostPages)
}

// list reads one page, an item after the other: the first that is none ends it.
// An answer without the list, or with null for it, is no empty list.
func list[E item](data json.RawMessage, key string) ([]E, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	if start, err := d.Token(); err != nil || start != json.Delim('[') {
		return nil, fmt.Errorf("the answer is no list of %s", key)
	}
	var items []E
	for d.More() {
		var e E
		if err := d.Decode(&e); err != nil {
			return nil, fmt.Errorf("the answer is no list of %s: %w", key, err)
		}
		if err := e.Check(); err != nil {
			return nil, fmt.Errorf("the answer is no list of %s: %w", key, err)
		}
		items = append(items, e)
	}
	return items, nil
}

package neutron

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"sgc.dev/sgc/rule"
)

// Read reads the project's security groups with their rules: one call, or one a
// page where the cloud has pages. Groups that others share with it are not part of it.
func (c *Client) Read(ctx context.Context) (*rule.State, error) {
	s := &rule.State{Project: c.project}
	groups, err := pages[groupWire](ctx, c, "read the security groups", groupsPath, "security_groups", url.Values{"project_id": {c.project}})
	for _, g := range groups {
		if g.Stateful == nil {
			c.allStateful.Store(true)
		}
		if g.ProjectID == c.project {
			s.Groups = append(s.Groups, g.live())
		}
	}
	return s, err
}

// readGroup reads one group with its rules.
func (c *Client) readGroup(ctx context.Context, id string) (rule.LiveGroup, error) {
	var answer struct {
		Group groupWire `json:"security_group"`
	}
	err := c.call(ctx, "read security group "+id, http.MethodGet, groupsPath+"/"+id, nil, nil, &answer)
	return answer.Group.live(), err
}

// pages reads a list to its end. Operators may cap pages, whatever is asked for.
func pages[E any](ctx context.Context, c *Client, doing, path, key string, query url.Values) ([]E, error) {
	var all []E
	seen := map[string]bool{}
	for {
		var page map[string]json.RawMessage
		if err := c.call(ctx, doing, http.MethodGet, path, query, nil, &page); err != nil {
			return nil, err
		}
		var items []E
		// An answer without the list is no empty list.
		if err := json.Unmarshal(page[key], &items); err != nil {
			return nil, fmt.Errorf("cannot %s: the answer is no list of %s", doing, key)
		}
		all = append(all, items...)
		next := nextPage(page[key+"_links"])
		if next == "" {
			return all, nil
		}
		// The address may be one that only the server can reach; its query is what counts.
		u, err := url.Parse(next)
		if err != nil || seen[u.RawQuery] {
			return nil, fmt.Errorf("cannot %s: the list has no end: the next page is %q again", doing, next)
		}
		seen[u.RawQuery] = true
		query = u.Query()
	}
}

// nextPage is the address of the page that follows, "" after the last.
func nextPage(links json.RawMessage) string {
	var list []struct{ Rel, Href string }
	if json.Unmarshal(links, &list) != nil {
		return ""
	}
	for _, link := range list {
		if link.Rel == "next" {
			return link.Href
		}
	}
	return ""
}

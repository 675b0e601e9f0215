package neutron

import (
	"context"
	"net/http"
	"net/url"

	"github.com/gophercloud/gophercloud/v2"
)

// Paths below Neutron's v2.0.
const (
	groupsPath        = "security-groups"
	rulesPath         = "security-group-rules"
	addressGroupsPath = "address-groups"
)

// below is the path of what has an id, or of a part of it. Whatever an id may be, it
// leads nowhere else.
func below(path string, parts ...string) string {
	for _, part := range parts {
		path += "/" + url.PathEscape(part)
	}
	return path
}

// call makes one call and decodes its answer into out, where that is not nil.
// path is relative to v2.0; doing is for errors, as in "read the ports".
func (c *Client) call(ctx context.Context, doing, method, path string, query url.Values, body, out any) error {
	return c.callWith(ctx, doing, method, path, query, nil, body, out)
}

func (c *Client) callWith(ctx context.Context, doing, method, path string, query url.Values, headers map[string]string, body, out any) error {
	address := c.network.ServiceURL(path)
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	_, err := c.network.Request(ctx, method, address, &gophercloud.RequestOpts{
		JSONBody:     body,
		JSONResponse: out,
		MoreHeaders:  headers,
		OkCodes:      []int{http.StatusOK, http.StatusCreated, http.StatusNoContent},
	})
	if err != nil {
		return explain(doing, err, c.secrets.hide)
	}
	return nil
}

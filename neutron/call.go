package neutron

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"

	"github.com/gophercloud/gophercloud/v2"
)

// Paths below Neutron's v2.0.
const (
	groupsPath        = "security-groups"
	rulesPath         = "security-group-rules"
	addressGroupsPath = "address-groups"
	templatePath      = "default-security-group-rules"
)

// below is the path of what has an id, or of a part of it. Whatever an id may be, it
// leads nowhere else.
func below(path string, parts ...string) string {
	for _, part := range parts {
		path += "/" + url.PathEscape(part)
	}
	return path
}

// get makes a call that changes nothing, again where it failed and that may pass, and
// decodes its answer into out. path is relative to v2.0; doing is for errors, as in "read
// the ports".
func (c *Client) get(ctx context.Context, doing, path string, query url.Values, out any) error {
	address := c.network.ServiceURL(path)
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return c.request(ctx, doing, http.MethodGet, address, nil, nil, out)
}

// once makes a call that changes something, and no second one whatever becomes of it. An
// answer is decoded into out where that is not nil.
func (c *Client) once(ctx context.Context, doing, method, path string, headers map[string]string, body, out any) error {
	return c.request(context.WithValue(ctx, onceKey{}, true), doing, method, c.network.ServiceURL(path), headers, body, out)
}

// onceKey is where the context of a call says that it is not to be made again.
type onceKey struct{}

func (c *Client) request(ctx context.Context, doing, method, address string, headers map[string]string, body, out any) error {
	_, err := c.network.Request(ctx, method, address, &gophercloud.RequestOpts{
		JSONBody:     body,
		JSONResponse: out,
		MoreHeaders:  headers,
		OkCodes:      []int{http.StatusOK, http.StatusCreated, http.StatusNoContent},
	})
	if err != nil {
		return explain(doing, err, c.secrets.Hide)
	}
	return nil
}

// nonsense is what an answer says that cannot be.
func (c *Client) nonsense(format string, args ...any) error {
	return errors.New(c.secrets.Hide(fmt.Sprintf(format, args...)))
}

// longestLine is how many bytes the first line of a question has at the most. Servers
// and proxies refuse longer ones, Apache from 8190 on. What the address of a next page
// has beside is less than what is left up to 8000.
const longestLine = 7800

// queries ask, all of them together, for each value of a filter: as few as their lines
// let them be. All have the rest. A value that is too long by itself has a query of its
// own, and it is for the server to say so.
func (c *Client) queries(path, filter string, values []string, rest url.Values) []url.Values {
	most := longestLine - len("GET "+c.network.ServiceURL(path)+"?"+rest.Encode()+" HTTP/1.1\r\n")
	var all []url.Values
	left := 0
	for _, value := range values {
		length := len("&" + url.Values{filter: {value}}.Encode())
		if all == nil || length > left {
			query := url.Values{}
			maps.Copy(query, rest)
			all, left = append(all, query), most
		}
		all[len(all)-1].Add(filter, value)
		left -= length
	}
	return all
}

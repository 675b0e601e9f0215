package neutron

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
)

// TestQueries asks for every value, once and in order, by lines that are short however
// long the address is.
func TestQueries(t *testing.T) {
	var values []string
	for i := range 400 {
		values = append(values, fmt.Sprintf("%032d & é", i))
	}
	for _, c := range []struct{ path, values, queries int }{
		{0, 0, 0}, {0, 1, 1}, {0, 400, 3}, {900, 400, 3}, {5000, 400, 8}, {7770, 7, 7}, {9000, 3, 3},
	} {
		client := &Client{network: &gophercloud.ServiceClient{ResourceBase: "https://cloud.example/" + strings.Repeat("x", c.path) + "/v2.0/"}}
		var got []string
		queries := client.queries("things", "name", values[:c.values], url.Values{"fields": {"id"}})
		for _, query := range queries {
			if line := "GET " + client.network.ServiceURL("things") + "?" + query.Encode() + " HTTP/1.1\r\n"; len(line) > longestLine && len(query["name"]) > 1 {
				t.Errorf("a path of %d: a line of %d bytes", c.path, len(line))
			}
			if query.Get("fields") != "id" {
				t.Errorf("a path of %d: the query lacks what all have: %v", c.path, query)
			}
			got = append(got, query["name"]...)
		}
		if !slices.Equal(got, values[:c.values]) || len(queries) != c.queries {
			t.Errorf("a path of %d: %d queries for %d values of %d", c.path, len(queries), len(got), c.values)
		}
	}
}

package neutron

import (
	"maps"
	"net/url"
)

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

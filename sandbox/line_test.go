package sandbox_test

import (
	"strings"
	"testing"

	"sgc.dev/sgc/sandbox"
)

// TestRequestLine refuses a request line that has a byte too many, in front of the cloud.
func TestRequestLine(t *testing.T) {
	cloud := sandbox.New()
	s := listen(t, cloud)
	demo := login(t, s, cloud.Demo())
	query := "?id=" + strings.Repeat("x", 500)
	_, path, _ := strings.Cut(s.NetworkURL(), "127.0.0.1")
	_, path, _ = strings.Cut(path, "/")
	line := len("GET /" + path + groupsPath + query + " HTTP/1.1")
	for _, test := range []struct{ limit, status int }{{0, 200}, {line, 200}, {line - 1, 414}, {0, 200}} {
		cloud.SetRequestLine(test.limit)
		before := len(cloud.Calls())
		a, header := demo.raw("GET", s.NetworkURL()+groupsPath+query, nil, nil)
		if a.status != test.status {
			t.Errorf("limit %d: %d %s", test.limit, a.status, a.text)
		}
		if a.status == 414 && (!strings.Contains(a.text, "<title>414 Request-URI Too Long</title>") ||
			header.Get("Content-Type") != "text/html; charset=iso-8859-1" || len(cloud.Calls()) != before) {
			t.Errorf("the page is %v %s, after %d calls of %d", header, a.text, before, len(cloud.Calls()))
		}
	}
}

package sandbox

import (
	"net/http"

	"sgc.dev/sgc/sandbox/api"
)

// SetRequestLine has requests refused whose first line, as "GET /path?query HTTP/1.1",
// has more bytes than that, before they reach the cloud: fronts of clouds do, Apache
// beyond 8190 where nobody has said otherwise. 0 is no limit.
func (c *Cloud) SetRequestLine(bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requestLine = bytes
}

// lineFits reports whether the front lets a request through.
func (c *Cloud) lineFits(r *http.Request) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	line := len(r.Method) + len(r.RequestURI) + len(r.Proto) + len("  ")
	return c.requestLine == 0 || line <= c.requestLine
}

// lineTooLong is Apache's page.
func lineTooLong() api.Answer {
	a := api.Plain(http.StatusRequestURITooLong, `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">
<html><head>
<title>414 Request-URI Too Long</title>
</head><body>
<h1>Request-URI Too Long</h1>
<p>The requested URL's length exceeds the capacity
limit for this server.<br />
</p>
</body></html>
`)
	a.Header = map[string]string{"Content-Type": "text/html; charset=iso-8859-1"}
	return a
}

//go:build conformance

package conformance

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"syscall"
	"testing"
)

// A proxy stands between a script's openstack commands and the cloud, counts the
// requests that change something in Neutron, and may kill the script between two.
type proxy struct {
	server *httptest.Server

	mu     sync.Mutex
	writes int
	// after is the number of the write after whose answer the process group dies, before it hears it; 0 is never.
	after int
	group int // the process group, once it is known
}

func newProxy(t testing.TB, c *cloud, after int) *proxy {
	t.Helper()
	neutron, err := url.Parse(c.network)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{after: after}
	forward := &httputil.ReverseProxy{Rewrite: func(*httputil.ProxyRequest) {}}
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host != neutron.Host || r.Method == http.MethodGet {
			forward.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		forward.ServeHTTP(answer, r)
		if p.kills() {
			return
		}
		for key, values := range answer.Header() {
			w.Header()[key] = values
		}
		w.WriteHeader(answer.Code)
		w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(p.server.Close)
	return p
}

// kills counts a write, and kills the process group if that was its last.
func (p *proxy) kills() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.writes++
	if p.after == 0 || p.writes < p.after {
		return false
	}
	syscall.Kill(-p.group, syscall.SIGKILL)
	return true
}

// run runs a script through the proxy.
func (p *proxy) run(t testing.TB, a account, script string) outcome {
	t.Helper()
	cmd := a.command(t, script, "http_proxy="+p.server.URL)
	// No write gets through before its sender is known.
	p.mu.Lock()
	return finish(t, cmd, func(pid int) {
		p.group = pid
		p.mu.Unlock()
	})
}

// count is how many writes there were.
func (p *proxy) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.writes
}

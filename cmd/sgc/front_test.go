package main

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"sgc.dev/sgc/sandbox"
)

// A gate passes calls on to a cloud, which it knows under another address than the
// cloud's own, and remembers the tokens that pass.
type gate struct {
	proxy   httputil.ReverseProxy
	address string // of the cloud as clients shall see it
	lacks   string // a kind of service that its catalog does not have

	mu     sync.Mutex
	tokens []string
}

// newGate is a gate before the cloud of a server. Its address is not known yet.
func newGate(server *sandbox.Server) (*gate, error) {
	own := strings.TrimSuffix(server.URL(), "/identity/v3")
	cloud, err := url.Parse(own)
	if err != nil {
		return nil, err
	}
	g := &gate{}
	g.proxy.Rewrite = func(r *httputil.ProxyRequest) {
		r.SetURL(cloud)
		r.Out.Header.Del("Accept-Encoding")
	}
	g.proxy.ModifyResponse = func(r *http.Response) error {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		body = bytes.ReplaceAll(body, []byte(own), []byte(g.address))
		if g.lacks != "" {
			body = bytes.ReplaceAll(body, []byte(`"type":"`+g.lacks+`"`), []byte(`"type":"another"`))
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.Header.Set("Content-Length", fmt.Sprint(len(body)))
		g.mu.Lock()
		defer g.mu.Unlock()
		if token := r.Header.Get("X-Subject-Token"); token != "" {
			g.tokens = append(g.tokens, token)
		}
		return nil
	}
	return g, nil
}

// front puts a gate before the script's cloud: "front tls" is HTTPS, with the
// authority that vouches for it in ca.pem; "front proxy" is a proxy, behind which
// alone the cloud is found, as http://cloud.invalid; "front without network" is a
// cloud without that service; "front mute" hangs up on whatever it hears, as uWSGI does
// on the greeting of TLS.
func front(ts *testscript.TestScript, args []string) error {
	g, err := newGate(siteOf(ts).server)
	if err != nil {
		return err
	}
	switch args[0] {
	case "tls":
		server := httptest.NewUnstartedServer(&g.proxy)
		server.Config.ErrorLog = log.New(io.Discard, "", 0) // of clients that do not trust it
		g.address = "https://" + server.Listener.Addr().String()
		server.StartTLS()
		ts.Defer(server.Close)
		ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
		if err := os.WriteFile(ts.MkAbs("ca.pem"), ca, 0o600); err != nil {
			return err
		}
	case "proxy":
		g.address = "http://cloud.invalid"
		server := httptest.NewServer(&g.proxy)
		ts.Defer(server.Close)
		ts.Setenv("PROXY", server.URL)
	case "without":
		server := httptest.NewUnstartedServer(&g.proxy)
		g.address, g.lacks = "http://"+server.Listener.Addr().String(), args[1]
		server.Start()
		ts.Defer(server.Close)
	case "mute":
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		ts.Defer(func() { listener.Close() })
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				conn.Read(make([]byte, 4096))
				conn.Close()
			}
		}()
		g.address = "http://" + listener.Addr().String()
	default:
		return fmt.Errorf("no front is called %s", args[0])
	}
	ts.Setenv("OS_AUTH_URL", g.address+"/identity/v3")
	return nil
}

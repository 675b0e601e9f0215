package sandbox

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"sgc.dev/sgc/sandbox/api"
	"sgc.dev/sgc/sandbox/keystone"
	"sgc.dev/sgc/sandbox/tables"
)

// maxBody bounds the body of a request, in bytes. Thousands of rules fit.
const maxBody = 8 << 20

// A Server is a cloud at an address.
type Server struct {
	cloud *Cloud
	root  string // of the paths of all services, this server's alone
	base  string // http://127.0.0.1:PORT and the root
	http  http.Server
	done  chan struct{} // closed by Close: nothing waits any longer

	mu     sync.Mutex
	closed bool
	active sync.WaitGroup // what runs: calls, and the loop that accepts connections
}

// Listen serves the cloud on a free port of 127.0.0.1, until Close. No two servers
// have one address: a port may come again, the path behind it does not.
func (c *Cloud) Listen() (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	root := "/" + api.NewSecret()[:12]
	s := &Server{cloud: c, root: root, base: "http://" + listener.Addr().String() + root, done: make(chan struct{})}
	s.http = http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, MaxHeaderBytes: 1 << 16}
	s.active.Add(1)
	go func() {
		defer s.active.Done()
		s.http.Serve(listener) // until Close
	}()
	return s, nil
}

// Close ends the server: it cuts all connections and waits until no call acts
// any longer. It must not be called from an interceptor or an observer.
func (s *Server) Close() {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.done)
	}
	s.mu.Unlock()
	s.http.Close()
	s.active.Wait()
}

// enter counts a call in, unless the server is closed.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.active.Add(1)
	}
	return !s.closed
}

// URL is Keystone's address, OS_AUTH_URL.
func (s *Server) URL() string { return api.Request{Base: s.base}.IdentityURL() }

// NetworkURL is Neutron's address, without a version.
func (s *Server) NetworkURL() string { return api.Request{Base: s.base}.NetworkURL() }

// Env is the environment that makes a client of OpenStack work as the account.
func (s *Server) Env(a Account) []string {
	return []string{
		"OS_AUTH_URL=" + s.URL(),
		"OS_USERNAME=" + a.Name,
		"OS_PASSWORD=" + a.Password,
		"OS_PROJECT_NAME=" + a.Name,
		"OS_USER_DOMAIN_NAME=" + keystone.DomainName,
		"OS_PROJECT_DOMAIN_NAME=" + keystone.DomainName,
		"OS_REGION_NAME=" + Region,
		"OS_IDENTITY_API_VERSION=3",
	}
}

// ServeHTTP takes one call: what goes wrong with it, its turn, its answer.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		panic(http.ErrAbortHandler)
	}
	defer s.active.Done()
	if !s.cloud.lineFits(r) {
		lineTooLong().Write(w, r.Method)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		http.Error(w, "the request is too large", http.StatusRequestEntityTooLarge)
		return
	} else if err != nil {
		panic(http.ErrAbortHandler) // the client is gone
	}
	service, path := s.split(r.URL.EscapedPath())
	call := Call{Method: r.Method, Path: path, Query: r.URL.RawQuery}
	fault := s.cloud.strike(service, r.Method, path)
	if !s.pause(fault.Delay, nil) {
		panic(http.ErrAbortHandler)
	}
	asked := api.Request{Method: r.Method, Path: path, Params: api.ParseParams(r.URL.RawQuery), Header: r.Header, Body: body, Base: s.base}
	d := s.cloud.race(fault, service, asked)
	open := s.pause(d.Moment, d.Met)
	var a api.Answer
	if open {
		a = s.cloud.take(fault, call, service, asked, d)
	}
	s.cloud.End(d)
	if !open || fault.CutBefore || fault.CutAfter {
		panic(http.ErrAbortHandler)
	}
	a.Write(w, r.Method)
}

// split tells the service from the path at its address. What is of neither has no service.
func (s *Server) split(path string) (service, rest string) {
	for _, service := range []string{api.Identity, api.Networking, api.Compute} {
		if rest, ok := strings.CutPrefix(path, s.root+"/"+service); ok && (rest == "" || rest[0] == '/') {
			if rest == "" {
				rest = "/"
			}
			return service, rest
		}
	}
	return "", path
}

// pause waits for a time, or until it is over, and reports whether the server is
// still open then. It does not mind whether the client has left: what a WSGI server
// has begun it ends.
func (s *Server) pause(d time.Duration, over <-chan struct{}) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-over:
		return true
	case <-s.done:
	}
	return false
}

// take is the turn of one call: it is intercepted, acts, unless the fault or a lost race
// says otherwise, and is observed.
func (c *Cloud) take(f Fault, call Call, service string, r api.Request, d *tables.Deletion) api.Answer {
	c.turn.Lock()
	defer c.turn.Unlock()
	c.intercept(call)
	var a api.Answer
	switch {
	case f.CutBefore:
	case f.Status != 0:
		a = f.answer()
	case c.Beaten(d):
		a = c.NoPortGroup(d)
	default:
		a = c.serve(service, r)
	}
	call.Status = a.Status
	if f.CutAfter {
		call.Status = 0
	}
	c.record(call)
	return a
}

// race is the deletion that a call is, where it gets as far as the driver.
func (c *Cloud) race(f Fault, service string, r api.Request) *tables.Deletion {
	who, ok := c.Caller(r.Token())
	if !ok || service != api.Networking || f.CutBefore || f.Status != 0 {
		return &tables.Deletion{}
	}
	return c.Begin(r, who)
}

func (c *Cloud) serve(service string, r api.Request) api.Answer {
	r.Nova = c.HasServers()
	who, ok := c.Caller(r.Token())
	switch {
	case service == api.Identity:
		return c.Keystone.Answer(r)
	case service == "":
		return api.Plain(http.StatusNotFound, "404 Not Found\n\nThe resource could not be found.\n\n")
	case !ok && (service == api.Compute || r.Path != "/"): // Neutron's versions need no token
		return keystone.Unauthorized(r)
	case service == api.Compute:
		return c.AnswerCompute(r, who)
	}
	return c.Tables.Answer(r, who)
}

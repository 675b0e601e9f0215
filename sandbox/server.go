package sandbox

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// The services, as the first part of their paths.
const (
	identity   = "identity"
	networking = "networking"
	compute    = "compute"
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
	root := "/" + newSecret()[:12]
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
func (s *Server) URL() string { return s.base + "/" + identity + "/v3" }

// NetworkURL is Neutron's address, without a version.
func (s *Server) NetworkURL() string { return s.base + "/" + networking }

// Env is the environment that makes a client of OpenStack work as the account.
func (s *Server) Env(a Account) []string {
	return []string{
		"OS_AUTH_URL=" + s.URL(),
		"OS_USERNAME=" + a.Name,
		"OS_PASSWORD=" + a.Password,
		"OS_PROJECT_NAME=" + a.Name,
		"OS_USER_DOMAIN_NAME=" + domainName,
		"OS_PROJECT_DOMAIN_NAME=" + domainName,
		"OS_REGION_NAME=" + Region,
		"OS_IDENTITY_API_VERSION=3",
	}
}

// request is a call as the services see it.
type request struct {
	method string
	path   string // after the address of the service
	params params
	header http.Header
	body   []byte
	server *Server
}

// ServeHTTP takes one call: what goes wrong with it, its turn, its answer.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		panic(http.ErrAbortHandler)
	}
	defer s.active.Done()
	if !s.cloud.lineFits(r) {
		lineTooLong().write(w, r.Method)
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
	asked := request{r.Method, path, parseParams(r.URL.RawQuery), r.Header, body, s}
	d := s.cloud.begin(fault, service, asked)
	open := s.pause(d.moment, d.met)
	var a answer
	if open {
		a = s.cloud.take(fault, call, service, asked, d)
	}
	s.cloud.end(d)
	if !open || fault.CutBefore || fault.CutAfter {
		panic(http.ErrAbortHandler)
	}
	a.write(w, r.Method)
}

// split tells the service from the path at its address. What is of neither has no service.
func (s *Server) split(path string) (service, rest string) {
	for _, service := range []string{identity, networking, compute} {
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
func (c *Cloud) take(f Fault, call Call, service string, r request, d *deletion) answer {
	c.turn.Lock()
	defer c.turn.Unlock()
	c.intercept(call)
	var a answer
	switch {
	case f.CutBefore:
	case f.Status != 0:
		a = f.answer()
	case c.beaten(d):
		a = refuse(c.noPortGroup(d))
	default:
		a = c.serve(service, r)
	}
	call.Status = a.status
	if f.CutAfter {
		call.Status = 0
	}
	c.record(call)
	return a
}

func (c *Cloud) serve(service string, r request) answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch service {
	case identity:
		return c.keystone(r)
	case networking:
		c.remember(r.method)
		return c.neutron(r)
	case compute:
		return c.nova(r)
	}
	return plain(http.StatusNotFound, "404 Not Found\n\nThe resource could not be found.\n\n")
}

package conformance

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// A trouble is what goes wrong with one call.
type trouble string

const (
	none        trouble = ""
	conflict    trouble = "409, did not act"
	tooMany     trouble = "429, did not act"
	crash       trouble = "500, did not act"
	unavailable trouble = "503, did not act"
	gone        trouble = "504, acted"
	stranger    trouble = "401, did not act"
	cutBefore   trouble = "cut, did not act"
	cutAfter    trouble = "cut, acted"
	hungBefore  trouble = "no answer, did not act"
	hungAfter   trouble = "no answer, acted"
	late        trouble = "cut, acts two calls later"
	kill        trouble = "acted, and nothing more of this client gets through"
)

// A gate stands between clients and a cloud. One call of Neutron gets through
// after the other, each is looked at once it has acted, and one may go wrong.
type gate struct {
	account account
	server  *httptest.Server

	turn    sync.Mutex // of calls; guards what follows
	jitter  *rand.Rand // if any, makes calls wait a little for their turn
	calls   []string   // "GET /v2.0/security-groups"
	at      int        // the number of the call that goes wrong; 0 is none
	trouble trouble
	dead    bool
	due     []func() // what has not acted yet, though its client has given up
	dueAt   int
	look    func(call string) // after each call that may have changed something
	// between is called where others may come in: before each call acts, and after it has
	// and before it is answered.
	between func(n int, call string, acted bool)
}

// Paths of the gate's own address.
const (
	identityPath = "/identity/v3"
	networkPath  = "/network"
)

func newGate(t testing.TB, a account) *gate {
	g := &gate{account: a}
	g.server = httptest.NewServer(g)
	t.Cleanup(g.server.Close)
	return g
}

// open lets calls through again, all but one of them well.
func (g *gate) open(at int, what trouble, look func(call string)) {
	g.turn.Lock()
	defer g.turn.Unlock()
	g.calls, g.at, g.trouble, g.dead, g.look, g.between = nil, at, what, false, look, nil
}

// openTo lets all calls through, and others in between them.
func (g *gate) openTo(between func(n int, call string, acted bool)) {
	g.open(0, none, nil)
	g.turn.Lock()
	defer g.turn.Unlock()
	g.between = between
}

// flush has all that is due act.
func (g *gate) flush() {
	g.turn.Lock()
	defer g.turn.Unlock()
	g.overdue(true)
}

func (g *gate) overdue(all bool) {
	if all || len(g.calls) >= g.dueAt {
		for _, act := range g.due {
			act()
		}
		g.due = nil
	}
}

// seen is the calls of Neutron since the gate was opened.
func (g *gate) seen() []string {
	g.turn.Lock()
	defer g.turn.Unlock()
	return append([]string(nil), g.calls...)
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	// Go's own client makes a call again by itself where a connection that it kept is cut.
	w.Header().Set("Connection", "close")
	path, network := strings.CutPrefix(r.URL.EscapedPath(), networkPath)
	if !network {
		a := g.forward(r, g.account.keystone.url+strings.TrimPrefix(r.URL.EscapedPath(), identityPath), body)
		a.body = bytes.ReplaceAll(a.body, []byte(g.account.neutron.url), []byte(g.server.URL+networkPath))
		a.write(w)
		return
	}
	g.pause()
	g.pass(w, r, path, body)
}

func (g *gate) pass(w http.ResponseWriter, r *http.Request, path string, body []byte) {
	hangs := false
	defer func() {
		if hangs {
			<-r.Context().Done()
			panic(http.ErrAbortHandler)
		}
	}()
	g.turn.Lock()
	defer g.turn.Unlock()
	if g.dead {
		panic(http.ErrAbortHandler)
	}
	call := r.Method + " " + path
	g.calls = append(g.calls, call)
	g.overdue(false)
	n := len(g.calls)
	act := func() answered {
		if g.between != nil {
			g.between(n, call, false)
			defer g.between(n, call, true)
		}
		a := g.forward(r, g.account.neutron.url+path, body)
		if g.look != nil && r.Method != http.MethodGet {
			g.look(call)
		}
		return a
	}
	what := none
	if len(g.calls) == g.at {
		what = g.trouble
	}
	refuse := func(status int) {
		w.Header().Set("Retry-After", "0")
		http.Error(w, "this call goes wrong", status)
	}
	switch what {
	case none:
		act().write(w)
	case conflict:
		refuse(http.StatusConflict)
	case tooMany:
		refuse(http.StatusTooManyRequests)
	case crash:
		refuse(http.StatusInternalServerError)
	case unavailable:
		refuse(http.StatusServiceUnavailable)
	case stranger:
		refuse(http.StatusUnauthorized)
	case gone:
		act()
		refuse(http.StatusGatewayTimeout)
	case cutBefore:
		panic(http.ErrAbortHandler)
	case cutAfter:
		act()
		panic(http.ErrAbortHandler)
	case hungBefore:
		hangs = true
	case hungAfter:
		act()
		hangs = true
	case late:
		g.due, g.dueAt = append(g.due, func() { act() }), len(g.calls)+2
		panic(http.ErrAbortHandler)
	case kill:
		act()
		g.dead = true
		panic(http.ErrAbortHandler)
	}
}

// answered is an answer of the cloud.
type answered struct {
	status int
	header http.Header
	body   []byte
}

func (a answered) write(w http.ResponseWriter) {
	for name, values := range a.header {
		if name != "Content-Length" && name != "Connection" {
			w.Header()[name] = values
		}
	}
	w.WriteHeader(a.status)
	w.Write(a.body)
}

// forward makes the call itself, whether its client still waits for the answer or not.
func (g *gate) forward(r *http.Request, url string, body []byte) answered {
	if r.URL.RawQuery != "" {
		url += "?" + r.URL.RawQuery
	}
	call, err := http.NewRequest(r.Method, url, bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	for name, values := range r.Header {
		if name != "Connection" && name != "Accept-Encoding" {
			call.Header[name] = values
		}
	}
	response, err := http.DefaultClient.Do(call)
	if err != nil {
		return answered{status: http.StatusBadGateway, body: []byte(err.Error())}
	}
	defer response.Body.Close()
	a := answered{status: response.StatusCode, header: response.Header}
	if a.body, err = io.ReadAll(response.Body); err != nil {
		return answered{status: http.StatusBadGateway, body: []byte(err.Error())}
	}
	return a
}

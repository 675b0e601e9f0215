// Package transport is what stands between the client and HTTP's own: it follows no call
// elsewhere, reads no answer without end, and keeps to itself what only the cloud may see.
package transport

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"sgc.dev/sgc/neutron/wire"
)

// mostRedirects is how often a call is sent on before it is given up.
const mostRedirects = 5

// Over is a transport over another one, as which what follows says: it keeps secrets, bounds
// answers, and tells connections that end on the greeting.
func Over(base http.RoundTripper, s *Secrets) http.RoundTripper {
	return watched{bounded{greeted{base}}, s}
}

// Redirect follows an answer that sends a call elsewhere where that is the same
// server, as some send /v3 to /v3/: calls carry the password or the token, which
// are for nobody else. One that would become a GET would do nothing and succeed.
func Redirect(next *http.Request, made []*http.Request) error {
	first := made[0]
	from := Host(first.URL.String())
	switch {
	case next.URL.Scheme != first.URL.Scheme || next.URL.Host != first.URL.Host:
		return wire.Distrusted(fmt.Sprintf("%s sends the call on to %s, where password and token must not go; if that is the cloud, auth_url (OS_AUTH_URL) or the address in its catalog is to name it", from, Host(next.URL.String())))
	case next.Method != first.Method:
		return wire.Distrusted(fmt.Sprintf("%s sends a %s on to %s as a %s; auth_url (OS_AUTH_URL) or the address in its catalog is to name that", from, first.Method, next.URL.Path, next.Method))
	case len(made) > mostRedirects:
		return wire.Distrusted(from + " sends the call on for ever")
	}
	return nil
}

// Host is the part of an address that may be printed.
func Host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the cloud"
	}
	return u.Scheme + "://" + u.Host
}

// bounded reads no answer without end, however short it is on its way: what is
// counted has been unpacked.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := b.RoundTripper.RoundTrip(request)
	if err == nil {
		response.Body = &boundedBody{ReadCloser: response.Body}
	}
	return response, err
}

type boundedBody struct {
	io.ReadCloser
	wire.Budget
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.Left() <= 0 {
		return 0, wire.ErrLong
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.Left())])
	if many := b.Spend(p[:n]); many != nil {
		return 0, many
	}
	return n, err
}

// Hopeless says whether an answer was not taken.
func Hopeless(err error) bool {
	var d wire.Distrusted
	return errors.As(err, &d)
}

// Package transport is what stands between the client and HTTP's own: it follows no call
// elsewhere, reads no answer without end, and keeps to itself what only the cloud may see.
package transport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"sgc.dev/sgc/neutron/wire"
)

// mostRedirects is how often a call is sent on before it is given up.
const mostRedirects = 5

// Over is a transport over another one, as which what follows says. Where a token came by https it
// goes over plain HTTP only if tokensInTLS is false.
func Over(base http.RoundTripper, s *Secrets, p *Patience, tokensInTLS bool) http.RoundTripper {
	return transport{greeted{base}, s, p, tokensInTLS}
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

// transport brings calls to a cloud and takes its answers: whole, before patience and memory
// end, in JSON where they are no errors, and without what is secret.
type transport struct {
	http.RoundTripper
	*Secrets
	*Patience
	tokensInTLS bool // no token goes over plain HTTP
}

func (t transport) RoundTrip(request *http.Request) (*http.Response, error) {
	token := request.Header.Get("X-Auth-Token")
	t.add(token) // one that is renewed is another one
	to := Host(request.URL.String())
	if t.tokensInTLS && token != "" && request.URL.Scheme != "https" {
		return nil, wire.Distrusted("the token came by https, and would go on to " + to + " in the clear; --plain-http sends it all the same")
	}
	ctx, end := t.begin(request.Context())
	defer end()
	response, err := t.RoundTripper.RoundTrip(request.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := wire.ReadWhole(response.Body)
	if err != nil {
		return nil, err
	}
	t.add(response.Header.Get("X-Subject-Token"))
	t.answered(response.StatusCode)
	if response.StatusCode < http.StatusMultipleChoices && len(body) > 0 {
		switch {
		case !json.Valid(body):
			return nil, wire.Distrusted("the answer of " + to + " is not JSON: most likely it is a page, of a proxy or to log in, and the address is another server's")
		case t.told(body):
			return nil, wire.Distrusted("the answer of " + to + " has the password or a token in it, which no cloud tells")
		}
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

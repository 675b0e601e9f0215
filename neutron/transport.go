package neutron

import (
	"errors"
	"fmt"
	"io"
	"net/http"
)

// mostRedirects is how often a call is sent on before it is given up.
const mostRedirects = 5

// distrusted is an answer that is not taken; the same call would bring the same.
type distrusted struct{ why string }

func (d *distrusted) Error() string { return d.why }

// redirect follows an answer that sends a call elsewhere where that is the same
// server, as some send /v3 to /v3/: calls carry the password or the token, which
// are for nobody else. One that would become a GET would do nothing and succeed.
func redirect(next *http.Request, made []*http.Request) error {
	first := made[0]
	from := host(first.URL.String())
	switch {
	case next.URL.Scheme != first.URL.Scheme || next.URL.Host != first.URL.Host:
		return &distrusted{fmt.Sprintf("%s sends the call on to %s, where password and token must not go; if that is the cloud, auth_url (OS_AUTH_URL) or the address in its catalog is to name it", from, host(next.URL.String()))}
	case next.Method != first.Method:
		return &distrusted{fmt.Sprintf("%s sends a %s on to %s as a %s; auth_url (OS_AUTH_URL) or the address in its catalog is to name that", from, first.Method, next.URL.Path, next.Method)}
	case len(made) > mostRedirects:
		return &distrusted{from + " sends the call on for ever"}
	}
	return nil
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
	budget
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left() <= 0 {
		return 0, errLong
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left())])
	if many := b.spend(p[:n]); many != nil {
		return 0, many
	}
	return n, err
}

// hopeless says whether an answer was not taken.
func hopeless(err error) bool {
	var d *distrusted
	return errors.As(err, &d)
}

package neutron

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"syscall"
)

// ungreeted is a connection that the other side ended when it was greeted in TLS, or
// answered in something else. Most likely it speaks plain HTTP: Go's servers say so, in
// that, and uWSGI hangs up.
type ungreeted struct{ err error }

func (u *ungreeted) Error() string {
	return fmt.Sprintf("no answer in TLS (%s); if the server does not speak it, its address begins with http://", u.err)
}

func (u *ungreeted) Unwrap() error { return u.err }

// greeted tells a connection that ends on the greeting from one that ends later, when the
// server may have acted.
type greeted struct{ http.RoundTripper }

func (g greeted) RoundTrip(request *http.Request) (*http.Response, error) {
	outcome := make(chan error, 1) // not a variable: a connection may come after the call has its answer by another
	trace := &httptrace.ClientTrace{TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
		select {
		case outcome <- err:
		default:
		}
	}}
	response, err := g.RoundTripper.RoundTrip(request.WithContext(httptrace.WithClientTrace(request.Context(), trace)))
	if err == nil {
		return response, nil
	}
	select {
	case why := <-outcome:
		if errors.Is(why, io.EOF) || errors.Is(why, syscall.ECONNRESET) || noTLS(why) {
			return nil, &ungreeted{why}
		}
	default:
	}
	return nil, err
}

// noTLS says whether what came is in another protocol, as it will be again.
func noTLS(err error) bool {
	var header tls.RecordHeaderError
	return errors.As(err, &header)
}

package transport

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"syscall"
)

// Ungreeted is a connection that the other side ended when it was greeted in TLS, or
// answered in something else. Most likely it speaks plain HTTP: Go's servers say so, in
// that, and uWSGI hangs up.
type Ungreeted struct{ Err error }

func (u *Ungreeted) Error() string {
	return fmt.Sprintf("no answer in TLS (%s); if the server does not speak it, its address begins with http://", u.Err)
}

func (u *Ungreeted) Unwrap() error { return u.Err }

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
		if errors.Is(why, io.EOF) || errors.Is(why, syscall.ECONNRESET) || NoTLS(why) {
			return nil, &Ungreeted{why}
		}
	default:
	}
	return nil, err
}

// NoTLS says whether what came is in another protocol, as it will be again.
func NoTLS(err error) bool {
	var header tls.RecordHeaderError
	return errors.As(err, &header)
}

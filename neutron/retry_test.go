package neutron

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"

	"sgc.dev/sgc/neutron/transport"
)

// TestRetry says which calls are made again. Nothing here waits long.
func TestRetry(t *testing.T) {
	r := &retries{first: time.Nanosecond, reached: true, patience: new(transport.Patience)}
	status := func(code int) error { return gophercloud.ErrUnexpectedResponseCode{Actual: code} }
	cut := &url.Error{Op: "Post", URL: "http://cloud", Err: errors.New("connection reset")}
	for _, test := range []struct {
		method, url string
		err         error
		failed      uint
		again       bool
	}{
		{"GET", "http://cloud/v2.0/security-groups?project_id=p", cut, 1, true},
		{"GET", "http://cloud/v2.0/security-groups?project_id=p", status(503), attempts - 1, true},
		{"GET", "http://cloud/v2.0/security-groups?project_id=p", status(503), attempts, false},
		{"GET", "http://cloud/v2.0/security-groups?project_id=p", status(404), 1, false},
		{"POST", "http://cloud/v2.0/security-group-rules", status(504), 1, true},
		{"POST", "http://cloud/v2.0/security-group-rules", status(500), doubtful - 1, true},
		{"POST", "http://cloud/v2.0/security-group-rules", status(500), doubtful, false},
		{"POST", "http://cloud/v2.0/security-group-rules", status(501), 1, false},
		{"POST", "http://cloud/v2.0/security-group-rules", status(409), 1, false},
		{"DELETE", "http://cloud/v2.0/security-groups/1", cut, 1, true},
		{"POST", "http://cloud/identity/v3/auth/tokens", status(502), 1, true},
	} {
		err := r.failed(context.Background(), test.method, test.url, nil, test.err, test.failed)
		if again := err == nil; again != test.again {
			t.Errorf("%s %s after %v, the %d. time: again %t", test.method, test.url, test.err, test.failed, again)
		}
	}
	once := context.WithValue(context.Background(), onceKey{}, true)
	for _, err := range []error{cut, status(503), status(429)} {
		if r.failed(once, "POST", "http://cloud/v2.0/security-groups", nil, err, 1) == nil {
			t.Errorf("a call that changes something is made again after %v", err)
		}
	}
	dial := &url.Error{Op: "Post", URL: "http://cloud", Err: &net.OpError{Op: "dial", Err: errors.New("connection refused")}}
	if r.failed(context.Background(), "POST", "http://cloud/identity/v3/auth/tokens", nil, dial, 1) != nil {
		t.Error("a cloud that was there is given up when it cannot be reached once")
	}
	if (&retries{patience: new(transport.Patience)}).failed(context.Background(), "POST", "http://cloud/identity/v3/auth/tokens", nil, dial, 1) == nil {
		t.Error("a cloud that never was there is waited for")
	}
	hungUp := &url.Error{Op: "Post", URL: "https://cloud", Err: &transport.Ungreeted{Err: io.EOF}}
	if r.failed(context.Background(), "POST", "https://cloud/identity/v3/auth/tokens", nil, hungUp, 1) != nil {
		t.Error("a cloud that was there is given up when it hangs up once")
	}
	if (&retries{patience: new(transport.Patience)}).failed(context.Background(), "POST", "https://cloud/identity/v3/auth/tokens", nil, hungUp, 1) == nil {
		t.Error("a cloud that never spoke TLS is waited for")
	}
	plain := &url.Error{Op: "Get", URL: "https://cloud", Err: &transport.Ungreeted{Err: tls.RecordHeaderError{}}}
	if r.failed(context.Background(), "GET", "https://cloud/v2.0/security-groups", nil, plain, 1) == nil {
		t.Error("a server of plain HTTP is waited for")
	}
	distrust := &url.Error{Op: "Get", URL: "https://cloud", Err: &tls.CertificateVerificationError{Err: errors.New("unknown authority")}}
	if r.failed(context.Background(), "GET", "https://cloud/v2.0/security-groups", nil, distrust, 1) == nil {
		t.Error("a certificate is waited for")
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if r.failed(ended, "GET", "http://cloud", nil, cut, 1) == nil {
		t.Error("a call is made again although nobody waits for it")
	}
}

func TestRetryAfter(t *testing.T) {
	for _, test := range []struct {
		value string
		want  time.Duration
		ok    bool
	}{
		{"", 0, false},
		{"3", 3 * time.Second, true},
		{"-3", 0, false},
		{"soon", 0, false},
		{"Mon, 02 Jan 2006 15:04:05 GMT", 0, true},
	} {
		got, ok := retryAfter(http.Header{"Retry-After": {test.value}})
		if got != test.want || ok != test.ok {
			t.Errorf("Retry-After: %q is %s, %t", test.value, got, ok)
		}
	}
}

// TestPauseEnds interrupts pauses: they end at once, and not only when the calls are over
// that are under way.
func TestPauseEnds(t *testing.T) {
	for name, pause := range map[string]func(*Client, context.Context) error{
		"before a call is made again": func(c *Client, calls context.Context) error {
			return c.Again(calls, &Refusal{Status: 503, cause: gophercloud.ErrUnexpectedResponseCode{Actual: 503}}, 1)
		},
		"before another look": func(c *Client, calls context.Context) error {
			c.retries.notice("")
			return c.Wait(calls, 1)
		},
	} {
		ctx, interrupt := context.WithCancel(t.Context())
		calls, end := Graceful(ctx)
		begins := func(string) { time.AfterFunc(time.Millisecond, interrupt) } // one that is interrupted before is another's
		err := pause(&Client{retries: &retries{first: time.Hour, notice: begins, reached: true, patience: new(transport.Patience)}}, calls)
		if !errors.Is(err, context.Canceled) || calls.Err() != nil {
			t.Errorf("%s: %v; of the calls: %v", name, err, calls.Err())
		}
		end()
	}
}

// TestAgain gives up at once what is neither an answer nor the lack of one.
func TestAgain(t *testing.T) {
	c := &Client{retries: &retries{first: time.Hour, reached: true, patience: new(transport.Patience)}}
	nonsense := errors.New("the cloud says that it created security groups, and not web among them")
	if err := c.Again(t.Context(), nonsense, 1); err != nonsense {
		t.Error(err)
	}
}

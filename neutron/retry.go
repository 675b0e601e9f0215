package neutron

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/gophercloud/gophercloud/v2"

	"sgc.dev/sgc/neutron/transport"
)

const (
	// attempts is how often a call is made before it has failed, and doubtful how
	// often where that is unlikely to help.
	attempts = 6
	doubtful = 3
	// longest is the longest pause, whatever a server asks for.
	longest = 30 * time.Second
)

// retries says which calls that failed are made again, and when.
type retries struct {
	first  time.Duration
	notice func(string)
	// reached says that the cloud has answered before. One that never did is most
	// likely misspelt, or down: that is no news to wait for.
	reached bool
}

// limited is called after 429: the server did not act.
func (r *retries) limited(ctx context.Context, response *gophercloud.ErrUnexpectedResponseCode, _ error, failed uint) error {
	if once, _ := ctx.Value(onceKey{}).(bool); once {
		return *response
	}
	return r.pause(ctx, *response, failed)
}

// failed is called after any other failure.
func (r *retries) failed(ctx context.Context, _, _ string, _ *gophercloud.RequestOpts, err error, failed uint) error {
	if once, _ := ctx.Value(onceKey{}).(bool); once {
		return err
	}
	return r.again(ctx, err, failed)
}

// again waits for the time at which a call that failed, so often by now, is to be made
// again. It returns the failure where that is of no use.
func (r *retries) again(ctx context.Context, err error, failed uint) error {
	if failed >= r.worth(err) || Ended(ctx) != nil {
		return err
	}
	return r.pause(ctx, err, failed)
}

// Again waits for the time at which a call that failed, so often by now, may be made again.
// It returns the failure where that is of no use, or the end of the context.
func (c *Client) Again(ctx context.Context, err error, failed uint) error {
	var answer *Refusal
	if !errors.As(err, &answer) && !Uncertain(err) {
		return err
	}
	return c.retries.again(ctx, err, failed)
}

// Wait waits, longer each time, for a cloud to show what it has done: databases that are
// read may lag behind those that are written to. The error is that it was waited for long
// enough, or the end of the context.
func (c *Client) Wait(ctx context.Context, looks uint) error {
	const most = 4 // looks: 3.5 seconds
	if looks >= most {
		return errors.New("it was waited for long enough")
	}
	return c.retries.sleep(ctx, c.retries.first<<(looks-1))
}

// worth is how often a call that failed so is to be made. No answer at all, or
// one of a server or proxy in trouble, is likely to pass; a certificate that is
// not to be trusted stays so, and so does an answer that is not taken, or is not
// in TLS. 500 may pass: Neutron answers it where it is busy,
// and also where its database refuses the text, for ever.
func (r *retries) worth(err error) uint {
	var response gophercloud.ErrUnexpectedResponseCode
	if transport.Hopeless(err) {
		return 1
	}
	if !errors.As(err, &response) {
		var certificate *tls.CertificateVerificationError
		var dial *net.OpError
		var greeting *transport.Ungreeted
		unreached := errors.As(err, &dial) && (dial.Op == "dial" || dial.Op == "proxyconnect") || errors.As(err, &greeting)
		if unreached && !r.reached || errors.As(err, &certificate) || transport.NoTLS(err) {
			return 1
		}
		return attempts
	}
	switch {
	case InUse(err): // not by ports, which are asked for before
		return attempts
	case response.Actual == http.StatusInternalServerError:
		return doubtful
	case response.Actual == http.StatusRequestTimeout, response.Actual == http.StatusTooManyRequests, response.Actual > http.StatusNotImplemented:
		return attempts
	}
	return 1
}

// pause waits before a call is made again, unless nobody wants it any more.
func (r *retries) pause(ctx context.Context, err error, failed uint) error {
	wait := r.first << (failed - 1)
	wait += time.Duration(rand.Int64N(int64(wait)/4 + 1)) // so that two who failed together do not meet again
	reason := "no answer"
	var response gophercloud.ErrUnexpectedResponseCode
	if errors.As(err, &response) {
		reason = fmt.Sprintf("%d %s", response.Actual, http.StatusText(response.Actual))
		if asked, ok := retryAfter(response.ResponseHeader); ok {
			wait = asked
		}
	}
	wait = min(wait, longest)
	if r.notice != nil {
		r.notice(fmt.Sprintf("the cloud: %s; trying again in %s (attempt %d of %d)", reason, wait.Round(100*time.Millisecond), failed+1, r.worth(err)))
	}
	return r.sleep(ctx, wait)
}

func (r *retries) sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-wanted(ctx).Done():
	case <-ctx.Done():
	}
	return errors.Join(ctx.Err(), wanted(ctx).Err())
}

// retryAfter reads the header, which is seconds or a date.
func retryAfter(h http.Header) (time.Duration, bool) {
	value := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 16); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(at)), true
	}
	return 0, false
}

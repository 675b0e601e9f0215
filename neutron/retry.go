package neutron

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gophercloud/gophercloud/v2"

	"sgc.dev/sgc/neutron/transport"
	"sgc.dev/sgc/neutron/wire"
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
	reached  bool
	patience *transport.Patience
}

// failed is called after a failure. What gophercloud could not make out of an answer, it
// cannot the next time either.
func (r *retries) failed(ctx context.Context, _, _ string, _ *gophercloud.RequestOpts, err error, failed uint) error {
	var call *url.Error
	var response gophercloud.ErrUnexpectedResponseCode
	if once, _ := ctx.Value(onceKey{}).(bool); once || !errors.As(err, &call) && !errors.As(err, &response) {
		return err
	}
	return r.again(ctx, err, failed)
}

// again waits for the time at which a call that failed, so often by now, is to be made
// again. It returns the failure where that is of no use, or there is no patience left.
func (r *retries) again(ctx context.Context, err error, failed uint) error {
	if failed >= r.worth(err) || Ended(ctx) != nil {
		return err
	}
	wait, reason := r.wait(err, failed)
	if !r.patience.Lasts(wait) {
		return late(err)
	}
	if r.notice != nil {
		r.notice(fmt.Sprintf("the cloud: %s; trying again in %s (attempt %d of %d)", reason, wait.Round(100*time.Millisecond), failed+1, r.worth(err)))
	}
	return r.sleep(ctx, wait)
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
		return errors.New("it has taken too long")
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
	if hopeless(err) {
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
	case transport.Passing(response.Actual):
		return attempts
	}
	return 1
}

// hopeless says whether a call would fail again in the same way: its answer was not taken, or
// the token cannot be renewed.
func hopeless(err error) bool {
	var d wire.Distrusted
	var u *unrenewed
	return errors.As(err, &d) || errors.As(err, &u)
}

// wait is how long to wait before a call is made again, and why.
func (r *retries) wait(err error, failed uint) (wait time.Duration, reason string) {
	wait, reason = r.first<<(failed-1), "no answer"
	wait += time.Duration(rand.Int64N(int64(wait)/4 + 1)) // so that two who failed together do not meet again
	var response gophercloud.ErrUnexpectedResponseCode
	if errors.As(err, &response) {
		reason = fmt.Sprintf("%d %s", response.Actual, http.StatusText(response.Actual))
		if asked, ok := retryAfter(response.ResponseHeader); ok {
			wait = asked
		}
	}
	return min(wait, longest), reason
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

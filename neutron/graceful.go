package neutron

import (
	"context"
	"time"
)

// grace is how long calls that are under way have to end after an interruption.
const grace = 10 * time.Second

// wantedKey is where a context for calls keeps the one of whoever wants them.
type wantedKey struct{}

// Graceful is a context for calls that outlives ctx a little: what is under way
// then ends, so that it is known what has been done.
func Graceful(ctx context.Context) (calls context.Context, end func()) {
	calls, cancel := context.WithCancel(context.WithValue(context.WithoutCancel(ctx), wantedKey{}, ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return calls, func() {
		stop()
		cancel()
	}
}

// wanted is the context that ends when no further call shall begin, which is the
// same one where calls end at once.
func wanted(calls context.Context) context.Context {
	if ctx, ok := calls.Value(wantedKey{}).(context.Context); ok {
		return ctx
	}
	return calls
}

// Ended is why no further call shall begin, nil where one may.
func Ended(calls context.Context) error { return wanted(calls).Err() }

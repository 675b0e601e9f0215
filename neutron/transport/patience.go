package transport

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Patience is how long a cloud may leave calls unanswered, or answer them with nothing but
// trouble: all calls together, so that it does not matter how many are made again by whom.
type Patience struct {
	Most  time.Duration
	mu    sync.Mutex // guards Since
	Since time.Time  // when the first call began after the last answer of use; zero where there was none
}

// PatienceFor is that for two calls which take all of their time, and a minute at the least:
// servers start anew in that.
func PatienceFor(timeout time.Duration) *Patience {
	return &Patience{Most: max(2*timeout, time.Minute)}
}

// begin is the context of a call: it ends when patience does.
func (p *Patience) begin(ctx context.Context) (context.Context, context.CancelFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.Since.IsZero() {
		p.Since = time.Now()
	}
	return context.WithDeadline(ctx, p.Since.Add(p.Most))
}

// answered notes an answer. One that says to come back, or with another token, is none.
func (p *Patience) answered(status int) {
	if status != http.StatusUnauthorized && !Passing(status) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.Since = time.Time{}
	}
}

// Lasts says whether there is patience for another pause.
func (p *Patience) Lasts(pause time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.Since.IsZero() || time.Since(p.Since)+pause < p.Most
}

// Passing says whether an answer is about the moment, and not about the call.
func Passing(status int) bool {
	return status == http.StatusRequestTimeout || status == http.StatusTooManyRequests ||
		status >= http.StatusInternalServerError && status != http.StatusNotImplemented
}

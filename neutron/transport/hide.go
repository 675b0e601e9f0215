package transport

import (
	"cmp"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gophercloud/gophercloud/v2"
)

// Secrets is what a cloud is told and nobody else may see. Servers and proxies in
// trouble answer with what they were sent.
type Secrets struct {
	mu  sync.Mutex // guards all
	all []string
}

// SecretsOf is the secrets that somebody logs in with.
func SecretsOf(a gophercloud.AuthOptions) *Secrets {
	s := &Secrets{}
	for _, secret := range []string{a.Password, a.Passcode, a.ApplicationCredentialSecret, a.TokenID} {
		s.add(secret)
	}
	return s
}

func (s *Secrets) add(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if secret != "" && !slices.Contains(s.all, secret) {
		s.all = append(s.all, secret)
	}
}

// Hide is a text without the secrets, in whatever form servers write them.
func (s *Secrets) Hide(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var forms []string
	for _, secret := range s.all {
		quoted, _ := json.Marshal(secret) // a string cannot fail to
		forms = append(forms, secret, inner(string(quoted)), inner(strconv.Quote(secret)), inner(strconv.QuoteToASCII(secret)),
			url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret))
	}
	// Of two that begin at one place the longer goes: the other would leave a part of it.
	slices.SortFunc(forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	var pairs []string
	for _, form := range forms {
		pairs = append(pairs, form, "…")
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// inner is what stands between quotes.
func inner(quoted string) string { return quoted[1 : len(quoted)-1] }

// watched notes the tokens that calls carry: a token that is renewed is another one.
type watched struct {
	http.RoundTripper
	*Secrets
}

func (w watched) RoundTrip(request *http.Request) (*http.Response, error) {
	w.add(request.Header.Get("X-Auth-Token"))
	return w.RoundTripper.RoundTrip(request)
}

package transport

import (
	"bytes"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

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

const (
	longestPart = 7    // characters of a secret may be seen
	longestText = 2000 // bytes of what a server says, in a message
)

// Hide is what a server says, for a message: without the secrets, in whatever form servers
// write them, and without parts of them that are long enough to be of use.
func (s *Secrets) Hide(text string) string {
	text = text[:min(longestText, len(text))]
	hidden := make([]bool, len(text))
	cover := func(part string) {
		for at := 0; at < len(text); at++ {
			next := strings.Index(text[at:], part)
			if next < 0 {
				return
			}
			at += next
			for i := range part {
				hidden[at+i] = true
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range s.all {
		quoted, _ := json.Marshal(secret) // a string cannot fail to
		for _, form := range []string{
			secret, inner(string(quoted)), inner(strconv.Quote(secret)), inner(strconv.QuoteToASCII(secret)),
			url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret),
		} {
			length := min(len(form), longestPart+1)
			for at := range len(form) - length + 1 {
				cover(form[at : at+length])
			}
		}
	}
	var shown strings.Builder
	for was, rest := false, text; rest != ""; {
		at := len(text) - len(rest)
		_, size := utf8.DecodeRuneInString(rest)
		is := slices.Contains(hidden[at:at+size], true)
		switch {
		case !is:
			shown.WriteString(rest[:size])
		case !was:
			shown.WriteString("…")
		}
		was, rest = is, rest[size:]
	}
	return shown.String()
}

// told says whether an answer has a secret in it that is too long to be there by chance, as the
// name of a project may be its password.
func (s *Secrets) told(answer []byte) bool {
	const long = 16
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.all, func(secret string) bool { return len(secret) >= long && bytes.Contains(answer, []byte(secret)) })
}

// inner is what stands between quotes.
func inner(quoted string) string { return quoted[1 : len(quoted)-1] }

package transport

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
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

// tokenLike is what may be a token that is not known yet: nothing else is as long without a break.
var tokenLike = regexp.MustCompile(`[\w=-]{64,}`)

// Hide is what a server says, for a message: without the secrets, in whatever form servers
// write them, and without parts of them that are long enough to be of use.
func (s *Secrets) Hide(text string) string {
	text = tokenLike.ReplaceAllString(text[:min(2*longestText, len(text))], "…")
	text = text[:min(longestText, len(text))]
	hidden, lowered := make([]bool, len(text)), lower(text)
	cover := func(part string) {
		for at := 0; at < len(text); at++ {
			next := strings.Index(lowered[at:], part)
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
		for _, form := range forms(secret) {
			form = lower(form)
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

// told says whether an answer, which is JSON, has a secret in it that is too long to be there by
// chance, as the name of a project may be its password.
func (s *Secrets) told(answer []byte) bool {
	const long = 16
	s.mu.Lock()
	defer s.mu.Unlock()
	in := func(text string) bool {
		return slices.ContainsFunc(s.all, func(secret string) bool { return len(secret) >= long && strings.Contains(text, secret) })
	}
	if !bytes.Contains(answer, []byte(`\`)) {
		return in(string(answer))
	}
	for d := json.NewDecoder(bytes.NewReader(answer)); ; { // what is escaped in many ways is one text
		token, err := d.Token()
		if text, is := token.(string); err != nil || is && in(text) {
			return err == nil
		}
	}
}

// forms is a secret as servers write it: as it is, or in JSON, Go, Python, an address, HTML,
// hexadecimal or base64.
func forms(secret string) []string {
	quoted, _ := json.Marshal(secret) // a string cannot fail to
	inHTML := html.EscapeString(secret)
	list := []string{
		secret, inner(string(quoted)), inner(strconv.Quote(secret)), inner(strconv.QuoteToASCII(secret)), units(secret, false), units(secret, true),
		url.QueryEscape(secret), url.PathEscape(secret), inHTML, strings.NewReplacer("&#34;", "&quot;", "&#39;", "&#x27;").Replace(inHTML), hex.EncodeToString([]byte(secret)),
	}
	for before := range 3 { // how many bytes of something else are in the same three
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			whole := (before + len(secret)) / 3 * 3 // what comes after is part of the rest
			text := encoding.EncodeToString(append(make([]byte, before), secret...)[:whole])
			if form := text[min(len(text), (before*4+2)/3):]; len(form) > longestPart { // else any text may have it
				list = append(list, form)
			}
		}
	}
	return list
}

// units is a secret as Python's JSON has it, or with each of its characters as a number.
func units(secret string, all bool) string {
	var b strings.Builder
	for _, r := range secret {
		switch {
		case !all && (r == '"' || r == '\\'):
			b.WriteString(`\` + string(r))
		case !all && ' ' <= r && r < utf8.RuneSelf:
			b.WriteRune(r)
		default:
			for _, unit := range utf16.AppendRune(nil, r) {
				fmt.Fprintf(&b, `\u%04x`, unit)
			}
		}
	}
	return b.String()
}

// lower is a text with its ASCII letters in lower case, each byte in its place.
func lower(text string) string {
	bytes := []byte(text)
	for i, c := range bytes {
		if 'A' <= c && c <= 'Z' {
			bytes[i] = c - 'A' + 'a'
		}
	}
	return string(bytes)
}

// inner is what stands between quotes.
func inner(quoted string) string { return quoted[1 : len(quoted)-1] }

package fault

import (
	"regexp"
	"sync"
)

// Sayings is what is said of texts, by how they look; the first that fits counts. The
// expressions are compiled when they are first needed.
type Sayings func() []saying

type saying struct {
	looks *regexp.Regexp
	say   string
}

// NewSayings takes pairs: an expression, and what is said of what it matches, with $1 and
// so on of it.
func NewSayings(pairs ...string) Sayings {
	return sync.OnceValue(func() []saying {
		var all []saying
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, saying{regexp.MustCompile(pairs[i]), pairs[i+1]})
		}
		return all
	})
}

// Of is what is said of a text, "" where nothing is.
func (s Sayings) Of(text string) string {
	_, say := s.In([]byte(text))
	return say
}

// In is what is said of a part of a text, and where that begins, or the last group of its
// expression.
func (s Sayings) In(text []byte) (at int, say string) {
	for _, f := range s() {
		if m := f.looks.FindSubmatchIndex(text); m != nil {
			return m[len(m)-2], string(f.looks.Expand(nil, []byte(f.say), text, m))
		}
	}
	return 0, ""
}

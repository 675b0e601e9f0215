package tables

import (
	"net/http"
	"strings"

	"sgc.dev/sgc/sandbox/api"
)

// constraint is the revision that If-Match asks for.
type constraint struct {
	revision int
	set      bool
}

func (want constraint) check(revision int) error {
	if want.set && want.revision != revision {
		return api.Stale(want.revision, revision)
	}
	return nil
}

// ifMatch reads the constraint of a request. Entity tags of other forms count
// for nothing, and without quotes the whole header is one.
func ifMatch(h http.Header) (constraint, error) {
	header := h.Get("If-Match")
	tags := quoted(header)
	if len(tags) == 0 {
		tags = []string{header}
	}
	var want constraint
	for _, tag := range tags {
		number, ok := strings.CutPrefix(tag, "revision_number=")
		if !ok {
			continue
		}
		if want.set {
			return want, badIfMatch("Multiple revision_number etags are not supported.")
		}
		n, ok := api.Integer(number)
		if !ok {
			return want, badIfMatch("Revision number etag must be in the format of revision_number=<int>")
		}
		want = constraint{n, true}
	}
	return want, nil
}

func badIfMatch(reason string) error {
	return api.Invalid("BadRequest", "Bad if-match request: %s.", reason)
}

// quoted are the strings in quotes.
func quoted(s string) []string {
	var all []string
	for i, part := range strings.Split(s, `"`) {
		if i%2 == 1 {
			all = append(all, part)
		}
	}
	return all
}

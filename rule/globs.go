package rule

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Globs are patterns of names, as in "web-*". A slash is a letter like any other.
type Globs []string

// plainSlash makes a letter of what separates the parts of a path.
var plainSlash = strings.NewReplacer("/", "\x00")

// Check says which of them is no pattern.
func (g Globs) Check() error {
	for _, glob := range g {
		if _, err := path.Match(glob, ""); err != nil {
			return fmt.Errorf("%q is not a pattern: write one such as web-*", glob)
		}
	}
	return nil
}

// Match says whether any of the names is like any of the patterns.
func (g Globs) Match(names ...string) bool {
	return slices.ContainsFunc(g, func(glob string) bool {
		return slices.ContainsFunc(names, func(name string) bool {
			ok, err := path.Match(plainSlash.Replace(glob), plainSlash.Replace(name))
			return ok && err == nil
		})
	})
}

package source

import (
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue/errors"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
)

// UnusedTags are faults where no package has the tag: a policy for several environments
// may stand beside one for all. Used are the tags that some package has a use for, known
// the keys of all that there are.
func UnusedTags(given, used, known []string) fault.Errors {
	var found fault.Errors
	for _, tag := range given {
		if !slices.Contains(used, tag) {
			found = append(found, &fault.Error{Pos: rule.Pos{File: "-t"}, Message: noSuchTag(tag, known)})
		}
	}
	return found
}

// noSuchTag explains a tag from the command line that no field has.
func noSuchTag(given string, known []string) string {
	name, _, valued := strings.Cut(given, "=")
	if !valued && slices.Contains(known, name) {
		return fmt.Sprintf("the tag %q needs a value: -t %s=…", name, name)
	}
	s := fault.NewSuggester()
	return fmt.Sprintf("no field has the tag %q%s", name, s.DidYouMean(name, known))
}

// misgiven finds tags that have two values, where fields take one, or an empty one, which
// is most likely a variable of the shell that is not set.
func misgiven(tags []string) fault.Errors {
	first := map[string]string{}
	var found fault.Errors
	for _, tag := range tags {
		name, value, ok := strings.Cut(tag, "=")
		if !ok {
			continue
		}
		if value == "" {
			found = append(found, &fault.Error{Pos: rule.Pos{File: "-t"}, Message: fmt.Sprintf("the tag %q has an empty value: give it one, or leave it out", name)})
			continue
		}
		if before, again := first[name]; again && before != value {
			found = append(found, &fault.Error{Pos: rule.Pos{File: "-t"}, Message: fmt.Sprintf("the tag %q is given twice, as %q and as %q: give one", name, before, value)})
			continue
		}
		first[name] = value
	}
	return found
}

// unusedTag finds the tag that CUE's loader had no use for.
func unusedTag(err error) (name string, ok bool) {
	for _, e := range errors.Errors(err) {
		if format, args := e.Msg(); len(args) == 1 && (strings.HasPrefix(format, "no tag for ") || strings.HasPrefix(format, "tag ") && strings.Contains(format, "not used")) {
			return fmt.Sprint(args[0]), true
		}
	}
	return "", false
}

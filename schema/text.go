package schema

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cuelang.org/go/cue"

	"sgc.dev/sgc/rule"
)

// maxTags is how many tags Neutron keeps on a group, less the two of sgc.
const maxTags = 50 - 2

// policyName reads the policy's own name.
func (r *reader) policyName(n node) string {
	s, ok := r.str(n)
	if ok && rule.CheckPolicyName(s) != nil {
		r.fault(n, fmt.Sprintf(`%q cannot name a policy: it takes at most %d lower-case letters, digits, ".", "_" and "-", the first a letter or digit`, s, rule.MaxName))
	}
	return s
}

// checkName looks at a name that the author gives to something.
func (r *reader) checkName(n node) {
	s := n.Name
	switch {
	case s == "public" || s == "self" || s == "any":
		r.fault(n, fmt.Sprintf("%q is a word of the language: choose another name", s))
	case !rule.IsName(s):
		r.fault(n, fmt.Sprintf(`%q cannot be a name: it takes at most %d letters, digits, ".", "_" and "-", the first a letter or digit`, s, rule.MaxName))
	case readsAsAddress(s):
		r.fault(n, fmt.Sprintf("%q reads as an address: choose another name", s))
	}
}

// readsAsAddress says whether people take a name for an address, a network or a range:
// 10.0.0.0-24, 10.0.0.1-10.0.0.9, 10-0-0-1. What such a name holds may be another one.
func readsAsAddress(s string) bool {
	numbers := strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune("._-", c) })
	for i, number := range numbers {
		if n, err := strconv.Atoi(number); err != nil || i < 4 && n > 255 {
			return false
		}
	}
	return len(numbers) >= 4
}

// text reads words that end up in the cloud.
func (r *reader) text(n node) string {
	s, ok := r.str(n)
	if ok {
		r.checkText(n, s, rule.MaxText)
	}
	return s
}

// required is text that must say something.
func (r *reader) required(n node) string {
	s := r.text(n)
	if s == "" && n.Kind == cue.StringKind {
		r.fault(n, "the text is empty: leave the field out, or fill it in")
	}
	return s
}

// checkText refuses what a cloud would cut short or fail to store: Neutron keeps
// 255 characters, and where its database has MySQL's three-byte UTF-8 a
// character beyond the basic plane is answered with an internal error.
func (r *reader) checkText(n node, s string, limit int) {
	if length := utf8.RuneCountInString(s); length > limit {
		r.fault(n, fmt.Sprintf("the text has %d characters, %d more than fit", length, length-limit))
	}
	for _, c := range s {
		switch {
		case c > 0xFFFF:
			r.fault(n, fmt.Sprintf("many clouds cannot store %q (%U): use characters up to U+FFFF", c, c))
			return
		case c == utf8.RuneError:
			r.fault(n, fmt.Sprintf("the text has %U, which stands for what is not UTF-8: save the file as UTF-8", c))
			return
		case unicode.IsControl(c) && c != '\n' && c != '\t':
			r.fault(n, fmt.Sprintf("the text has a control character, %U: leave it out", c))
			return
		}
	}
}

// tierDescription reads the description of a tier, which shares its room in the
// cloud with the ownership mark.
func (r *reader) tierDescription(n node, policy, tier string) string {
	s, ok := r.str(n)
	if !ok {
		return s
	}
	r.checkText(n, s, rule.MaxText-utf8.RuneCountInString(" "+rule.Mark(policy, tier)))
	if strings.Contains(s, "[sgc:") {
		r.fault(n, `"[sgc:" begins the mark by which a policy knows its groups: leave it out`)
	}
	return s
}

// tags reads the tags of a tier. Neutron's filters split them at commas, and where its
// database takes two for one it tries to keep both again and again, for minutes.
func (r *reader) tags(n node) []string {
	var tags []string
	seen := map[string]string{}
	items := r.items(n)
	if len(items) > maxTags {
		r.fault(n, fmt.Sprintf("%d tags are more than the %d that fit beside those of sgc", len(items), maxTags))
	}
	for _, item := range items {
		s := r.required(item)
		before, again := seen[rule.Alike(s)]
		switch {
		case strings.Contains(s, ","):
			r.fault(item, fmt.Sprintf("the tag %q has a comma, at which the cloud splits tags", s))
		case strings.HasPrefix(rule.Alike(s), "sgc:"):
			r.fault(item, fmt.Sprintf("the tag %q begins with \"sgc:\", as those do by which a policy knows its groups", s))
		case again && s == before && s != "":
			r.fault(item, fmt.Sprintf("duplicate tag %q", s))
		case again && s != "":
			r.fault(item, fmt.Sprintf("the tag %q is %q to clouds that mind neither capitals nor accents, nor blanks at the end: leave one out", s, before))
		}
		seen[rule.Alike(s)] = s
		tags = append(tags, s)
	}
	return tags
}

// IsDay says whether a text is a day of the calendar, as in "2027-01-31".
func IsDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// day reads a date.
func (r *reader) day(n node) string {
	s, ok := r.str(n)
	if !ok {
		return ""
	}
	switch _, err := time.Parse(time.DateOnly, s); {
	case err == nil:
	case strings.Contains(err.Error(), "out of range"):
		r.fault(n, fmt.Sprintf("%q is not a day of the calendar", s))
	default:
		r.fault(n, fmt.Sprintf("%q is not a date: write it as %s", s, dayMeant(s)))
	}
	return s
}

// dayMeant is what to write for a day that is written in another way; for a text that is
// none, or could be two, it is the form alone.
func dayMeant(s string) string {
	for _, layout := range []string{"2006-1-2", "2006/1/2", "2006.1.2", "20060102", "2.1.2006", "2 January 2006", "2 Jan 2006", "January 2, 2006", "Jan 2, 2006"} {
		if day, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			return strconv.Quote(day.Format(time.DateOnly))
		}
	}
	return "YYYY-MM-DD"
}

// waivers reads the lints that the author answers.
func (r *reader) waivers(n node) []Waiver {
	var found []Waiver
	for _, f := range byName(r.fields(n)) {
		reason, ok := r.str(f)
		if ok && strings.TrimSpace(reason) == "" {
			r.fault(f, "the reason is empty: say why this is meant")
		}
		found = append(found, Waiver{Code: f.Name, Reason: reason, Pos: f.Pos()})
	}
	return found
}

// families reads a list of IP versions, which are others where there is none.
func (r *reader) families(n node, others Families) Families {
	if !n.There() {
		return others
	}
	var s Families
	for _, item := range r.items(n) {
		switch name, _ := r.str(item); name {
		case "ipv4":
			s.IPv4 = true
		case "ipv6":
			s.IPv6 = true
		default:
			r.skipped++
		}
	}
	return s
}

package neutron

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/gophercloud/gophercloud/v2"

	"sgc.dev/sgc/neutron/transport"
	"sgc.dev/sgc/neutron/wire"
	"sgc.dev/sgc/rule"
)

// Refusal is an answer of a cloud that is no success.
type Refusal struct {
	Doing   string // what was asked for, in words
	Status  int
	Type    string // Neutron's name of the error, as OverQuota; "" where another answered
	Message string // in the cloud's words
	cause   error
}

func (r *Refusal) Unwrap() error { return r.cause }

func (r *Refusal) Error() string {
	code := fmt.Sprintf("%d %s", r.Status, http.StatusText(r.Status))
	if r.Type != "" {
		code = fmt.Sprintf("%d %s", r.Status, r.Type)
	}
	text := "cannot " + r.Doing + ": " + code
	if r.Message != "" {
		text += ": " + rule.Printable(strings.TrimSuffix(r.Message, "."))
	}
	if hint := hints[r.Type]; hint != "" {
		text += "; " + hint
	}
	return text
}

// Final says whether the same call is refused again, whenever it is made: not what
// others, the quota, the token or the moment may have been the reason for.
func (r *Refusal) Final() bool {
	switch r.Status {
	case http.StatusConflict:
		return slices.Contains(ofDefault, r.Type)
	case http.StatusUnauthorized, http.StatusNotFound, http.StatusRequestTimeout, http.StatusPreconditionFailed, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return r.Status < http.StatusInternalServerError
}

// ofDefault is Neutron's names of what is never done to a project's default group, and
// of a second one.
var ofDefault = []string{"SecurityGroupDefaultAlreadyExists", "SecurityGroupCannotUpdateDefault", "SecurityGroupCannotRemoveDefault"}

// hints say what to do about what happens to users.
var hints = map[string]string{
	"OverQuota": "delete what is not needed, or ask for a larger quota",
}

// unanswered is a call without an answer: it may have acted or not.
type unanswered struct {
	doing, why string
	err        error
}

func (u *unanswered) Error() string { return "cannot " + u.doing + ": " + u.why }
func (u *unanswered) Unwrap() error { return u.err }

// unrenewed is a call that was refused for its token, which could not be renewed.
type unrenewed struct{ error }

func (u *unrenewed) Unwrap() error { return u.error }

// overdue is a failure that was not waited out.
type overdue struct{ error }

func (o *overdue) Error() string { return o.error.Error() + "; --timeout sets how long to wait" }
func (o *overdue) Unwrap() error { return o.error }

func late(err error) error {
	var known *overdue
	if errors.As(err, &known) {
		return err
	}
	return &overdue{err}
}

// explain turns an error of gophercloud into one for people. doing is what was
// asked for, as in "read the security groups". hide takes secrets out of what is
// shown of an answer.
func explain(doing string, err error, hide func(string) string) error {
	var end *overdue
	if errors.As(err, &end) {
		return late(explain(doing, end.error, hide))
	}
	var renewal *gophercloud.ErrUnableToReauthenticate
	if errors.As(err, &renewal) {
		return &unrenewed{explain("renew the token", renewal.ErrReauth, hide)}
	}
	var again *gophercloud.ErrErrorAfterReauthentication
	if errors.As(err, &again) {
		return explain(doing, again.ErrOriginal, hide)
	}
	var response gophercloud.ErrUnexpectedResponseCode
	if errors.As(err, &response) {
		return refusal(doing, response, hide)
	}
	var answer wire.Distrusted
	if errors.As(err, &answer) { // whose call has the address that it was to be sent on to
		return &unanswered{doing, hide(answer.Error()), answer}
	}
	var call *url.Error
	switch {
	case errors.Is(err, context.Canceled):
		return &unanswered{doing, hide(err.Error()), err}
	case !errors.As(err, &call) && errors.Is(err, io.EOF):
		return &unanswered{doing, "the answer is empty", wire.Distrusted("the answer is empty")}
	case call == nil:
		return &unanswered{doing, hide(err.Error()), wire.Distrusted(err.Error())}
	case call.Timeout():
		return late(&unanswered{doing, "no answer from " + transport.Host(call.URL) + " in time", call})
	}
	return &unanswered{doing, transport.Host(call.URL) + ": " + hide(quoted.ReplaceAllString(call.Err.Error(), "…")), call.Err}
}

// quoted is what net/http quotes of an answer that it cannot read: what is secret in that is not known yet.
var quoted = regexp.MustCompile(`(?s)".*"`)

func refusal(doing string, response gophercloud.ErrUnexpectedResponseCode, hide func(string) string) *Refusal {
	r := &Refusal{Doing: doing, Status: response.Actual, cause: response}
	var body struct {
		NeutronError struct{ Type, Message string }
		Error        struct{ Message string } // Keystone's
	}
	if json.Unmarshal(response.Body, &body) == nil {
		if kind := hide(body.NeutronError.Type); !strings.ContainsFunc(kind, func(c rune) bool { return !isWord(c) }) {
			r.Type = kind
		}
		r.Message = hide(body.NeutronError.Message + body.Error.Message)
	} else if text := strings.TrimSpace(string(response.Body)); !strings.Contains(text, "<") { // a proxy's page says nothing more
		const most = 300
		text = hide(text)
		r.Message = text[:min(most, len(text))]
	}
	return r
}

// isWord says whether a name of an error may have the character.
func isWord(c rune) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

// Neutron's names of what it does not have.
const (
	noGroup        = "SecurityGroupNotFound"
	noRule         = "SecurityGroupRuleNotFound"
	noAddressGroup = "AddressGroupNotFound"
	noTagged       = "TagResourceNotFound" // before 2025.1
	noTag          = "TagNotFound"
)

// absent says whether Neutron itself answered that it does not have one of these.
// Any other 404 says nothing about the cloud: it may come from a proxy before it.
func absent(err error, types ...string) bool {
	var r *Refusal
	return errors.As(err, &r) && r.Status == http.StatusNotFound && slices.Contains(types, r.Type)
}

// GroupGone says whether Neutron does not have the group that a call was about.
func GroupGone(err error) bool { return absent(err, noGroup, noTagged) }

// RuleGone says whether Neutron does not have the rule that a call was to remove.
func RuleGone(err error) bool { return absent(err, noRule) }

// TagGone says whether the group does not have the tag that a call was to take from it.
func TagGone(err error) bool { return absent(err, noTag) }

// RemoteGone says whether Neutron has no group for the rules that a call was to create, or
// not what they name.
func RemoteGone(err error) bool { return absent(err, noGroup, noAddressGroup) }

// InUse says whether the cloud keeps a group or a rule since something uses it: ports, or,
// with OVN, another deletion that is under way.
func InUse(err error) bool {
	var r *Refusal
	return errors.As(err, &r) && r.Status == http.StatusConflict && (r.Type == "SecurityGroupInUse" || r.Type == "SecurityGroupRuleInUse")
}

// Uncertain says whether a call that failed may have acted.
func Uncertain(err error) bool {
	var token *unrenewed
	if errors.As(err, &token) {
		return false
	}
	var silent *unanswered
	var answer *Refusal
	return errors.As(err, &silent) || errors.As(err, &answer) && answer.Status >= http.StatusInternalServerError
}

// Conflict says whether there is no room for what a call was to create, or it is there already.
func Conflict(err error) bool { return refused(err, http.StatusConflict) }

// Outdated says whether the group is no longer at the revision that a call was to find it at.
func Outdated(err error) bool { return refused(err, http.StatusPreconditionFailed) }

func refused(err error, status int) bool {
	var r *Refusal
	return errors.As(err, &r) && r.Status == status
}

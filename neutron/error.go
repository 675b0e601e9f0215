package neutron

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
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
	doing string
	err   error
}

func (u *unanswered) Error() string { return "cannot " + u.doing + ": " + u.err.Error() }
func (u *unanswered) Unwrap() error { return u.err }

// explain turns an error of gophercloud into one for people. doing is what was
// asked for, as in "read the security groups". hide takes secrets out of what is
// shown of an answer.
func explain(doing string, err error, hide func(string) string) error {
	var renewal *gophercloud.ErrUnableToReauthenticate
	if errors.As(err, &renewal) {
		return explain("renew the token", renewal.ErrReauth, hide)
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
		return &unanswered{doing, answer}
	}
	var call *url.Error
	if errors.As(err, &call) && !errors.Is(err, context.Canceled) {
		if call.Timeout() {
			return &unanswered{doing, fmt.Errorf("no answer from %s in time; --timeout sets how long to wait", transport.Host(call.URL))}
		}
		return &unanswered{doing, fmt.Errorf("%s: %w", transport.Host(call.URL), call.Err)}
	}
	return &unanswered{doing, err}
}

func refusal(doing string, response gophercloud.ErrUnexpectedResponseCode, hide func(string) string) *Refusal {
	r := &Refusal{Doing: doing, Status: response.Actual, cause: response}
	var body struct {
		NeutronError struct{ Type, Message string }
		Error        struct{ Message string } // Keystone's
	}
	if json.Unmarshal(response.Body, &body) == nil {
		r.Type = hide(body.NeutronError.Type)
		r.Message = hide(body.NeutronError.Message + body.Error.Message)
	} else if !strings.Contains(string(response.Body), "<") { // a proxy's page says nothing more
		const most = 300
		text := hide(strings.TrimSpace(string(response.Body)))
		r.Message = text[:min(most, len(text))]
	}
	return r
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
	var silent *unanswered
	var answer *Refusal
	return errors.As(err, &silent) || errors.As(err, &answer) && answer.Status >= http.StatusInternalServerError
}

// Refused says whether the cloud answered with that status.
func Refused(err error, status int) bool { return refused(err, status) }

func refused(err error, status int) bool {
	var r *Refusal
	return errors.As(err, &r) && r.Status == status
}

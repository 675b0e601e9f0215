package sandbox

import (
	"errors"
	"fmt"
	"net/http"
)

// A failure is why Neutron refuses: the class of its exception and the message.
type failure struct {
	status        int
	kind, message string
}

// Error is the message alone.
func (f failure) Error() string { return f.message }

func badRequest(format string, args ...any) error {
	return failure{http.StatusBadRequest, "HTTPBadRequest", fmt.Sprintf(format, args...)}
}

func invalidInput(format string, args ...any) error {
	return failure{http.StatusBadRequest, "InvalidInput", "Invalid input for operation: " + fmt.Sprintf(format, args...) + "."}
}

func invalid(kind, format string, args ...any) error {
	return failure{http.StatusBadRequest, kind, fmt.Sprintf(format, args...)}
}

func conflict(kind, format string, args ...any) error {
	return failure{http.StatusConflict, kind, fmt.Sprintf(format, args...)}
}

func missing(kind, format string, args ...any) error {
	return failure{http.StatusNotFound, kind, fmt.Sprintf(format, args...)}
}

// hidden is what is said about something that the caller must not know of.
func hidden() error { return missing("HTTPNotFound", "The resource could not be found.") }

// crash is an error that Neutron did not think of.
func crash() error {
	return failure{http.StatusInternalServerError, "HTTPInternalServerError", "Request Failed: internal server error while processing your request."}
}

func forbidden(action string) error {
	return failure{http.StatusForbidden, "PolicyNotAuthorized", "rule:" + action + " is disallowed by policy"}
}

// incomprehensible is what is said where nothing else is.
const incomprehensible = "The server could not comply with the request since it is either malformed or otherwise incorrect."

func notAllowed() error {
	return failure{http.StatusMethodNotAllowed, "HTTPMethodNotAllowed", incomprehensible}
}

func stale(want, have int) error {
	return failure{http.StatusPreconditionFailed, "RevisionNumberConstraintFailed",
		fmt.Sprintf("Constrained to %d, but current revision is %d", want, have)}
}

func overQuota(resource string) error {
	return conflict("OverQuota", "Quota exceeded for resources: ['%s'].", resource)
}

// refuse is the answer of a Neutron that fails.
func refuse(err error) answer {
	f := failure{}
	if !errors.As(err, &f) {
		errors.As(crash(), &f)
	}
	return answer{status: f.status, body: object{"NeutronError": object{"type": f.kind, "message": f.message, "detail": ""}}}
}

package api

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

// Failed is a failure of any class.
func Failed(status int, kind, message string) error { return failure{status, kind, message} }

// BadRequest is what the API layer says to what it cannot take.
func BadRequest(format string, args ...any) error {
	return failure{http.StatusBadRequest, "HTTPBadRequest", fmt.Sprintf(format, args...)}
}

// InvalidInput is what a plugin says to such a value.
func InvalidInput(format string, args ...any) error {
	return failure{http.StatusBadRequest, "InvalidInput", "Invalid input for operation: " + fmt.Sprintf(format, args...) + "."}
}

// Invalid is a 400 of some class.
func Invalid(kind, format string, args ...any) error {
	return failure{http.StatusBadRequest, kind, fmt.Sprintf(format, args...)}
}

// Conflict is a 409 of some class.
func Conflict(kind, format string, args ...any) error {
	return failure{http.StatusConflict, kind, fmt.Sprintf(format, args...)}
}

// Missing is a 404 of some class.
func Missing(kind, format string, args ...any) error {
	return failure{http.StatusNotFound, kind, fmt.Sprintf(format, args...)}
}

// Hidden is what is said about something that the caller must not know of.
func Hidden() error { return Missing("HTTPNotFound", "The resource could not be found.") }

// Crash is an error that Neutron did not think of.
func Crash() error {
	return failure{http.StatusInternalServerError, "HTTPInternalServerError", "Request Failed: internal server error while processing your request."}
}

// Forbidden is what the policy says to an action.
func Forbidden(action string) error {
	return failure{http.StatusForbidden, "PolicyNotAuthorized", "rule:" + action + " is disallowed by policy"}
}

// Incomprehensible is what is said where nothing else is.
const Incomprehensible = "The server could not comply with the request since it is either malformed or otherwise incorrect."

// NotAllowed is what is said to a method that an address does not have.
func NotAllowed() error {
	return failure{http.StatusMethodNotAllowed, "HTTPMethodNotAllowed", Incomprehensible}
}

// Stale is what is said where If-Match asks for another revision.
func Stale(want, have int) error {
	return failure{http.StatusPreconditionFailed, "RevisionNumberConstraintFailed",
		fmt.Sprintf("Constrained to %d, but current revision is %d", want, have)}
}

// OverQuota is what is said where a project may have no more of a resource.
func OverQuota(resource string) error {
	return Conflict("OverQuota", "Quota exceeded for resources: ['%s'].", resource)
}

// Refuse is the answer of a Neutron that fails.
func Refuse(err error) Answer {
	f := failure{}
	if !errors.As(err, &f) {
		errors.As(Crash(), &f)
	}
	return Answer{Status: f.status, Body: Object{"NeutronError": Object{"type": f.kind, "message": f.message, "detail": ""}}}
}

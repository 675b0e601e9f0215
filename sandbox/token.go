package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// defaultTokenLife is how long a token holds where nobody says otherwise, as with Keystone.
const defaultTokenLife = time.Hour

// tokenStart is how every token starts.
const tokenStart = "gAAAAA"

// token is what a client shows instead of a password.
type token struct {
	user       Account // whose it is
	account    Account // as the services see it: without a project where the token has no scope
	methods    []string
	audits     []string
	issued     time.Time
	expires    time.Time
	credential *credential
}

// SetTokenLife says how long tokens hold that are given from now on.
func (c *Cloud) SetTokenLife(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tokenLife = d
}

// authenticated finds the token of a call, while it holds.
func (c *Cloud) authenticated(id string) (token, bool) {
	t, ok := c.tokens[id]
	return t, ok && time.Now().Before(t.expires)
}

// authBody is the body of a request for a token.
type authBody struct {
	Auth *struct {
		Identity *struct {
			Methods  []string `json:"methods"`
			Password struct {
				User struct {
					entity
					Password string `json:"password"`
				} `json:"user"`
			} `json:"password"`
			Token struct {
				ID string `json:"id"`
			} `json:"token"`
			Credential struct {
				ID     string `json:"id"`
				Name   string `json:"name"`
				Secret string `json:"secret"`
				User   entity `json:"user"`
			} `json:"application_credential"`
		} `json:"identity"`
		Scope json.RawMessage `json:"scope"`
	} `json:"auth"`
}

// tokenCall answers the calls at /v3/auth/tokens.
func (c *Cloud) tokenCall(r request) answer {
	if r.method == http.MethodPost {
		return c.issueCall(r)
	}
	if _, ok := c.authenticated(r.header.Get("X-Auth-Token")); !ok {
		return unauthorized(r.server)
	}
	id := r.header.Get("X-Subject-Token")
	t, ok := c.authenticated(id)
	switch {
	case r.method != http.MethodGet && r.method != http.MethodHead && r.method != http.MethodDelete:
		return noMethod()
	case id == "":
		return identityForbidden("identity:validate_token")
	case !ok:
		return lostToken(id)
	case r.method == http.MethodDelete:
		delete(c.tokens, id)
		return answer{status: http.StatusNoContent}
	}
	_, bare := r.params.get("nocatalog")
	return answer{status: http.StatusOK, header: map[string]string{"X-Subject-Token": id}, body: object{"token": t.view(r.server, !bare)}}
}

// issueCall gives a token for a password, an application credential or another token.
func (c *Cloud) issueCall(r request) answer {
	const malformed = " The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error."
	var body authBody
	if err := json.Unmarshal(r.body, &body); err != nil {
		return identityError(http.StatusBadRequest, "Expecting to find valid JSON in request body."+malformed)
	}
	if body.Auth == nil {
		return identityError(http.StatusBadRequest, "Expecting to find auth in request body."+malformed)
	}
	given := body.Auth.Identity
	switch {
	case given == nil:
		return identityError(http.StatusBadRequest, "'identity' is a required property")
	case given.Methods == nil:
		return identityError(http.StatusBadRequest, "Invalid input for field 'identity': 'methods' is a required property")
	case len(given.Methods) == 0:
		return unauthorized(r.server)
	}
	method := given.Methods[0]
	var parts struct{ Auth struct{ Identity object } }
	json.Unmarshal(r.body, &parts) // which went well above
	if _, ok := parts.Auth.Identity[method]; !ok {
		return identityError(http.StatusBadRequest, "Expecting to find "+method+" in identity."+malformed)
	}
	switch {
	case !slices.Contains(authMethods(), method):
		a := unauthorized(r.server)
		a.body = object{"error": object{"code": http.StatusUnauthorized, "title": "Unauthorized",
			"message": "Attempted to authenticate with an unsupported method.", "identity": object{"methods": authMethods()}}}
		return a
	case method == "token" && !c.holds(given.Token.ID):
		return lostToken(given.Token.ID)
	case method == "token" && c.tokens[given.Token.ID].credential != nil:
		return identityForbidden("Using a delegated token to create another token is not allowed.")
	case method == "application_credential" && given.Credential.ID != "" && !c.knows(given.Credential.ID):
		return identityError(http.StatusNotFound, "Could not find Application Credential: "+given.Credential.ID+".")
	}
	t, ok := c.proven(body)
	if !ok || !t.scope(body.Auth.Scope) {
		return unauthorized(r.server)
	}
	id := tokenStart + newSecret() + newSecret()
	c.tokens[id] = t
	_, bare := r.params.get("nocatalog")
	return answer{status: http.StatusCreated, header: map[string]string{"X-Subject-Token": id}, body: object{"token": t.view(r.server, !bare)}}
}

// authMethods are the ways to prove who one is.
func authMethods() []string { return []string{"password", "token", "application_credential"} }

func (c *Cloud) holds(id string) bool {
	_, ok := c.authenticated(id)
	return ok
}

func (c *Cloud) knows(credentialID string) bool {
	return slices.ContainsFunc(c.credentials, func(have credential) bool { return have.id == credentialID })
}

// lostToken is what is said about a token that does not hold, or never was one.
func lostToken(id string) answer {
	if strings.HasPrefix(id, tokenStart) {
		return identityError(http.StatusNotFound, "Failed to validate token")
	}
	return identityError(http.StatusNotFound, "Could not recognize Fernet token")
}

// proven is an unscoped token for whoever the body proves to be.
func (c *Cloud) proven(body authBody) (token, bool) {
	given := body.Auth.Identity
	t := token{methods: given.Methods, audits: []string{newSecret()}, issued: time.Now(), expires: time.Now().Add(c.tokenLife)}
	switch given.Methods[0] {
	case "password":
		user := given.Password.User
		for _, a := range c.accounts {
			if user.is(a.UserID, a.Name) && user.Password == a.Password {
				t.user = a
				return t, true
			}
		}
	case "token":
		if old, ok := c.authenticated(given.Token.ID); ok && old.credential == nil {
			t.user, t.expires = old.user, old.expires
			t.methods, t.audits = append([]string{"token"}, old.methods...), append(t.audits, old.audits...)
			return t, true
		}
	case "application_credential":
		asked := given.Credential
		for _, have := range c.credentials {
			byName := asked.Name == have.name && asked.User.is(have.account.UserID, have.account.Name)
			if (asked.ID == have.id || asked.ID == "" && byName) && asked.Secret == have.secret {
				t.user, t.credential = have.account, &have
				return t, true
			}
		}
	}
	return t, false
}

// scope gives the token the project that is asked for, and reports whether the
// user may have it. An application credential brings its own.
func (t *token) scope(asked json.RawMessage) bool {
	if t.credential != nil {
		t.account = t.user
		return true
	}
	t.account = Account{Name: t.user.Name, UserID: t.user.UserID}
	if len(asked) == 0 || string(asked) == "null" || string(asked) == `"unscoped"` {
		return true
	}
	var scope struct {
		Project *entity `json:"project"`
	}
	if json.Unmarshal(asked, &scope) != nil || scope.Project == nil || !scope.Project.is(t.user.ProjectID, t.user.Name) {
		return false
	}
	t.account = t.user
	return true
}

// entity names a user or a project: by id, or by a name in a domain.
type entity struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Domain struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"domain"`
}

// is reports whether the thing with this id and name is meant.
func (e entity) is(id, name string) bool {
	if e.ID != "" {
		return e.ID == id
	}
	return e.Name == name && (e.Domain.ID == domainID || e.Domain.ID == "" && e.Domain.Name == domainName)
}

// view is the token as Keystone shows it.
func (t token) view(s *Server, withCatalog bool) object {
	domain := object{"id": domainID, "name": domainName}
	v := object{
		"methods": t.methods, "audit_ids": t.audits, "issued_at": stamp(t.issued), "expires_at": stamp(t.expires),
		"user": object{"id": t.user.UserID, "name": t.user.Name, "domain": domain, "password_expires_at": nil},
	}
	if t.credential != nil {
		v["application_credential"] = object{"id": t.credential.id, "name": t.credential.name, "restricted": true}
	}
	if t.account.ProjectID == "" {
		return v
	}
	v["project"] = object{"id": t.account.ProjectID, "name": t.account.Name, "domain": domain}
	v["is_domain"] = false
	v["roles"] = t.account.roles()
	if withCatalog {
		v["catalog"] = catalog(s)
	}
	return v
}

// roles are those that imply one another, down from the highest.
func (a Account) roles() []object {
	names := []string{"member", "reader"}
	if a.Admin {
		names = slices.Insert(names, 0, "admin")
	}
	var all []object
	for _, name := range names {
		all = append(all, object{"id": "role-" + name, "name": name})
	}
	return all
}

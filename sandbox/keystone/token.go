package keystone

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"sgc.dev/sgc/sandbox/api"
)

// defaultTokenLife is how long a token holds where nobody says otherwise, as with Keystone.
const defaultTokenLife = time.Hour

// tokenStart is how every token starts.
const tokenStart = "gAAAAA"

// token is what a client shows instead of a password.
type token struct {
	user       api.Account // whose it is
	account    api.Account // as the services see it: without a project where the token has no scope
	methods    []string
	audits     []string
	issued     time.Time
	expires    time.Time
	credential *credential
}

// SetTokenLife says how long tokens hold that are given from now on.
func (k *Keystone) SetTokenLife(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.tokenLife = d
}

// Caller is who a token is for, as the services see it: without a project where it has no
// scope. ok is false where it does not hold.
func (k *Keystone) Caller(id string) (who api.Account, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	t, ok := k.authenticated(id)
	return t.account, ok
}

// authenticated finds the token of a call, while it holds.
func (k *Keystone) authenticated(id string) (token, bool) {
	t, ok := k.tokens[id]
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
func (k *Keystone) tokenCall(r api.Request) api.Answer {
	if r.Method == http.MethodPost {
		return k.issueCall(r)
	}
	if _, ok := k.authenticated(r.Token()); !ok {
		return Unauthorized(r)
	}
	id := r.Header.Get("X-Subject-Token")
	t, ok := k.authenticated(id)
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodDelete:
		return noMethod()
	case id == "":
		return identityForbidden("identity:validate_token")
	case !ok:
		return lostToken(id)
	case r.Method == http.MethodDelete:
		delete(k.tokens, id)
		return api.Answer{Status: http.StatusNoContent}
	}
	_, bare := r.Params.Get("nocatalog")
	return api.Answer{Status: http.StatusOK, Header: map[string]string{"X-Subject-Token": id}, Body: api.Object{"token": t.view(r, !bare)}}
}

// issueCall gives a token for a password, an application credential or another token.
func (k *Keystone) issueCall(r api.Request) api.Answer {
	const malformed = " The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error."
	var body authBody
	if err := json.Unmarshal(r.Body, &body); err != nil {
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
		return Unauthorized(r)
	}
	method := given.Methods[0]
	var parts struct{ Auth struct{ Identity api.Object } }
	json.Unmarshal(r.Body, &parts) // which went well above
	if _, ok := parts.Auth.Identity[method]; !ok {
		return identityError(http.StatusBadRequest, "Expecting to find "+method+" in identity."+malformed)
	}
	switch {
	case !slices.Contains(authMethods(), method):
		a := Unauthorized(r)
		a.Body = api.Object{"error": api.Object{"code": http.StatusUnauthorized, "title": "Unauthorized",
			"message": "Attempted to authenticate with an unsupported method.", "identity": api.Object{"methods": authMethods()}}}
		return a
	case method == "token" && !k.holds(given.Token.ID):
		return lostToken(given.Token.ID)
	case method == "token" && k.tokens[given.Token.ID].credential != nil:
		return identityForbidden("Using a delegated token to create another token is not allowed.")
	case method == "application_credential" && given.Credential.ID != "" && !k.knows(given.Credential.ID):
		return identityError(http.StatusNotFound, "Could not find Application Credential: "+given.Credential.ID+".")
	}
	t, ok := k.proven(body)
	if !ok || !t.scope(body.Auth.Scope) {
		return Unauthorized(r)
	}
	id := tokenStart + api.NewSecret() + api.NewSecret()
	k.tokens[id] = t
	_, bare := r.Params.Get("nocatalog")
	return api.Answer{Status: http.StatusCreated, Header: map[string]string{"X-Subject-Token": id}, Body: api.Object{"token": t.view(r, !bare)}}
}

// authMethods are the ways to prove who one is.
func authMethods() []string { return []string{"password", "token", "application_credential"} }

func (k *Keystone) holds(id string) bool {
	_, ok := k.authenticated(id)
	return ok
}

func (k *Keystone) knows(credentialID string) bool {
	return slices.ContainsFunc(k.credentials, func(have credential) bool { return have.id == credentialID })
}

// lostToken is what is said about a token that does not hold, or never was one.
func lostToken(id string) api.Answer {
	if strings.HasPrefix(id, tokenStart) {
		return identityError(http.StatusNotFound, "Failed to validate token")
	}
	return identityError(http.StatusNotFound, "Could not recognize Fernet token")
}

// proven is an unscoped token for whoever the body proves to be.
func (k *Keystone) proven(body authBody) (token, bool) {
	given := body.Auth.Identity
	t := token{methods: given.Methods, audits: []string{api.NewSecret()}, issued: time.Now(), expires: time.Now().Add(k.tokenLife)}
	switch given.Methods[0] {
	case "password":
		user := given.Password.User
		for _, a := range k.accounts {
			if user.is(a.UserID, a.Name) && user.Password == a.Password {
				t.user = a
				return t, true
			}
		}
	case "token":
		if old, ok := k.authenticated(given.Token.ID); ok && old.credential == nil {
			t.user, t.expires = old.user, old.expires
			t.methods, t.audits = append([]string{"token"}, old.methods...), append(t.audits, old.audits...)
			return t, true
		}
	case "application_credential":
		asked := given.Credential
		for _, have := range k.credentials {
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
	t.account = api.Account{Name: t.user.Name, UserID: t.user.UserID}
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
	return e.Name == name && (e.Domain.ID == domainID || e.Domain.ID == "" && e.Domain.Name == DomainName)
}

// view is the token as Keystone shows it.
func (t token) view(r api.Request, withCatalog bool) api.Object {
	domain := api.Object{"id": domainID, "name": DomainName}
	v := api.Object{
		"methods": t.methods, "audit_ids": t.audits, "issued_at": stamp(t.issued), "expires_at": stamp(t.expires),
		"user": api.Object{"id": t.user.UserID, "name": t.user.Name, "domain": domain, "password_expires_at": nil},
	}
	if t.credential != nil {
		v["application_credential"] = api.Object{"id": t.credential.id, "name": t.credential.name, "restricted": true}
	}
	if t.account.ProjectID == "" {
		return v
	}
	v["project"] = api.Object{"id": t.account.ProjectID, "name": t.account.Name, "domain": domain}
	v["is_domain"] = false
	v["roles"] = roles(t.account)
	if withCatalog {
		v["catalog"] = catalog(r)
	}
	return v
}

// roles are those that imply one another, down from the highest.
func roles(a api.Account) []api.Object {
	names := []string{"member", "reader"}
	if a.Admin {
		names = slices.Insert(names, 0, "admin")
	}
	var all []api.Object
	for _, name := range names {
		all = append(all, api.Object{"id": "role-" + name, "name": name})
	}
	return all
}

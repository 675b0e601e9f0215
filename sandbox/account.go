package sandbox

// An Account is a user and the only project it has a role in, both of one name.
type Account struct {
	Name      string // of the user and of the project
	Password  string
	UserID    string
	ProjectID string
	Admin     bool // role admin: sees all projects and changes quotas
}

// Demo is the account that every cloud has.
func (c *Cloud) Demo() Account {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.accounts[0]
}

// AddAccount adds a project with a user. The name must not be taken.
func (c *Cloud) AddAccount(name string, admin bool) Account {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := Account{Name: name, Password: newSecret(), UserID: c.newID("user", name), ProjectID: c.newID("project", name), Admin: admin}
	c.accounts = append(c.accounts, a)
	return a
}

// A credential is an application credential.
type credential struct {
	id, name, secret string
	account          Account
}

// AddApplicationCredential gives the account an application credential and
// returns its id and secret. Its name is that of the account.
func (c *Cloud) AddApplicationCredential(a Account) (id, secret string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	made := credential{id: c.newID("credential", a.Name), name: a.Name, secret: newSecret(), account: a}
	c.credentials = append(c.credentials, made)
	return made.id, made.secret
}

// ExpireTokens ends every token that was given so far: a call that carries one
// is answered 401, until its client authenticates again.
func (c *Cloud) ExpireTokens() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.tokens)
}

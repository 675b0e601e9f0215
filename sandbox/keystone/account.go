package keystone

import (
	"sync"
	"time"

	"sgc.dev/sgc/sandbox/api"
)

// Names that every account of a cloud shares.
const (
	Region     = "RegionOne"
	domainID   = "default"
	DomainName = "Default"
)

// Keystone is the state of one: users with their projects, and tokens. Its methods may be called
// at any time from any goroutine.
type Keystone struct {
	mu          sync.Mutex // guards what follows
	accounts    []api.Account
	credentials []credential
	tokens      map[string]token
	tokenLife   time.Duration
	ids         api.IDs
}

// New makes one with a single account, demo.
func New() *Keystone {
	k := &Keystone{tokens: map[string]token{}, tokenLife: defaultTokenLife, ids: api.IDs{}}
	k.AddAccount("demo", false)
	return k
}

// Demo is the account that every cloud has.
func (k *Keystone) Demo() api.Account {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.accounts[0]
}

// AddAccount adds a project with a user. The name must not be taken.
func (k *Keystone) AddAccount(name string, admin bool) api.Account {
	k.mu.Lock()
	defer k.mu.Unlock()
	a := api.Account{Name: name, Password: api.NewSecret(), UserID: k.ids.NewID("user", name), ProjectID: k.ids.NewID("project", name), Admin: admin}
	k.accounts = append(k.accounts, a)
	return a
}

// A credential is an application credential.
type credential struct {
	id, name, secret string
	account          api.Account
}

// AddApplicationCredential gives the account an application credential and
// returns its id and secret. Its name is that of the account.
func (k *Keystone) AddApplicationCredential(a api.Account) (id, secret string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	made := credential{id: k.ids.NewID("credential", a.Name), name: a.Name, secret: api.NewSecret(), account: a}
	k.credentials = append(k.credentials, made)
	return made.id, made.secret
}

// ExpireTokens ends every token that was given so far: a call that carries one
// is answered 401, until its client authenticates again.
func (k *Keystone) ExpireTokens() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.tokens)
}

package api

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// IDs is what ids were made of, and how often.
type IDs map[string]int

// NewUUID is an id as Neutron makes them, of something new that is described by
// its kind and its traits. It looks random, and the same calls give the same ids,
// also when some of them are made at once: it is made of what the thing is,
// and of how many of the like the cloud has seen before.
func (s IDs) NewUUID(kind string, traits ...string) string {
	what := kind + "\x00" + strings.Join(traits, "\x00")
	s[what]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", what, s[what]))
	return uuid(sum[:16])
}

// NewID is the same as Keystone makes them.
func (s IDs) NewID(kind string, traits ...string) string {
	return strings.ReplaceAll(s.NewUUID(kind, traits...), "-", "")
}

// NewSecret is what nobody shall guess: a password, a token.
func NewSecret() string { return hex.EncodeToString(random()) }

func newRequestID() string { return "req-" + uuid(random()) }

func random() []byte {
	b := make([]byte, 16)
	rand.Read(b)
	return b
}

// uuid spells 16 bytes as a random UUID.
func uuid(b []byte) string {
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

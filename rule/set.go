package rule

import (
	"cmp"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Pos is a place in a policy file. File is as the user would name it, relative to
// the working directory where that is shorter; Line and Column count from 1.
type Pos struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

func (p Pos) String() string {
	switch {
	case p.File == "":
		return "-"
	case p.Line == 0:
		return p.File
	}
	return p.File + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

// ComparePos orders by file, line and column.
func ComparePos(a, b Pos) int {
	return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// Origin is the policy rule that a concrete rule comes from, and what it says
// about itself. It stands beside the rule, never inside: rules are compared
// without it.
type Origin struct {
	Pos         Pos    `json:"position"` // of the rule in the policy
	Path        string `json:"path"`     // "tiers.app.ingress.http"
	Key         string `json:"key"`      // "http"
	Peer        string `json:"peer"`     // as written: "public", "admins", "10.0.0.0/8"
	PeerPos     Pos    `json:"peerPosition"`
	Description string `json:"description,omitempty"`
	Owner       string `json:"owner,omitempty"`
	Ticket      string `json:"ticket,omitempty"`
	Expires     string `json:"expires,omitempty"` // last valid day, "2027-01-31", or ""
}

const until = "until "

// Until is how a rule's description in the cloud says its last day.
func Until(day string) string { return until + day }

// text is what the cloud is told about a rule: the description, or the rule's
// key, and whom to ask where the cloud can store that too.
func (o Origin) text() string {
	text := o.Description
	if text == "" {
		text = o.Key
	}
	var about []string
	for _, item := range []struct{ label, value string }{{"owner ", o.Owner}, {"ticket ", o.Ticket}, {until, o.Expires}} {
		if item.value != "" {
			about = append(about, item.label+item.value)
		}
	}
	whole := text + " (" + strings.Join(about, ", ") + ")"
	if about == nil || utf8.RuneCountInString(whole) > MaxText {
		return text
	}
	return whole
}

// dated is what [Origin.text] makes of an origin with a last day.
var dated = regexp.MustCompile(`(?s)^(.+) \((?:owner (.+?), )?(?:ticket (.+?), )?until (\d{4}-\d\d-\d\d)\)$`)

// ParseDated is the origin that a rule's description in the cloud tells of, with its last
// day, which may be in no calendar. ok is false where it tells of none, or of several of
// which not all end by that day.
func ParseDated(text string) (o Origin, ok bool) {
	m := dated.FindStringSubmatch(text)
	if m == nil {
		return Origin{}, false
	}
	o = Origin{Description: m[1], Owner: m[2], Ticket: m[3], Expires: m[4]}
	items := strings.Split(o.Description, "; ")
	for _, item := range items[:len(items)-1] {
		if other, ok := ParseDated(item); !ok || other.Expires > o.Expires {
			return Origin{}, false
		}
	}
	return o, o.text() == text
}

// Entry is a rule with all that it comes from.
type Entry struct {
	Rule
	Origins []Origin // sorted by position; exactly one in Group.Written
}

// MaxText is how many characters Neutron stores of a name or a description.
const MaxText = 255

// Description is the origins' descriptions, sorted, each once, joined by "; ":
// as many whole ones as fit into [MaxText] characters. Positions are never part
// of it, so moving a policy's lines changes nothing in the cloud.
func (e Entry) Description() string {
	var items []string
	for _, o := range e.Origins {
		items = append(items, o.text())
	}
	slices.Sort(items)
	items = slices.Compact(items)
	joined := ""
	for _, item := range items {
		next := item
		if joined != "" {
			next = joined + "; " + item
		}
		if utf8.RuneCountInString(next) > MaxText {
			continue
		}
		joined = next
	}
	return joined
}

// LastDay is the day after which nothing asks for the rule any more, "2027-01-31"; "" is never.
func (e Entry) LastDay() string {
	last := ""
	for _, o := range e.Origins {
		if o.Expires == "" {
			return ""
		}
		last = max(last, o.Expires)
	}
	return last
}

// Group is a tier as a security group.
type Group struct {
	Tier        string   `json:"tier"`        // its name in the policy
	Name        string   `json:"name"`        // its name in the cloud
	Description string   `json:"description"` // the policy's, without the ownership mark
	Stateful    bool     `json:"stateful"`
	Tags        []string `json:"tags,omitempty"`
	Pos         Pos      `json:"position"`
	Written     []Entry  `json:"-"`                 // the expansion, one origin each: reach, lints and explanations read it
	Rules       []Entry  `json:"rules"`             // the minimised form, sorted by Compare: export and plan read it
	Expired     []Entry  `json:"expired,omitempty"` // what it opened until a day that is over, one origin each
	Others      []Entry  `json:"others,omitempty"`  // what others may open beside it, one origin each, whose key is the reason
}

// Server is a kind of server and the tiers it carries.
type Server struct {
	Name      string
	Tiers     []string
	Addresses []netip.Prefix
	Pos       Pos
}

// AddressSet is a named list of networks.
type AddressSet struct {
	Name     string
	Prefixes []netip.Prefix
	Pos      Pos
}

// External is something in the cloud that the policy names but does not own: a
// security group or an address group, found by its name or its id.
type External struct {
	Key  string `json:"key"`            // the policy's own name for it
	Name string `json:"name,omitempty"` // exactly one of Name and ID is set
	ID   string `json:"id,omitempty"`
	Pos  Pos    `json:"position"`
}

// Set is a compiled policy. Every slice is sorted by name. As JSON it has what its groups
// come to in a cloud, and not what answers questions about it.
type Set struct {
	Policy        string       `json:"policy"`
	Groups        []Group      `json:"groups"`
	Servers       []Server     `json:"-"`
	Addresses     []AddressSet `json:"-"`
	Foreign       []External   `json:"foreign,omitempty"` // security groups of others
	AddressGroups []External   `json:"addressGroups,omitempty"`
	Families      []Family     `json:"-"` // the IP versions that the policy is about, where nothing in it says otherwise
	Services      []Service    `json:"-"` // those that the policy defines or its rules name
	Assertions    []Assertion  `json:"-"` // what the policy demands of itself

	Networks []netip.Prefix `json:"-"` // of the servers without addresses of their own, by IP version
}

// CloudDescription is the description that the group has in the cloud: the
// policy's, and the ownership mark at its end.
func (g Group) CloudDescription(policy string) string {
	mark := Mark(policy, g.Tier)
	if g.Description == "" {
		return mark
	}
	return g.Description + " " + mark
}

package lint

import (
	"embed"
	"slices"
)

//go:embed pages/*.md
var pages embed.FS

// Lint is one kind of finding.
type Lint struct {
	Code  string // stable: never given to another lint
	Title string // one line
	Level Level
	Page  string // what it means, why it matters, an example, how to answer it; Markdown that reads as plain text
}

// All is every lint, by code.
func All() []Lint {
	lints := slices.Clone(table)
	for i := range lints {
		lints[i].Page = page(lints[i].Code)
	}
	return lints
}

// Find is the lint with a code, which is in upper case.
func Find(code string) (Lint, bool) {
	l, ok := find(code)
	if ok {
		l.Page = page(code)
	}
	return l, ok
}

// page is the text of a lint of the table; a test holds that each has one.
func page(code string) string {
	text, err := pages.ReadFile("pages/" + code + ".md")
	if err != nil {
		panic(err)
	}
	return string(text)
}

func find(code string) (Lint, bool) {
	i := slices.IndexFunc(table, func(l Lint) bool { return l.Code == code })
	if i < 0 {
		return Lint{}, false
	}
	return table[i], true
}

// table is the lints without their pages.
var table = []Lint{
	{Code: "SGC001", Level: Warning, Title: "an administration port is open to the world"},
	{Code: "SGC002", Level: Warning, Title: "a database port is open to the world"},
	{Code: "SGC003", Level: Warning, Title: "every protocol, or every port of one, is open to the world"},
	{Code: "SGC004", Level: Warning, Title: "a rule opens one IP version and forgets the other"},
	{Code: "SGC005", Level: Warning, Title: "a rule, or one of its peers, is covered by another"},
	{Code: "SGC006", Level: Note, Title: "two address sets overlap"},
	{Code: "SGC007", Level: Note, Title: "a definition is used by nothing"},
	{Code: "SGC008", Level: Warning, Title: "a rule has expired and opens nothing"},
	{Code: "SGC009", Level: Warning, Title: "a rule is about to expire"},
	{Code: "SGC010", Level: Warning, Title: "a rule between tiers has no counterpart at the other end"},
	{Code: "SGC011", Level: Warning, Title: "the policy needs more than OpenStack's default quota"},
	{Code: "SGC012", Level: Warning, Title: "a server has no egress at all"},
	{Code: "SGC013", Level: Warning, Title: "a stateless tier does not let the answers through"},
	{Code: "SGC014", Level: Warning, Title: "a server mixes stateful and stateless tiers"},
	{Code: "SGC015", Level: Warning, Title: "a waiver names a lint that does not exist"},
	{Code: "SGC016", Level: Note, Title: "a waiver answers nothing"},
	{Code: "SGC017", Level: Note, Title: "a rule's key names a service that is not what it opens"},
	{Code: "SGC018", Level: Warning, Title: "a file beside the policy is not part of it"},
	{Code: "SGC019", Level: Warning, Title: "a field is written as if it were part of another"},
	{Code: "SGC020", Level: Warning, Title: "storage, a queue, monitoring or a name service is open to the world"},
	{Code: "SGC021", Level: Warning, Title: "a service in clear text is open to the outside"},
	{Code: "SGC022", Level: Warning, Title: "a port is open on the wrong protocol"},
	{Code: "SGC023", Level: Warning, Title: "a plan will refuse a group that the policy names"},
	{Code: "SGC024", Level: Note, Title: "everyone may ping"},
	{Code: "SGC025", Level: Note, Title: "servers of a tier may send each other anything"},
	{Code: "SGC026", Level: Note, Title: "a range of ports is wide"},
	{Code: "SGC027", Level: Warning, Title: "a rule opens what another excepts"},
	{Code: "SGC028", Level: Warning, Title: "a port is a difference that looks like a range"},
	{Code: "SGC029", Level: Warning, Title: "a pattern or an optional field matches nothing"},
}

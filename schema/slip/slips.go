package slip

const (
	nextField = `\x00("?[\w-]+"?)\s*:` // its name, where the parser stops
	address   = `(?:\d+\.\d+\.\d+\.\d+|[0-9a-fA-F:]*::[0-9a-fA-F:]*|(?:[0-9a-fA-F]+:){7}[0-9a-fA-F]+)(?:/\d+)?`
	date      = `\d{4}-\d\d-\d\d`
	curly     = "“”„«»‘’‚`"
	dashed    = `[A-Za-z_]\w*(?:-\w+)+`
)

// slips are tried in their order.
var slips = []slip{
	{"", `^\s*#\w+\s+\w|#\s`, "comments start with //"},
	{"expected operand, found '/'", `\x00/`, "comments start with //, on every line"},
	{"", `^(?P<at>)\s*--.*\x00`, "comments start with //"},
	{"", `;`, `expected a comma or a new line between fields, not ";"`},

	// Package clauses and imports.
	{"", `^(?P<at>)\s*package\b[\s:]*"?(?P<first>[A-Za-z]\w*)-(?P<second>\w+)"?.*`, "a package's name is letters, digits and _: write package ${first}_$second"},
	{"", `^(?P<at>)\s*package\s*[":]\s*"?(?P<name>[A-Za-z]\w*).*`, "a package name has no quotes and no colon: write package $name"},
	{"", `^(?P<at>)\s*package\s+(?P<name>[A-Za-z]\w*)\s*\{.*`, "a package has no braces: write package $name, and the fields below it"},
	{"", `^(?P<at>)\s*package\s+[A-Za-z]\w*\s*(?://.*)?$`, "the package clause comes first: move it to the top of the file"},
	{"", `^(?P<at>)\s*package\s.*`, "a package's name is letters, digits and _, and begins with a letter: write package shop"},
	{"", `^(?P<at>)\s*import\b[\s:]*(?P<name>[\w./]+).*`, `what is imported must be in quotes: write import "$name"`},
	{"", `^(?P<at>)\s*import\b.*`, "imports stand between the package clause and the first field"},

	// What lacks a quotation mark.
	{"", `"([^"\s,\[\]{}]+)(?P<at>),\s*"\x00`, "a quotation mark is missing after $1"},          // "a, "b": a comma in a text, and the next one's mark ends it
	{"", `(?:^|[\[,\s])(?P<at>[^"\s,\[\]{}:]+)\x00"`, "a quotation mark is missing before $at"}, // a", "b"
	{"", `\x00(?:["` + curly + `]([^"` + curly + `]*)[` + curly + `]|[` + curly + `]([^"` + curly + `]*))`, `a text has straight quotation marks: write "$1$2"`},
	{"string literal not terminated", "", "the quotation mark at the end of the text is missing"}, // and nothing else is on the line
	{"", `(?P<at>` + dashed + `)"\s*:`, "a quotation mark is missing before $at"},
	{"", `(?P<at>` + date + `|` + address + `)"`, "a quotation mark is missing before $at"},
	{"", `(?:^|[:{,])\s*("?[A-Za-z_][\w-]*"?)(?P<at>::)\s+["\w{\[]`, "one colon is enough: write $1:"},
	{"", `(?P<at>` + dashed + `|\d+[A-Za-z_][\w-]*|\w+/\w+)\s*:`, `put the name in quotes: "$at"`},
	{"", date, `put the date in quotes: "$0"`},
	{"", `[:\[,]\s*(?P<at>0+([1-9]\d*))\b[^.\d]`, "a number has no leading zeros: write $2"},
	{"illegal character", `\x00[\pZ\p{Cf}]`, "this looks like a space and is none: write a plain one, or remove it"},
	{"", address, `put the address in quotes: "$0"`},

	// Ports.
	{"", `[\[,:]\s*(?P<at>(\d+)\s*(?::|\.\.+)\s*(\d+))\s*[\],]`, `a range of ports has a "-": write "$2-$3"`},

	// Loops and conditions.
	{"", `\[(?P<at>[^\[]*?) *\x00for\b`, "the loop comes first, and what it makes in braces: write [for … {$at}]"},
	{"", `(?P<at>\?)\s.*\s:\s`, `CUE has no "?": write [if … {…}, …][0]`},
	{"", `("?[\w-]+"?)\s*(?P<at>:=)`, "a field has a colon: write $1:"},
	{"missing ','", `:\s*(?P<at>(?:for|if)\b.*)\x00`, "for and if stand in braces: write {$at…}"},
	{"else requires", "", "CUE has no else: write a second if, with != for =="},
	{"expected '{'", `^\s*if\b.*\x00(?:and|or)\b`, `write && for "and" and || for "or"`},
	{"expected '{'", `^\s*if\b.*(?P<at>not )\x00`, `write ! for "not"`},
	{"expected '{'", `^\s*if\b.*\x00=`, `two values are compared with "=="`},
	{"", `(?:^|[\[{])\s*(?:if|for)\b[^{}]*\x00`, "what an if or a for makes must be in braces"},
	{"expected '=', found ':'", `(let\s+\w+)\s*\x00`, `write $1 = …, or leave let out and begin the name with _`},

	// Brackets, commas and colons.
	{"expected ')', found ','", `(?P<at>\()[^(]*\x00`, `a list has square brackets: write […] for (…)`},
	{"expected label or ':', found '{'", `("?[\w-]+"?)\s*\x00`, "a colon is missing after $1"},
	{"expected label or ':', found", `^\s*(?P<at>var|const|set|local|def)\s+\x00(\w+)`, "a value of the policy's own is a field whose name begins with _: write _$2: …"},
	{"expected label or ':', found", `\x00("?[\w-]+"?)`, "a colon is missing before $1"},
	{"missing ',' in struct literal", `(?:^|:)\s*(?P<at>(\w+)[.\[]("[^"]*"|\w+)[\w.\]]*)\x00:`, `fields inside each other have colons: write $2: $3:`},
	{"missing ',' in struct literal", `(?P<at>"[^"]*")\s*\x00("[^"]*")\s*(?:[,}]|$)`, "a list has brackets and commas: write [$at, $2]"},
	{"missing ',' in struct literal", `:\s*(?P<at>[\w#$@][^"\[\]{}:,|&=<>()?]*?)\s*(?:[,}]|//|$)`, `a text must be in quotes: "$at"`},
	{"missing ',' in struct literal", `[\]})0-9]\s*` + nextField, "a comma or a new line is missing before $1"},
	{"missing ',' in struct literal", nextField, "a colon or a comma is missing before $1"},
	{"missing ','", `["']\x00(\w+)`, `the text ends at the quotation mark before $1: one is missing further left, or write \" for one inside of the text`},
	{"missing ',' in list literal", `\x00[^:})]`, `a comma is missing, or the "]" of the list before`},
	{"expected operand, found ','", `[,\[({]\s*\x00`, "unexpected comma: remove it"},
	{"expected operand", `:\s*\x00([,}\])])`, `a value is missing before the "$1"`},
	{"expected operand", `(?P<at>\*)\s*\x00`, `"*" is not text: everyone is "public", and every service is any`},
	{"expected operand, found 'ATTRIBUTE'", `\x00@embed\(`, "an attribute stands behind a value: write _ @embed(…)"},
	{"expected operand, found 'ATTRIBUTE'", `\x00@(\w+)`, `write "$1", without the @`},
	{"illegal token '..'", "", `what leaves a list open has three dots: write ...`},
	{"missing ','", `\b(?P<at>\d+(?:-\d+)?)\s*:`, `a rule's key is its service, such as https; any other name that is a number must be in quotes: "$at"`},
	{"unknown escape sequence", "", `"\" begins an escape: write "\\" for one`},
}

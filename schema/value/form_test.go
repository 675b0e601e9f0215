package value

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/parser"

	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/schema/guard"
	"sgc.dev/sgc/schema/written"
)

// TestDefinitionsOnlyConstrain holds policy.cue to what makes it sound to judge
// values without it.
func TestDefinitionsOnlyConstrain(t *testing.T) {
	if _, err := Define(policyCUE(t), "#Policy"); err != nil {
		t.Error(err)
	}
}

// policyCUE is the text of the definitions.
func policyCUE(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("../policy.cue")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestFormIn has definitions that constrain, and such as do more than that, or that
// no form is known for.
func TestFormIn(t *testing.T) {
	for definition, want := range map[string]bool{
		`string`:                         true,
		`"a" | "b"`:                      true,
		`{a?: string, b!: [...int]}`:     true,
		`int & >=1 | error("x")`:         true,
		`*"a" | string`:                  false,
		`[...int] | {a?: int} | string`:  true,
		`{a?: int} | string | {b?: int}`: false,
		`[...int] | [...string]`:         false,
		`{a: "b"}`:                       false,
		`{a?: {b: "c"}}`:                 false,
		`{a?: string, ...}`:              false,
		`{a?: string, if true {b?: 1}}`:  false,
		`{a?: string, _b}`:               false,
		`[string, string]`:               false,
		`[...]`:                          false,
		`{[=~"^a"]: string}`:             false,
		`{[string]: int, [string]: int}`: false,
		`{a?: string, a?: "x"}`:          false,
		`int & >_least`:                  false,
		`number`:                         false,
		`_`:                              false,
		`5`:                              false,
		`strings.MinRunes(1)`:            false,
	} {
		f, err := parser.ParseFile("definitions.cue", "#D: "+definition+"\n")
		if err != nil {
			t.Fatal(definition, err)
		}
		if _, err := formIn(f, "#D"); (err == nil) != want {
			t.Errorf("%s: %v", definition, err)
		}
	}
}

// A valuer writes CUE whose value has a form, or nearly.
type valuer struct {
	*rand.Rand
	wrong int // of how many values one is
	other int // of how many one is written otherwise than as it is
	aside []string
}

func (v *valuer) pick(list ...string) string { return list[v.IntN(len(list))] }

func (v *valuer) value(f *Form) string {
	if v.wrong > 0 && v.IntN(v.wrong) == 0 {
		if v.IntN(2) == 0 {
			return v.near(f)
		}
		return v.pick(`22`, `0`, `65535`, `65536`, `9223372036854775808`, `"22"`, `"1-2"`, `"ipv4"`, `"x"`, `""`, `null`, `true`,
			`[]`, `["x"]`, `[...]`, `[22, "1-2"]`, `{}`, `{name: "x"}`, `{type: 3}`, `string`, `int`, `number`, `>=1`, `_|_`)
	}
	s := v.formed(f)
	if v.other > 0 && v.IntN(v.other) == 0 {
		s = v.otherwise(s, f)
	}
	return s
}

// near is a value that all but has a form.
func (v *valuer) near(f *Form) string {
	w := f.ways[v.IntN(len(f.ways))]
	switch w.kind {
	case cue.StringKind:
		return v.pick(`'1-2'`, `22`, `["x"]`, `"ipv5"`)
	case cue.IntKind:
		return v.pick(`22.0`, `2.2e1`, `1e2`, `4.5`, `"22"`, `22/1`, `99999999999999999999`, `-22`)
	case cue.BoolKind:
		return v.pick(`"true"`, `1`)
	case cue.ListKind:
		return v.pick(v.value(w.item), "{"+v.value(w.item)+"}", "["+v.near(w.item)+"]")
	}
	return v.pick("["+v.formed(f)+"]", "null", "{"+v.formed(f)+", unknown: 4}")
}

// otherwise writes a value in another way, or as one of several.
func (v *valuer) otherwise(s string, f *Form) string {
	again := func() string { return v.value(f) }
	switch v.IntN(10) {
	case 0:
		return "(" + s + ")"
	case 1:
		return "*" + s + " | " + again()
	case 2:
		return "(" + s + " | " + again() + ")"
	case 3:
		return "*" + s + " | " + v.pick("string", "bool", "int", "{...}", "[...string]", "_")
	case 4:
		return "(" + s + " & " + v.pick("string", "int", "_", "{...}", "[...]", s) + ")"
	case 5:
		name := fmt.Sprintf("_r%d", len(v.aside))
		v.aside = append(v.aside, name+": "+s)
		return name
	case 6:
		name := fmt.Sprintf("#D%d", len(v.aside))
		v.aside = append(v.aside, name+": "+s)
		return name
	case 7:
		return "{" + s + ", " + v.pick("_h: 1", "#d: 2", "o?: 3", "[string]: _", "...", "let q = 4", "if false {no: 5}") + "}"
	case 8:
		return "[for x in [" + s + "] {x}][0]"
	}
	return "[if true {" + s + "}, {}][0]"
}

func (v *valuer) formed(f *Form) string {
	w := f.ways[v.IntN(len(f.ways))]
	switch w.kind {
	case cue.StringKind:
		if w.looks != nil {
			return v.pick(`"1-2"`, `"8000-8100"`, `"1-"`, `"a-b"`, `"ipv4"`, `"ipv6"`)
		}
		return v.pick(`"x"`, `"public"`, `"\(1)y"`, `"192.0.2.1"`, `"ü"`)
	case cue.IntKind:
		if limit := []int64{w.least, w.most}[v.IntN(2)]; limit > math.MinInt64 && limit < math.MaxInt64 {
			return fmt.Sprint(limit + int64(v.IntN(3)) - 1)
		}
		return v.pick("1", "22", "255", "0x50", "65536", "1K", "-1")
	case cue.BoolKind:
		return v.pick("true", "false", "1 < 2")
	case cue.ListKind:
		var items []string
		for range v.IntN(3) {
			items = append(items, v.value(w.item))
		}
		if v.other > 0 && v.IntN(2*v.other) == 0 {
			items = append(items, v.pick("...", "...string", "...int", "..."+v.formed(w.item)))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return "{" + strings.Join(v.fields(w), ", ") + "}"
}

func (v *valuer) fields(f way) []string {
	var fields []string
	add := func(name string, f *Form) {
		mark := ""
		if v.other > 0 && v.IntN(4*v.other) == 0 {
			mark = v.pick("?", "!")
		}
		fields = append(fields, fmt.Sprintf("%q%s: %s", name, mark, v.value(f)))
	}
	for _, name := range slices.Sorted(maps.Keys(f.fields)) {
		needed := slices.Contains(f.required, name)
		if needed && (v.wrong == 0 || v.IntN(v.wrong) > 0) || !needed && v.IntN(4) == 0 {
			add(name, f.fields[name])
		}
	}
	if f.rest != nil {
		for i := range v.IntN(3) {
			add(v.pick("a", "b-c", "ssh", fmt.Sprint("n", i)), f.rest)
		}
	}
	if v.wrong > 0 && v.IntN(v.wrong) == 0 {
		fields = append(fields, v.pick("unknown: 4", "_hidden: 5", "#definition: 6", "_#both: {}", "unknown?: 7", "[=~\"^a\"]: _", "..."))
	}
	return fields
}

// TestJudgedAsByCUE makes values at random, right ones and those that are nearly
// right, and has them judged by the form of the policy and by CUE, which unifies
// them with the definitions. What the form takes CUE takes, and its value is the
// same; of what is written out, wherever it stands, the reverse holds too.
func TestJudgedAsByCUE(t *testing.T) {
	definitions, err := Define(policyCUE(t), "#Policy")
	if err != nil {
		t.Fatal(err)
	}
	policy := definitions.Form()
	n := rounds.Of(800)
	r := rand.New(rand.NewPCG(22, 0))
	var context *cue.Context
	var definition cue.Value
	taken, refused, left := 0, 0, 0
	for i := range n {
		if i%200 == 0 { // a context keeps all that it has made
			context = cuecontext.New()
			schema, err := definitions.In(context)
			if err != nil {
				t.Fatal(err)
			}
			definition = schema.LookupPath(cue.ParsePath("#Policy"))
		}
		v := &valuer{Rand: r, wrong: []int{0, 20, 60}[r.IntN(3)], other: []int{0, 4, 20}[r.IntN(3)]}
		source := strings.Join(append(v.fields(policy.ways[0]), v.aside...), "\n")
		own := context.CompileString(source)
		whole := own.Unify(definition)
		invalid := whole.Validate(cue.Concrete(true))
		m := &maker{name: unnamed, limit: math.MaxInt}
		takes := own.Validate(cue.Concrete(true)) == nil && policy.takes(m.node(own, Node{}, policy, written.Place{}))
		switch {
		case takes && invalid != nil:
			t.Fatalf("%s\nis taken, and CUE says: %v", source, invalid)
		case takes:
			taken++
			a, errA := exported(own)
			b, errB := exported(whole)
			if errA != nil || errB != nil || !reflect.DeepEqual(a, b) {
				t.Fatalf("%s\nis taken as %v, %v, and to CUE it is %v, %v", source, a, errA, b, errB)
			}
		case invalid == nil:
			if left++; v.other == 0 {
				t.Errorf("%s\nis not taken, and CUE takes it", source)
			}
		default:
			refused++
		}
	}
	if taken < n/10 || refused < n/10 || left < n/1000 {
		t.Errorf("of %d values %d are taken, %d refused, and %d left to CUE: that compares too little", n, taken, refused, left)
	}
	t.Logf("of %d values %d are taken, %d refused, and %d left to CUE", n, taken, refused, left)
}

// exported is a value as CUE exports it; the order of fields means nothing.
func exported(v cue.Value) (any, error) {
	data, err := v.MarshalJSON()
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var out any
	err = d.Decode(&out)
	return out, err
}

// FuzzJudged looks for CUE whose value the form of the policy takes, and that is
// not what CUE makes of the same value, written out, and the definitions.
func FuzzJudged(f *testing.F) {
	definitions, err := Define(policyCUE(f), "#Policy")
	if err != nil {
		f.Fatal(err)
	}
	policy := definitions.Form()
	v := &valuer{Rand: rand.New(rand.NewPCG(4, 44)), wrong: 40, other: 4}
	for range 20 {
		f.Add(strings.Join(append(v.fields(policy.ways[0]), v.aside...), "\n"))
	}
	f.Fuzz(func(t *testing.T, source string) {
		if guard.CheckNesting("policy.cue", []byte(source), 100) != nil {
			t.Skip("nested deeper than the loader lets a policy be")
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			context := cuecontext.New()
			own := context.CompileString(source)
			m := &maker{name: unnamed, limit: 10_000}
			if own.Validate(cue.Concrete(true)) != nil || !policy.takes(m.node(own, Node{}, policy, written.Place{})) || m.count > m.limit {
				return
			}
			schema, err := definitions.In(context)
			if err != nil {
				t.Error(err)
				return
			}
			data, err := own.MarshalJSON()
			if err != nil {
				t.Errorf("it is taken, and CUE says: %v", err)
				return
			}
			whole := context.CompileBytes(data).Unify(schema.LookupPath(cue.ParsePath("#Policy")))
			if err := whole.Validate(cue.Concrete(true)); err != nil {
				t.Errorf("it is taken, and of %s CUE says: %v", data, err)
				return
			}
			a, errA := exported(own)
			b, errB := exported(whole)
			if errA != nil || errB != nil || !reflect.DeepEqual(a, b) {
				t.Errorf("it is taken as %v, %v, and to CUE it is %v, %v", a, errA, b, errB)
			}
		}()
		select {
		case <-done:
		case <-time.After(5 * time.Second):
			t.Skip("more than can be evaluated in time")
		}
	})
}

package plan

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// fleet is the plans of one run in two projects, of which one has nothing to do.
func fleet(t *testing.T) *Documents {
	prod := mustDocument(t, []*rule.Set{shopSet(tcp(80, rule.Anyone()))}, settled(tcp(81, rule.Anyone())), Options{})
	prod.Target = "prod"
	edge := mustDocument(t, []*rule.Set{shopSet(tcp(80, rule.Anyone()))}, settled(tcp(80, rule.Anyone())), Options{Tidy: true})
	edge.Target, edge.Place.Cloud, edge.Place.Project = "edge", "edge", "p2"
	return &Documents{Targets: []*Document{prod, edge}}
}

func writtenAll(t *testing.T, ds *Documents) string {
	t.Helper()
	var b bytes.Buffer
	if err := ds.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestDocumentsReadBack has the documents of a run be the same after they were written and read,
// and one alone, which has no name, be written as it always was.
func TestDocumentsReadBack(t *testing.T) {
	ds := fleet(t)
	text := writtenAll(t, ds)
	if !strings.Contains(text, "{\n  \"version\": 2,\n  \"empty\": false,\n  \"targets\": [\n    {\n      \"version\": 2,\n      \"target\": \"prod\",\n      \"empty\": false,\n      \"place\": {") {
		t.Error(text)
	}
	read, err := ParseDocuments([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if list := read.Targets; len(list) != 2 || list[0].Target != "prod" || list[1].Target != "edge" || list[1].Place != ds.Targets[1].Place || !list[1].Options.Tidy || read.Failed != nil {
		t.Errorf("%+v", read)
	}
	if again := writtenAll(t, read); again != text {
		t.Error(again)
	}
	if differs := read.Targets[0].Differs(ds.Targets[0]); differs != nil {
		t.Error(differs)
	}

	alone := *ds.Targets[0]
	ds.Targets = ds.Targets[1:]
	if empty := writtenAll(t, ds); !strings.HasPrefix(empty, "{\n  \"version\": 2,\n  \"empty\": true,\n  \"targets\": [") {
		t.Error(empty)
	}
	ds.Failed = []string{"dr"} // where there may be something to do
	failed := writtenAll(t, ds)
	if !strings.HasPrefix(failed, "{\n  \"version\": 2,\n  \"empty\": false,\n") || !strings.HasSuffix(failed, "  \"failed\": [\n    \"dr\"\n  ]\n}\n") {
		t.Error(failed)
	}
	if read, err := ParseDocuments([]byte(failed)); err != nil || !slices.Equal(read.Failed, ds.Failed) {
		t.Error(read, err)
	}
	alone.Target = ""
	if text := writtenAll(t, &Documents{Targets: []*Document{&alone}}); text != string(written(t, &alone)) || strings.Contains(text, "target\"") {
		t.Error(text)
	}
	if read, err := ParseDocuments(written(t, &alone)); err != nil || len(read.Targets) != 1 || read.Targets[0].Target != "" {
		t.Error(read, err)
	}
}

// TestEditedDocuments refuses files of which no run has written one.
func TestEditedDocuments(t *testing.T) {
	text := writtenAll(t, fleet(t))
	for _, test := range []struct{ from, to, want string }{
		{`"version": 2,`, ` "version":2 ,`, ""},
		{`"target": "edge"`, `"target": "prod"`, `not a file of plans of sgc: target "prod" occurs twice`},
		{`"target": "edge",`, ``, `not a file of plans of sgc: targets[1] has no name`},
		{`"target": "edge"`, `"Target": "edge"`, `not a file of plans of sgc: targets[1].Target does not belong there`},
		{`"project": "p2"`, `"Project": "p2"`, `not a file of plans of sgc: targets[1].place.Project does not belong there`},
		{`"version": 2,`, `"version": 3,`, `these are plans of version 3, and this sgc reads version 2: plan again`},
		{`"version": 2,`, ``, `not a file of plans of sgc: version is missing`},
		{`"targets": [`, `"targets": [7,`, `not a file of plans of sgc: targets cannot be a number of JSON`},
		{`"targets": [`, `"more": 1, "targets": [`, `not a file of plans of sgc: more does not belong there`},
		{`"targets": [`, `"targets": [], "targets": [`, `not a file of plans of sgc: "targets" is there twice`},
		{`"policies": [`, `"policies": [null,`, `not a file of plans of sgc: target "prod": policies[0] is null`},
	} {
		if !strings.Contains(text, test.from) {
			t.Fatalf("%s is not in\n%s", test.from, text)
		}
		_, err := ParseDocuments([]byte(strings.Replace(text, test.from, test.to, 1)))
		if test.want == "" && err != nil || test.want != "" && (err == nil || err.Error() != test.want) {
			t.Errorf("%s for %s: %v", test.to, test.from, err)
		}
	}
	if read, err := ParseDocuments([]byte(`{"version": 2, "empty": true}`)); read != nil || err == nil || err.Error() != "not a plan of sgc: options is missing" {
		t.Error(read, err)
	}
	if _, err := ParseDocuments([]byte(`{"version": 2, "empty": true, "targets": []}`)); err == nil || err.Error() != "not a file of plans of sgc: it has no targets" {
		t.Error(err)
	}
}

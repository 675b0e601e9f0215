package tables

import (
	"net/http"
	"slices"
	"strconv"

	"sgc.dev/sgc/sandbox/api"
)

// maxTags is how many tags an object may have, from 2025.1 on.
const maxTags = 50

// tagCall answers the calls at the tags of a security group.
func (t *Tables) tagCall(who api.Account, r api.Request, id string, rest []string) (api.Answer, error) {
	if !t.has("standard-attr-tag") {
		return api.Answer{}, api.Hidden()
	}
	if want, err := ifMatch(r.Header); err != nil {
		return api.Answer{}, err
	} else if want.set {
		return api.Answer{}, api.Crash()
	}
	if len(rest) == 1 {
		return t.oneTagCall(who, r, id, rest[0])
	}
	if len(rest) > 1 {
		if r.Method == http.MethodGet {
			return api.Answer{}, api.Crash()
		}
		return api.Answer{}, api.Hidden()
	}
	switch r.Method {
	case http.MethodGet, http.MethodPatch:
		g, err := t.tagged(who, id, "get")
		if err != nil {
			return api.Answer{}, err
		}
		return api.Answer{Status: http.StatusOK, Body: api.Object{"tags": append([]string{}, g.Tags...)}}, nil
	case http.MethodDelete:
		g, err := t.tagged(who, id, "delete")
		if err != nil {
			return api.Answer{}, err
		}
		return api.Answer{Status: http.StatusNoContent}, g.setTags(nil)
	case http.MethodPut, http.MethodPost:
		tags, err := bodyTags(r.Body)
		if err != nil {
			return api.Answer{}, err
		}
		action := map[string]string{http.MethodPut: "update", http.MethodPost: "create"}[r.Method]
		g, err := t.tagged(who, id, action)
		if err != nil {
			return api.Answer{}, err
		}
		if err := tagLimit(tags); err != nil {
			return api.Answer{}, err
		}
		wanted := tags
		if r.Method == http.MethodPost {
			wanted = with(g.Tags, tags)
		}
		if err := g.setTags(wanted); err != nil {
			return api.Answer{}, err
		}
		return api.Answer{Status: http.StatusOK, Body: api.Object{"tags": tags}}, nil
	}
	return api.Answer{}, api.NotAllowed()
}

func (t *Tables) oneTagCall(who api.Account, r api.Request, id, tag string) (api.Answer, error) {
	tag = latin1(tag)
	if reason := stringReason(tag, 255); reason != "" {
		return api.Answer{}, api.InvalidInput("%s", reason)
	}
	switch r.Method {
	case http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete:
		action := "get"
		if r.Method == http.MethodDelete {
			action = "delete"
		}
		g, err := t.tagged(who, id, action)
		if err != nil {
			return api.Answer{}, err
		}
		at := slices.IndexFunc(g.Tags, func(have string) bool { return api.Fold(have) == api.Fold(tag) })
		if at < 0 || action == "get" && g.Tags[at] != tag {
			return api.Answer{}, api.Missing("TagNotFound", "Tag %s could not be found.", tag)
		}
		if r.Method == http.MethodDelete {
			return api.Answer{Status: http.StatusNoContent}, g.setTags(slices.Delete(slices.Clone(g.Tags), at, at+1))
		}
		return api.Answer{Status: http.StatusNoContent}, nil
	case http.MethodPut:
		g, err := t.tagged(who, id, "update")
		if err != nil {
			return api.Answer{}, err
		}
		if slices.ContainsFunc(g.Tags, func(have string) bool { return api.Fold(have) == api.Fold(tag) }) {
			return api.Answer{Status: http.StatusCreated, Body: api.Null{}}, nil
		}
		wanted := with(g.Tags, []string{tag})
		if err := tagLimit(wanted); err != nil {
			return api.Answer{}, err
		}
		return api.Answer{Status: http.StatusCreated, Body: api.Null{}}, g.setTags(wanted)
	}
	return api.Answer{}, api.NotAllowed()
}

// latin1 is what Neutron takes a path for: each byte of it for a letter.
func latin1(path string) string {
	var letters []rune
	for _, b := range []byte(path) {
		letters = append(letters, rune(b))
	}
	return string(letters)
}

// tagged finds the group whose tags a call is about. Neutron crashes where there
// is none, and does not hide that one is another project's.
func (t *Tables) tagged(who api.Account, id, action string) (*group, error) {
	g, ok := t.groups[id]
	switch {
	case !ok:
		return nil, api.Crash()
	case action == "get" && g.mayUse(who), g.mayChange(who):
		return g, nil
	}
	return nil, api.Forbidden(action + "_security_group:tags")
}

func bodyTags(body []byte) ([]string, error) {
	if len(body) == 0 {
		return nil, api.Crash()
	}
	decoded, err := api.Decode(body)
	if err != nil {
		return nil, err
	}
	whole, ok := decoded.(api.Object)
	if _, named := whole["tags"]; !ok || !named {
		return nil, api.InvalidInput("Invalid tags body")
	}
	if reason := listReason(whole["tags"]); reason != "" {
		return nil, api.InvalidInput("%s", reason)
	}
	tags := []string{}
	for _, tag := range whole["tags"].([]any) {
		if reason := stringReason(tag, 255); reason != "" {
			return nil, api.InvalidInput("%s", reason)
		}
		tags = append(tags, tag.(string))
	}
	return tags, nil
}

func tagLimit(tags []string) error {
	if len(tags) > maxTags {
		return api.Invalid("BadRequest", "Bad security_groups request: The number of tags exceed the per-resource limit of %d.", maxTags)
	}
	return nil
}

// with are tags and those of more that are not among them.
func with(tags, more []string) []string {
	all := slices.Clone(tags)
	for _, tag := range more {
		if !slices.Contains(all, tag) {
			all = append(all, tag)
		}
	}
	return all
}

// setTags replaces the tags. The database refuses two that its collation takes for one.
func (g *group) setTags(tags []string) error {
	seen := map[string]bool{}
	for _, tag := range tags {
		if !storable(tag) {
			return api.Crash()
		}
		if seen[api.Fold(tag)] {
			return api.Conflict("NeutronDbObjectDuplicateEntry",
				"Failed to create a duplicate Tag: for attribute(s) ['PRIMARY'] with value(s) %s", strconv.Itoa(g.serial)+"-"+tag)
		}
		seen[api.Fold(tag)] = true
	}
	sorted := slices.SortedFunc(slices.Values(tags), api.Collate)
	if !slices.Equal(sorted, g.Tags) {
		g.Tags = sorted
		g.touch()
	}
	return nil
}

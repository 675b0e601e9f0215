package sandbox

import (
	"net/http"
	"slices"
	"strconv"
)

// maxTags is how many tags an object may have, from 2025.1 on.
const maxTags = 50

// tagCall answers the calls at the tags of a security group.
func (c *Cloud) tagCall(who token, r request, id string, rest []string) (answer, error) {
	if !c.has("standard-attr-tag") {
		return answer{}, hidden()
	}
	if want, err := ifMatch(r.header); err != nil {
		return answer{}, err
	} else if want.set {
		return answer{}, crash()
	}
	if len(rest) == 1 {
		return c.oneTagCall(who, r, id, rest[0])
	}
	if len(rest) > 1 {
		if r.method == http.MethodGet {
			return answer{}, crash()
		}
		return answer{}, hidden()
	}
	switch r.method {
	case http.MethodGet, http.MethodPatch:
		g, err := c.tagged(who, id, "get")
		if err != nil {
			return answer{}, err
		}
		return answer{status: http.StatusOK, body: object{"tags": append([]string{}, g.Tags...)}}, nil
	case http.MethodDelete:
		g, err := c.tagged(who, id, "delete")
		if err != nil {
			return answer{}, err
		}
		return answer{status: http.StatusNoContent}, g.setTags(nil)
	case http.MethodPut, http.MethodPost:
		tags, err := bodyTags(r.body)
		if err != nil {
			return answer{}, err
		}
		action := map[string]string{http.MethodPut: "update", http.MethodPost: "create"}[r.method]
		g, err := c.tagged(who, id, action)
		if err != nil {
			return answer{}, err
		}
		if err := tagLimit(tags); err != nil {
			return answer{}, err
		}
		wanted := tags
		if r.method == http.MethodPost {
			wanted = with(g.Tags, tags)
		}
		if err := g.setTags(wanted); err != nil {
			return answer{}, err
		}
		return answer{status: http.StatusOK, body: object{"tags": tags}}, nil
	}
	return answer{}, notAllowed()
}

func (c *Cloud) oneTagCall(who token, r request, id, tag string) (answer, error) {
	tag = latin1(tag)
	if reason := stringReason(tag, 255); reason != "" {
		return answer{}, invalidInput("%s", reason)
	}
	switch r.method {
	case http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete:
		action := "get"
		if r.method == http.MethodDelete {
			action = "delete"
		}
		g, err := c.tagged(who, id, action)
		if err != nil {
			return answer{}, err
		}
		at := slices.IndexFunc(g.Tags, func(have string) bool { return fold(have) == fold(tag) })
		if at < 0 || action == "get" && g.Tags[at] != tag {
			return answer{}, missing("TagNotFound", "Tag %s could not be found.", tag)
		}
		if r.method == http.MethodDelete {
			return answer{status: http.StatusNoContent}, g.setTags(slices.Delete(slices.Clone(g.Tags), at, at+1))
		}
		return answer{status: http.StatusNoContent}, nil
	case http.MethodPut:
		g, err := c.tagged(who, id, "update")
		if err != nil {
			return answer{}, err
		}
		if slices.ContainsFunc(g.Tags, func(have string) bool { return fold(have) == fold(tag) }) {
			return answer{status: http.StatusCreated, body: null{}}, nil
		}
		wanted := with(g.Tags, []string{tag})
		if err := tagLimit(wanted); err != nil {
			return answer{}, err
		}
		return answer{status: http.StatusCreated, body: null{}}, g.setTags(wanted)
	}
	return answer{}, notAllowed()
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
func (c *Cloud) tagged(who token, id, action string) (*group, error) {
	g, ok := c.groups[id]
	switch {
	case !ok:
		return nil, crash()
	case action == "get" && g.mayUse(who), g.mayChange(who):
		return g, nil
	}
	return nil, forbidden(action + "_security_group:tags")
}

func bodyTags(body []byte) ([]string, error) {
	if len(body) == 0 {
		return nil, crash()
	}
	decoded, err := decode(body)
	if err != nil {
		return nil, err
	}
	whole, ok := decoded.(object)
	if _, named := whole["tags"]; !ok || !named {
		return nil, invalidInput("Invalid tags body")
	}
	if reason := listReason(whole["tags"]); reason != "" {
		return nil, invalidInput("%s", reason)
	}
	tags := []string{}
	for _, tag := range whole["tags"].([]any) {
		if reason := stringReason(tag, 255); reason != "" {
			return nil, invalidInput("%s", reason)
		}
		tags = append(tags, tag.(string))
	}
	return tags, nil
}

func tagLimit(tags []string) error {
	if len(tags) > maxTags {
		return invalid("BadRequest", "Bad security_groups request: The number of tags exceed the per-resource limit of %d.", maxTags)
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
			return crash()
		}
		if seen[fold(tag)] {
			return conflict("NeutronDbObjectDuplicateEntry",
				"Failed to create a duplicate Tag: for attribute(s) ['PRIMARY'] with value(s) %s", strconv.Itoa(g.serial)+"-"+tag)
		}
		seen[fold(tag)] = true
	}
	sorted := slices.SortedFunc(slices.Values(tags), collate)
	if !slices.Equal(sorted, g.Tags) {
		g.Tags = sorted
		g.touch()
	}
	return nil
}

package schema

import "time"

func (r *reader) policyName(n node) string { return r.textOf(n) }

func (r *reader) textOf(n node) string {
	s, _ := r.str(n)
	return s
}

func (r *reader) tierDescription(n node, policy, tier string) string { return r.textOf(n) }

func (r *reader) tags(n node) []string {
	var tags []string
	for _, item := range r.items(n) {
		tags = append(tags, r.textOf(item))
	}
	return tags
}

// date is a day.
func (r *reader) date(n node) string {
	s, ok := r.str(n)
	if !ok {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		r.fault(n, "not a day: write it as 2027-01-31")
	}
	return s
}

func (r *reader) waivers(n node) []Waiver {
	var found []Waiver
	for _, f := range byName(r.fields(n)) {
		found = append(found, Waiver{Code: f.name, Reason: r.textOf(f), Pos: f.pos()})
	}
	return found
}

// families reads a list of IP versions.
func (r *reader) families(n node) Families {
	var s Families
	for _, item := range r.items(n) {
		switch name, _ := r.str(item); name {
		case "ipv4":
			s.IPv4 = true
		case "ipv6":
			s.IPv6 = true
		}
	}
	return s
}

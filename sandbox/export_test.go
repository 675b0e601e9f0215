package sandbox

// Attributes are the names of the attributes of each collection, for tests that
// send nonsense in all of them.
func Attributes() map[string][]string {
	all := map[string][]string{}
	for _, at := range collections() {
		for _, a := range at.of(New()).table() {
			all[at.path] = append(all[at.path], a.name)
		}
	}
	return all
}

// Single is the name that a collection has for one of its objects.
func Single(path string) string {
	for _, at := range collections() {
		if at.path == path {
			return at.single
		}
	}
	return ""
}

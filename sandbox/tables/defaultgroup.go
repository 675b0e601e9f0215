package tables

import "sgc.dev/sgc/sandbox/api"

// defaultOfQuery makes the default group that a list shows: of the project asked
// for, else of the caller's.
func (t *Tables) defaultOfQuery(who api.Account, r api.Request) error {
	project := who.ProjectID
	for _, name := range []string{"project_id", "tenant_id"} {
		if values := r.Params.All(name); len(values) > 0 {
			project = values[0]
			break
		}
	}
	return t.ensureDefault(who, project)
}

// ensureDefault makes the default group of a project where it is missing. Only
// the project itself and administrators make it.
func (t *Tables) ensureDefault(who api.Account, project string) error {
	if project == "" || project != who.ProjectID && !who.Admin || t.hasDefault(project) {
		return nil
	}
	if err := t.room(project, "security_group_rule", t.born(true)); err != nil {
		return err
	}
	t.newGroup(project, "default", "Default security group", true)
	return nil
}

func (t *Tables) hasDefault(project string) bool {
	for _, g := range t.groups {
		if g.isDefault && g.ProjectID == project {
			return true
		}
	}
	return false
}

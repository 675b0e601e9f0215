package plan

import "testing"

func TestPlaceInWords(t *testing.T) {
	whole := Place{
		Cloud: "prod", Keystone: "https://cloud.example:5000/v3", Region: "RegionOne", Network: "https://net.example:9696", Project: "a1b2", Name: "demo", Domain: "Default",
	}
	for _, c := range []struct {
		change func(*Place)
		want   string
	}{
		{func(*Place) {}, "project demo (domain Default) in cloud prod, region RegionOne at https://cloud.example:5000"},
		{func(p *Place) { p.Cloud = "" }, "project demo (domain Default) in region RegionOne at https://cloud.example:5000"},
		{func(p *Place) { p.Region, p.Domain = "", "" }, "project demo in cloud prod at https://cloud.example:5000"},
		{func(p *Place) { p.Cloud, p.Region = "", "" }, "project demo (domain Default) at https://cloud.example:5000"},
		{func(p *Place) { p.Name, p.Domain = "", "" }, "project a1b2 in cloud prod, region RegionOne at https://cloud.example:5000"},
		{func(p *Place) { p.Keystone = "http://me:secret@Cloud.example/identity/v3?token=x" }, "project demo (domain Default) in cloud prod, region RegionOne at http://cloud.example"},
		{func(p *Place) { p.Keystone = "http://[2001:db8::5]:5000" }, "project demo (domain Default) in cloud prod, region RegionOne at http://[2001:db8::5]:5000"},
		{func(p *Place) { *p = Place{Project: "c3d4"} }, "a saved state of project c3d4"},
		{func(p *Place) { *p = Place{} }, "a saved state"},
	} {
		p := whole
		c.change(&p)
		if got := p.String(); got != c.want {
			t.Errorf("%+v\nis  %s\nnot %s", p, got, c.want)
		}
	}
}

func TestPlaceDiffers(t *testing.T) {
	here := Place{
		Cloud: "prod", Keystone: "https://cloud.example:5000/v3", Region: "east", Network: "https://cloud.example/networking", Project: "a1b2", Name: "demo", Domain: "Default",
	}
	for name, c := range map[string]struct {
		change func(*Place)
		want   string // "" is the same place
		final  bool
	}{
		"the same":       {func(*Place) {}, "", false},
		"names":          {func(p *Place) { p.Cloud, p.Name, p.Domain = "production", "renamed", "Other" }, "", false},
		"no names":       {func(p *Place) { p.Cloud, p.Name, p.Domain = "", "", "" }, "", false},
		"capitals":       {func(p *Place) { p.Keystone = "HTTPS://Cloud.Example:5000/v3" }, "", false},
		"a version less": {func(p *Place) { p.Keystone = "https://cloud.example:5000" }, "", false},
		"slashes": {func(p *Place) {
			p.Keystone, p.Network = "https://cloud.example:5000//v3//", "https://cloud.example/networking/"
		}, "", false},
		"a version more": {func(p *Place) { p.Network += "/v2.0/" }, "", false},
		"a default port": {func(p *Place) { p.Network = "https://cloud.example:443/networking" }, "", false},
		"a user":         {func(p *Place) { p.Keystone = "https://me:secret@cloud.example:5000/v3" }, "", false},
		"project": {func(p *Place) { p.Project, p.Name = "c3d4", "" },
			"belongs to project c3d4, and this is project a1b2 (demo)", true},
		"project, by the same name, and addresses": {func(p *Place) { p.Project, p.Keystone = "c3d4", "https://other.example" },
			"belongs to project c3d4 (demo), and this is project a1b2 (demo)", true},
		"a project in capitals": {func(p *Place) { p.Project = "A1B2" },
			"belongs to project A1B2 (demo), and this is project a1b2 (demo)", true},
		"region": {func(p *Place) { p.Region = "west" },
			`belongs to region "west", and this is region "east"`, true},
		"no region, and addresses": {func(p *Place) { p.Region, p.Network = "", "https://other.example" },
			`belongs to region "", and this is region "east"`, true},
		"Keystone's host": {func(p *Place) { p.Keystone = "https://10.0.0.5:5000/v3" },
			"belongs to a cloud whose Keystone is at https://10.0.0.5:5000, and here it is at https://cloud.example:5000", false},
		"Keystone's scheme": {func(p *Place) { p.Keystone = "http://cloud.example:5000/v3" },
			"belongs to a cloud whose Keystone is at http://cloud.example:5000, and here it is at https://cloud.example:5000", false},
		"another's default port": {func(p *Place) { p.Keystone, p.Network = here.Keystone, "https://cloud.example:80/networking" },
			"belongs to a cloud whose Neutron is at https://cloud.example:80/networking, and here it is at https://cloud.example/networking", false},
		"Neutron's path": {func(p *Place) { p.Network = "https://me:secret@cloud.example/networks?a=b" },
			"belongs to a cloud whose Neutron is at https://cloud.example/networks, and here it is at https://cloud.example/networking", false},
		"a path in capitals": {func(p *Place) { p.Network = "https://cloud.example/Networking" },
			"belongs to a cloud whose Neutron is at https://cloud.example/Networking, and here it is at https://cloud.example/networking", false},
		"no address": {func(p *Place) { p.Network = "cloud" },
			"belongs to a cloud whose Neutron is at cloud, and here it is at https://cloud.example/networking", false},
		"a saved state": {func(p *Place) { *p = Place{Project: "a1b2"} },
			"was made from a saved state of project a1b2, not from a cloud", true},
	} {
		p := here
		c.change(&p)
		var got Difference
		if d := p.Differs(here); d != nil {
			got = *d
		}
		if got.Message != c.want || got.Final != c.final {
			t.Errorf("%s:\n%s, final %t, not\n%s, final %t", name, got.Message, got.Final, c.want, c.final)
		}
	}
}

package rule

import "testing"

func TestClosest(t *testing.T) {
	known := []string{
		"amqp", "dhcpv6-client", "dhcpv6-server", "elasticsearch", "epmd", "etcd-client", "etcd-server", "ftp",
		"http", "https", "ldap", "mysql", "ntp", "postgres-exporter", "postgresql", "rdp", "red_hat_satellite", "sip", "smtp", "ssh", "t", "--strict", "tcp", "to", "udp", "web-server",
	}
	for _, c := range []struct{ name, want, why string }{
		{"http", "http", "itself"},
		{"HTTPS", "https", "but for capitals"},
		{"htp", "http", "the first letter decides among the near"},
		{"htps", "https", "a letter that is missing before one that is another"},
		{"sssh", "ssh", "a letter too many"},
		{"smpt", "smtp", "neighbours that are swapped"},
		{"upd", "udp", "the same in three letters"},
		{"ot", "to", "the same in two, the first of them"},
		{"tx", "", "half of a name is not enough"},
		{"*", "", "nor is nothing"},
		{"", "", "nothing at all"},
		{"postgre", "postgresql", "the shorter of those that it begins"},
		{"web", "web-server", "the only one that it begins"},
		{"etcd", "", "two that it begins, equally long"},
		{"dhcp", "", "the same"},
		{"elastcsaerch", "elasticsearch", "three edits of a long name"},
		{"pstgrsql", "postgresql", "two edits"},
		{"gitlab", "", "nothing near"},
		{"Web_Server", "web-server", "what stands between words"},
		{"hat-satellite", "red_hat_satellite", "the last words"},
		{"etcd.clent", "etcd-client", "that, and a letter"},
		{"server", "web-server", "the last word of three, the shortest of them"},
		{"exporter", "postgres-exporter", "the last word of one"},
		{"er", "", "too short to be the end of one"},
		{"porter", "", "the end of a word"},
		{"-ssh", "", "the opposite"},
		{"--strct", "--strict", "a flag, which has the sign too"},
		{"!http", "", "the same"},
		{"maildap", "", "another first letter"},
	} {
		if got := Closest(c.name, known); got != c.want {
			t.Errorf("%s: Closest(%q) is %q, want %q", c.why, c.name, got, c.want)
		}
	}
}

package lint

import (
	"fmt"

	"sgc.dev/sgc/rule"
)

// listener is a port, or a short range, on which something listens that
// strangers have no business with.
type listener struct {
	name     string
	protocol rule.Protocol
	lo, hi   uint16
}

func (l listener) String() string {
	return fmt.Sprintf("%s (%s/%s)", l.name, l.protocol, rule.PortRange(l.lo, l.hi))
}

// in says whether r opens any port of l.
func (l listener) in(r rule.Rule) bool {
	return r.Protocol == l.protocol && spanOf(r).overlaps(span{int(l.lo), int(l.hi)})
}

// administration is where a machine, or what runs on it, is controlled. Names
// and ports are IANA's where it has them, else the default of the project that
// is named in the entry.
func administration() []listener {
	return []listener{
		{"ssh", rule.TCP, 22, 22},
		{"telnet", rule.TCP, 23, 23},
		{"msrpc", rule.TCP, 135, 135},
		{"netbios", rule.TCP, 139, 139},
		{"snmp", rule.UDP, 161, 161},
		{"smb", rule.TCP, 445, 445},
		{"rexec and rlogin", rule.TCP, 512, 513},
		{"ipmi", rule.UDP, 623, 623},
		{"docker api", rule.TCP, 2375, 2377},
		{"etcd", rule.TCP, 2379, 2380},
		{"rdp", rule.TCP, 3389, 3389},
		{"rdp", rule.UDP, 3389, 3389},
		{"nomad api", rule.TCP, 4646, 4646},
		{"cisco smart install", rule.TCP, 4786, 4786},
		{"vnc", rule.TCP, 5900, 5909},
		{"winrm", rule.TCP, 5985, 5986},
		{"x11", rule.TCP, 6000, 6009},
		{"kubernetes api", rule.TCP, 6443, 6443},
		{"consul api", rule.TCP, 8500, 8501},
		{"kubelet", rule.TCP, 10250, 10250},
		{"kubelet read-only", rule.TCP, 10255, 10255},
		{"kube-controller-manager", rule.TCP, 10257, 10257},
		{"kube-scheduler", rule.TCP, 10259, 10259},
		{"libvirt", rule.TCP, 16509, 16509},
		{"libvirt tls", rule.TCP, 16514, 16514},
	}
}

// databases is where data is read and written, by clients or by other members
// of a cluster, on the default ports of the projects named.
func databases() []listener {
	return []listener{
		{"ms-sql-s", rule.TCP, 1433, 1433},
		{"ms-sql-m", rule.UDP, 1434, 1434},
		{"oracle", rule.TCP, 1521, 1521},
		{"zookeeper", rule.TCP, 2181, 2181},
		{"oracle tls", rule.TCP, 2484, 2484},
		{"firebird", rule.TCP, 3050, 3050},
		{"mysql", rule.TCP, 3306, 3306},
		{"galera", rule.TCP, 4567, 4568},
		{"galera", rule.UDP, 4567, 4567},
		{"postgresql", rule.TCP, 5432, 5432},
		{"couchdb", rule.TCP, 5984, 5984},
		{"redis", rule.TCP, 6379, 6379},
		{"cassandra", rule.TCP, 7000, 7001},
		{"neo4j", rule.TCP, 7473, 7474},
		{"neo4j bolt", rule.TCP, 7687, 7687},
		{"influxdb", rule.TCP, 8086, 8086},
		{"couchbase", rule.TCP, 8091, 8091},
		{"clickhouse", rule.TCP, 8123, 8123},
		{"arangodb", rule.TCP, 8529, 8529},
		{"solr", rule.TCP, 8983, 8983},
		{"cassandra cql", rule.TCP, 9042, 9042},
		{"elasticsearch", rule.TCP, 9200, 9200},
		{"elasticsearch nodes", rule.TCP, 9300, 9300},
		{"memcached", rule.TCP, 11211, 11211},
		{"memcached", rule.UDP, 11211, 11211},
		{"redis cluster bus", rule.TCP, 16379, 16379},
		{"cockroachdb", rule.TCP, 26257, 26257},
		{"redis sentinel", rule.TCP, 26379, 26379},
		{"mongodb", rule.TCP, 27017, 27019},
		{"rethinkdb", rule.TCP, 28015, 28015},
		{"mysqlx", rule.TCP, 33060, 33060},
		{"db2", rule.TCP, 50000, 50000},
	}
}

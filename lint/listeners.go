package lint

import (
	"fmt"
	"strings"

	"sgc.dev/sgc/rule"
)

// kind is what a lint warns of where the world reaches it.
type kind struct {
	code      string
	listeners []listener
	advice    string
	meantOnly bool // nothing is said of ports that are most likely open for something else
}

// kinds is what is warned of; no port is of two kinds.
var kinds = []kind{
	{"SGC001", administration, "name the networks of the administrators", false},
	{"SGC002", databases, "name the tiers that use the database", false},
	{"SGC020", internal, "name the tiers or the networks that use it", true},
}

// say is what a finding says is open, and what to do about it.
func (k kind) say(hit []string, sure bool) (what, advice string) {
	if sure {
		return some(hit), k.advice
	}
	return "what may be " + some(hit), "if it is, " + k.advice
}

// level of a finding is the lint's, but where something else may be meant.
func level(code string, sure bool) Level {
	if l, _ := find(code); sure {
		return l.Level
	}
	return Note
}

// listener is a port, or a short range, on which something listens that
// strangers have no business with.
type listener struct {
	name     string
	protocol rule.Protocol
	lo, hi   uint16
}

// on is the listener with those of its ports that are open.
func (l listener) on(open rule.Span) string {
	return fmt.Sprintf("%s (%s)", l.name, open.Match(0))
}

// span is the listener's ports.
func (l listener) span() rule.Span {
	return rule.Match{Protocol: l.protocol, Ports: rule.PortRange(l.lo, l.hi)}.Span()
}

// part is which of the listener's ports a rule opens.
func (l listener) part(r rule.Rule) (rule.Span, bool) {
	s, own := r.Span(), l.span()
	return s.Meet(own), r.Protocol == l.protocol && s.Overlaps(own)
}

// On ports above those of the system any program may listen. A range of few ports
// is most likely there for what is known to listen on one of them; one that has
// its name may be longer.
const (
	lastSystemPort = 1023
	few            = 10
	fewNamed       = 100
)

// meant says whether who opens ports of l most likely opens them for l: because
// they are system ports, because the rule has l's name, or because few ports are
// open and little else listens there.
func (l listener) meant(r liveRule, opened rule.Rule) bool {
	ports := portsIn(opened)
	switch {
	case l.hi <= lastSystemPort:
		return true
	case l.names(r):
		return ports <= fewNamed
	}
	return ports <= few && !usedForMuchElse[l.lo]
}

// names says whether a rule's name, or that of its service, is the listener's.
func (l listener) names(r liveRule) bool {
	first, _, _ := strings.Cut(l.name, " ")
	return strings.Contains(strings.ToLower(r.Key+" "+r.Service.Name), first)
}

// usedForMuchElse is the first ports of listeners where many other programs
// listen too.
var usedForMuchElse = map[uint16]bool{
	4567:  true, // galera
	6000:  true, // x11
	6081:  true, // geneve; over TCP it is Varnish
	7000:  true, // cassandra
	7473:  true, // neo4j
	8086:  true, // influxdb
	8091:  true, // couchbase
	8123:  true, // clickhouse
	8500:  true, // consul
	8529:  true, // arangodb
	8983:  true, // solr
	9090:  true, // prometheus
	9091:  true, // pushgateway
	9092:  true, // kafka
	9093:  true, // alertmanager
	9100:  true, // node-exporter
	50000: true, // db2
}

// administration is where a machine, or what runs on it, is controlled. Names
// and ports are IANA's where it has them, else the default of the project that
// is named in the entry.
var administration = []listener{
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

// databases is where data is read and written, by clients or by other members
// of a cluster, on the default ports of the projects named.
var databases = []listener{
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

// internal is what the servers of a site need of each other: file sharing and
// storage, queues, monitoring, name services and what manages a cluster.
var internal = []listener{
	{"sunrpc", rule.TCP, 111, 111},
	{"sunrpc", rule.UDP, 111, 111},
	{"netbios names", rule.UDP, 137, 138},
	{"ldap", rule.TCP, 389, 389},
	{"ldap", rule.UDP, 389, 389},
	{"afp", rule.TCP, 548, 548},
	{"rsync", rule.TCP, 873, 873},
	{"nfs", rule.TCP, 2049, 2049},
	{"nfs", rule.UDP, 2049, 2049},
	{"iscsi", rule.TCP, 3260, 3260},
	{"ldap global catalog", rule.TCP, 3268, 3268},
	{"ceph monitor", rule.TCP, 3300, 3300},
	{"nats", rule.TCP, 4222, 4222},
	{"epmd", rule.TCP, 4369, 4369},
	{"salt", rule.TCP, 4505, 4506},
	{"nomad", rule.TCP, 4647, 4648},
	{"munin", rule.TCP, 4949, 4949},
	{"mdns", rule.UDP, 5353, 5353},
	{"llmnr", rule.UDP, 5355, 5355},
	{"nrpe", rule.TCP, 5666, 5666},
	{"amqp", rule.TCP, 5672, 5672},
	{"checkmk", rule.TCP, 6556, 6556},
	{"ceph monitor", rule.TCP, 6789, 6789},
	{"slurm", rule.TCP, 6817, 6819},
	{"consul", rule.TCP, 8300, 8302},
	{"consul", rule.UDP, 8301, 8302},
	{"consul dns", rule.TCP, 8600, 8600},
	{"consul dns", rule.UDP, 8600, 8600},
	{"prometheus", rule.TCP, 9090, 9090},
	{"pushgateway", rule.TCP, 9091, 9091},
	{"kafka", rule.TCP, 9092, 9092},
	{"alertmanager", rule.TCP, 9093, 9094},
	{"node-exporter", rule.TCP, 9100, 9100},
	{"mysqld-exporter", rule.TCP, 9104, 9104},
	{"postgres-exporter", rule.TCP, 9187, 9187},
	{"zabbix agent", rule.TCP, 10050, 10050},
	{"nbd", rule.TCP, 10809, 10809},
	{"rabbitmq management", rule.TCP, 15672, 15672},
	{"netdata", rule.TCP, 19999, 19999},
	{"glusterd", rule.TCP, 24007, 24008},
	{"rabbitmq nodes", rule.TCP, 25672, 25672},
	{"collectd", rule.UDP, 25826, 25826},
	{"activemq", rule.TCP, 61616, 61616},
}

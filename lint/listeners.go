package lint

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// kind is what a lint warns of where the world reaches it.
type kind struct {
	code   string
	trait  trait
	advice string
}

// kinds is what is warned of; no port is of two kinds.
var kinds = []kind{
	{"SGC001", administration, "name the networks of the administrators"},
	{"SGC002", database, "name the tiers that use the database"},
	{"SGC020", internal, "name the tiers or the networks that use it"},
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

// listener is a port, or a short range, on which something is known to listen.
type listener struct {
	name     string
	protocol rule.Protocol
	lo, hi   uint16
	traits   trait
	instead  string // what to use where everybody on the way can read it
}

// trait is what is known of a listener, one bit each.
type trait uint8

const (
	administration trait = 1 << iota // a machine, or what runs on it, is controlled there
	database                         // data is read and written, by clients or by other members of a cluster
	internal                         // servers of a site need it of each other: storage, queues, monitoring, names
	sole                             // of TCP and UDP, it is used over its own alone
	crowded                          // many other programs listen on its first port too
	upgrades                         // a client may ask for TLS on the same port

	warnedOf = administration | database | internal // where the world reaches it
)

func (l listener) is(t trait) bool { return l.traits&t != 0 }

// addTo appends the listener's name with those of its ports that are open, or the ports
// alone to the name that is there.
func (l listener) addTo(names *[]string, open rule.Span) {
	start, ports := l.name+" (", fmt.Sprint(open.Match(0))
	i := slices.IndexFunc(*names, func(name string) bool { return strings.HasPrefix(name, start) })
	if i < 0 {
		*names = append(*names, start+ports+")")
		return
	}
	has := strings.Split(strings.TrimSuffix((*names)[i][len(start):], ")"), ", ")
	add(&has, ports)
	(*names)[i] = start + strings.Join(has, ", ") + ")"
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

// near is the listeners of any protocol that have one of a rule's ports, and a few beside them.
func near(r rule.Rule) []listener {
	if !r.Protocol.HasPorts() {
		return nil
	}
	lo, hi := 0, math.MaxUint16
	if first, last, ok := r.Ports.Range(); ok {
		lo, hi = int(first), int(last)
	}
	from := func(l listener, port int) int { return cmp.Compare(int(l.lo), port) }
	first, _ := slices.BinarySearchFunc(listeners, lo-mostPorts+1, from)
	end, _ := slices.BinarySearchFunc(listeners, hi+1, from)
	return listeners[first:end]
}

// isKnown says whether a rule opens a port of what is warned of where the world reaches it.
func isKnown(r rule.Rule) bool {
	return slices.ContainsFunc(near(r), func(l listener) bool {
		_, ok := l.part(r)
		return ok && l.is(warnedOf)
	})
}

// A range of few ports is most likely there for what is known to listen on one of
// them; one that has its name may be longer. On ports above those of the system any
// program may listen.
const (
	lastSystemPort = 1023
	few            = 10
	fewNamed       = 100
)

// meant says whether who opens ports of l most likely opens them for l: because the
// rule has l's name, or because few ports are open and little else listens there.
func (l listener) meant(r liveRule, opened rule.Rule) bool {
	ports := portsIn(opened)
	if l.names(r) {
		return ports <= fewNamed
	}
	return ports <= few && !l.is(crowded)
}

// unlikely says whether little speaks for l where it is not meant: it is private, or
// among many ports one that others have too, or one of UDP above the system ports,
// where long ranges are for sound and pictures.
func (l listener) unlikely(opened rule.Rule) bool {
	return l.private() || portsIn(opened) > few && (l.is(crowded) || l.protocol == rule.UDP && l.hi > lastSystemPort)
}

// private says whether l is what servers of one site need of each other, above the
// system ports: nothing is said of it where it is not meant.
func (l listener) private() bool { return l.is(internal) && l.hi > lastSystemPort }

// names says whether a rule's name, or that of its service, has the listener's in it.
func (l listener) names(r liveRule) bool {
	return strings.Contains(strings.ToLower(r.Key+" "+r.Service.Name), l.firstWord())
}

func (l listener) firstWord() string {
	first, _, _ := strings.Cut(l.name, " ")
	return first
}

// calledLike is the listeners that a rule, or its service, is called like: they listen
// where it says, if nothing else is known to.
func calledLike(r liveRule) []listener {
	return slices.Concat(byFirstWord[strings.ToLower(r.Key)], byFirstWord[strings.ToLower(r.Service.Name)])
}

// byFirstWord is the first listener of each protocol that is warned of, by the first word of its name.
var byFirstWord = func() map[string][]listener {
	by := map[string][]listener{}
	for _, l := range listeners {
		same := func(other listener) bool { return other.protocol == l.protocol }
		if word := l.firstWord(); l.is(warnedOf) && !slices.ContainsFunc(by[word], same) {
			by[word] = append(by[word], l)
		}
	}
	return by
}()

// mostPorts is how many ports a listener has at most.
const mostPorts = 10

// listeners is in the order of their first ports. Names and ports are IANA's where it has
// them, else the default of the project that is named. SNMP, VNC and others that encrypt on
// the same port where they are told to have nothing to use instead.
var listeners = []listener{
	{"ftp", rule.TCP, 21, 21, 0, "sftp"},
	{"ssh", rule.TCP, 22, 22, administration | sole, ""},
	{"telnet", rule.TCP, 23, 23, administration | sole, "ssh"},
	{"smtp", rule.TCP, 25, 25, sole, ""},
	{"bootp", rule.UDP, 67, 68, sole, ""},
	{"tftp", rule.UDP, 69, 69, sole, "https"},
	{"pop3", rule.TCP, 110, 110, sole | upgrades, "pop3s"},
	{"sunrpc", rule.TCP, 111, 111, internal, ""},
	{"sunrpc", rule.UDP, 111, 111, internal, ""},
	{"ntp", rule.UDP, 123, 123, sole, ""},
	{"msrpc", rule.TCP, 135, 135, administration, ""},
	{"netbios names", rule.UDP, 137, 138, internal, ""},
	{"netbios", rule.TCP, 139, 139, administration, ""},
	{"imap", rule.TCP, 143, 143, sole | upgrades, "imaps"},
	{"snmp", rule.UDP, 161, 161, administration, ""},
	{"snmp", rule.UDP, 161, 162, sole, ""},
	{"bgp", rule.TCP, 179, 179, sole, ""},
	{"ptp", rule.UDP, 319, 320, sole, ""},
	{"ldap", rule.TCP, 389, 389, internal | upgrades, "ldaps"},
	{"ldap", rule.UDP, 389, 389, internal, ""},
	{"smb", rule.TCP, 445, 445, administration | sole, ""},
	{"isakmp", rule.UDP, 500, 500, sole, ""},
	{"rexec and rlogin", rule.TCP, 512, 513, administration, ""},
	{"rexec, rlogin and rsh", rule.TCP, 512, 514, 0, "ssh"},
	{"syslog", rule.UDP, 514, 514, 0, "syslog-tls"},
	{"afp", rule.TCP, 548, 548, internal, ""},
	{"submission", rule.TCP, 587, 587, sole, ""},
	{"ipmi", rule.UDP, 623, 623, administration, ""},
	{"rsync", rule.TCP, 873, 873, internal, ""},
	{"imaps", rule.TCP, 993, 993, sole, ""},
	{"pop3s", rule.TCP, 995, 995, sole, ""},
	{"ms-sql-s", rule.TCP, 1433, 1433, database, ""},
	{"ms-sql-m", rule.UDP, 1434, 1434, database, ""},
	{"oracle", rule.TCP, 1521, 1521, database, ""},
	{"l2tp", rule.UDP, 1701, 1701, sole, ""},
	{"mqtt", rule.TCP, 1883, 1883, 0, "secure-mqtt"},
	{"nfs", rule.TCP, 2049, 2049, internal, ""},
	{"nfs", rule.UDP, 2049, 2049, internal, ""},
	{"zookeeper", rule.TCP, 2181, 2181, internal, ""},
	{"docker api", rule.TCP, 2375, 2377, administration, ""},
	{"etcd", rule.TCP, 2379, 2380, administration | sole, ""},
	{"oracle tls", rule.TCP, 2484, 2484, database, ""},
	{"firebird", rule.TCP, 3050, 3050, database, ""},
	{"iscsi", rule.TCP, 3260, 3260, internal, ""},
	{"ldap global catalog", rule.TCP, 3268, 3268, internal, ""},
	{"ceph monitor", rule.TCP, 3300, 3300, internal, ""},
	{"mysql", rule.TCP, 3306, 3306, database | sole, ""},
	{"rdp", rule.TCP, 3389, 3389, administration, ""},
	{"rdp", rule.UDP, 3389, 3389, administration, ""},
	{"bfd", rule.UDP, 3784, 3785, sole, ""},
	{"nats", rule.TCP, 4222, 4222, internal, ""},
	{"epmd", rule.TCP, 4369, 4369, internal, ""},
	{"salt", rule.TCP, 4505, 4506, internal, ""},
	{"galera", rule.TCP, 4567, 4568, database | crowded, ""},
	{"galera", rule.UDP, 4567, 4567, database | crowded, ""},
	{"nomad api", rule.TCP, 4646, 4646, administration, ""},
	{"nomad", rule.TCP, 4647, 4648, internal, ""},
	{"cisco smart install", rule.TCP, 4786, 4786, administration, ""},
	{"vxlan", rule.UDP, 4789, 4789, sole, ""},
	{"munin", rule.TCP, 4949, 4949, internal, ""},
	{"mdns", rule.UDP, 5353, 5353, internal, ""},
	{"llmnr", rule.UDP, 5355, 5355, internal, ""},
	{"postgresql", rule.TCP, 5432, 5432, database | sole, ""},
	{"nrpe", rule.TCP, 5666, 5666, internal, ""},
	{"amqp", rule.TCP, 5672, 5672, internal, "amqps"},
	{"vnc", rule.TCP, 5900, 5909, administration, ""},
	{"couchdb", rule.TCP, 5984, 5984, database, ""},
	{"winrm", rule.TCP, 5985, 5986, administration, ""},
	{"x11", rule.TCP, 6000, 6009, administration | crowded, ""},
	{"geneve", rule.UDP, 6081, 6081, sole | crowded, ""},
	{"redis", rule.TCP, 6379, 6379, database | sole, ""},
	{"kubernetes api", rule.TCP, 6443, 6443, administration | sole, ""},
	{"checkmk", rule.TCP, 6556, 6556, internal, ""},
	{"ceph monitor", rule.TCP, 6789, 6789, internal, ""},
	{"slurm", rule.TCP, 6817, 6819, internal, ""},
	{"cassandra", rule.TCP, 7000, 7001, database | crowded, ""},
	{"neo4j", rule.TCP, 7473, 7474, database | crowded, ""},
	{"neo4j bolt", rule.TCP, 7687, 7687, database, ""},
	{"influxdb", rule.TCP, 8086, 8086, database | crowded, ""},
	{"couchbase", rule.TCP, 8091, 8091, database | crowded, ""},
	{"clickhouse", rule.TCP, 8123, 8123, database | crowded, ""},
	{"consul", rule.TCP, 8300, 8302, internal, ""},
	{"consul", rule.UDP, 8301, 8302, internal, ""},
	{"vxlan", rule.UDP, 8472, 8472, sole, ""},
	{"consul api", rule.TCP, 8500, 8501, administration | crowded, ""},
	{"arangodb", rule.TCP, 8529, 8529, database | crowded, ""},
	{"consul dns", rule.TCP, 8600, 8600, internal, ""},
	{"consul dns", rule.UDP, 8600, 8600, internal, ""},
	{"solr", rule.TCP, 8983, 8983, database | crowded, ""},
	{"cassandra cql", rule.TCP, 9042, 9042, database, ""},
	{"prometheus", rule.TCP, 9090, 9090, internal | crowded, ""},
	{"pushgateway", rule.TCP, 9091, 9091, internal | crowded, ""},
	{"kafka", rule.TCP, 9092, 9092, internal | crowded, ""},
	{"alertmanager", rule.TCP, 9093, 9094, internal | crowded, ""},
	{"node-exporter", rule.TCP, 9100, 9100, internal | crowded, ""},
	{"mysqld-exporter", rule.TCP, 9104, 9104, internal, ""},
	{"postgres-exporter", rule.TCP, 9187, 9187, internal, ""},
	{"elasticsearch", rule.TCP, 9200, 9200, database, ""},
	{"elasticsearch nodes", rule.TCP, 9300, 9300, database, ""},
	{"zabbix agent", rule.TCP, 10050, 10050, internal, ""},
	{"kubelet", rule.TCP, 10250, 10250, administration | sole, ""},
	{"kubelet read-only", rule.TCP, 10255, 10255, administration, ""},
	{"kube-controller-manager", rule.TCP, 10257, 10257, administration, ""},
	{"kube-scheduler", rule.TCP, 10259, 10259, administration, ""},
	{"nbd", rule.TCP, 10809, 10809, internal, ""},
	{"memcached", rule.TCP, 11211, 11211, database, ""},
	{"memcached", rule.UDP, 11211, 11211, database, ""},
	{"rabbitmq management", rule.TCP, 15672, 15672, internal, ""},
	{"redis cluster bus", rule.TCP, 16379, 16379, database, ""},
	{"libvirt", rule.TCP, 16509, 16509, administration, ""},
	{"libvirt tls", rule.TCP, 16514, 16514, administration, ""},
	{"netdata", rule.TCP, 19999, 19999, internal, ""},
	{"glusterd", rule.TCP, 24007, 24008, internal, ""},
	{"rabbitmq nodes", rule.TCP, 25672, 25672, internal, ""},
	{"collectd", rule.UDP, 25826, 25826, internal, ""},
	{"cockroachdb", rule.TCP, 26257, 26257, database, ""},
	{"redis sentinel", rule.TCP, 26379, 26379, database, ""},
	{"mongodb", rule.TCP, 27017, 27019, database | sole, ""},
	{"rethinkdb", rule.TCP, 28015, 28015, database, ""},
	{"mysqlx", rule.TCP, 33060, 33060, database, ""},
	{"db2", rule.TCP, 50000, 50000, database | crowded, ""},
	{"wireguard", rule.UDP, 51820, 51820, sole, ""},
	{"wireguard", rule.UDP, 51871, 51871, sole, ""},
	{"activemq", rule.TCP, 61616, 61616, internal, ""},
}

#!/usr/bin/env bash
# Starts a real OpenStack network API on loopback, from Debian's packages: MariaDB, Keystone and Neutron.
#
#   up.sh [--attached] [--ovn] [--costly-passwords] STATE_DIR
#   up.sh --install [--ovn]      only installs the packages
#
# Needs root and Debian 12 or newer; installs the packages that are missing. STATE_DIR must not exist or be
# empty; it holds everything: the database, configuration, logs (log/), process ids (*.pid) and clouds.yaml with the
# clouds "demo" (role member, default quota) and "admin". Ports are free ones of 127.0.0.1, the database has none.
# Nothing stays when the start fails. With --attached the cloud goes down by itself once standard input ends, that is,
# when the process that holds the other end is gone, however it died. With --ovn there is a network behind the API, of
# the databases of OVN and ovn-northd, which compiles groups and rules into flows that ovn-trace can be asked about.
# With --costly-passwords a log-in costs what it costs in clouds, a quarter of a second of computing, and not the least.
set -euo pipefail
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 PYTHONNOUSERSITE=1
here=$(dirname "$(realpath "$0")")

fail() {
	echo "up.sh: $*" >&2
	exit 1
}

attached='' install='' mechanism=logger type=local services='' hash_rounds=4
while [[ ${1-} == --* ]]; do
	case $1 in
	--attached) attached=yes ;;
	--install) install=yes ;;
	--costly-passwords) hash_rounds=12 ;;
	--ovn) mechanism=ovn type=geneve services=ovn-router ;;
	*) break ;;
	esac
	shift
done
[[ $install && $# == 0 || ! $install && $# == 1 && $1 != -* ]] ||
	fail "usage: up.sh [--attached] [--ovn] [--costly-passwords] STATE_DIR, or up.sh --install [--ovn]"

[[ -e /etc/debian_version && -x /usr/bin/apt-get ]] || fail "needs Debian: the servers come from its packages"
[[ $(id -u) == 0 ]] || fail "needs root, to install and run the servers"

if [[ ! $install ]]; then
	state=$(realpath -m "$1")
	[[ ! -e $state/devcloud ]] || fail "$state holds a cloud already; run down.sh on it first"
	[[ ! -e $state || -d $state && -z $(ls -A "$state") ]] || fail "$state is not empty"
	# A socket's path has at most 107 bytes.
	((${#state} <= 90)) || fail "$state is too long a path for the database's socket"
fi

# --- packages ---------------------------------------------------------------------------------------------------

packages=(keystone neutron-server mariadb-server python3-pymysql memcached python3-memcache python3-openstackclient curl)
[[ $mechanism == ovn ]] && packages+=(ovn-central)

installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# Debian starts a server when its package is installed, unless this file says no. These are not wanted by themselves.
install_packages() (
	policy=/usr/sbin/policy-rc.d
	if [[ ! -e $policy ]]; then
		trap 'rm -f "$policy"' EXIT
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod +x "$policy"
	fi
	export DEBIAN_FRONTEND=noninteractive
	dpkg --configure -a # what an installation that was killed has left
	apt-get update -qq
	apt-get install -y -qq --no-install-recommends "$@"
)

missing=()
for package in "${packages[@]}"; do installed "$package" || missing+=("$package"); done
if ((${#missing[@]})); then
	echo "up.sh: installing ${missing[*]}" >&2
	install_packages "${missing[@]}" </dev/null >&2
fi
[[ ! $install ]] || exit 0

# --- processes --------------------------------------------------------------------------------------------------

umask 077
mkdir -p "$state"
chmod 700 "$state"
touch "$state/devcloud"
mkdir "$state"/{log,fernet,credential,neutron,lock}

# Whatever ends this script before the cloud is up ends the cloud too.
trap 'exit 130' INT
trap 'exit 143' TERM HUP
abandon() {
	local status=$?
	echo "up.sh: the start failed; the ends of the logs:" >&2
	tail -n 15 "$state"/log/* >&2 || true
	"$here/down.sh" "$state" || true
	exit "$status"
}
trap abandon EXIT

# start NAME COMMAND...: in the background, as leader of a process group, its id in NAME.pid.
# The command line must name the state directory: down.sh recognises its processes by that.
start() {
	local name=$1
	shift
	setsid "$@" </dev/null >"$state/log/$name.out" 2>&1 &
	echo $! >"$state/$name.pid"
}

# await NAME COMMAND...: until the command succeeds, for a minute, while the process lives.
await() {
	local name=$1
	shift
	for _ in $(seq 300); do
		kill -0 "$(<"$state/$name.pid")" 2>/dev/null || fail "$name has ended"
		"$@" >/dev/null 2>&1 && return
		sleep 0.2
	done
	fail "$name does not answer"
}

# A WSGI application under uWSGI, whose plain HTTP socket closes every connection and must say so, or clients
# that keep theirs see it reset.
serve() { # serve NAME PORT OPTIONS...
	local name=$1 port=$2
	shift 2
	start "$name" uwsgi_python3 --http-socket "127.0.0.1:$port" --add-header 'Connection: close' \
		--master --no-orphans --die-on-term --processes 2 --lazy-apps --need-app --thunder-lock \
		--disable-logging --buffer-size 65535 --post-buffering 65536 --set start-time=%t --set-ph "state=$state" "$@"
}

# Below the kernel's range for outgoing connections, so that none of those takes a port before its server does.
free_ports() { # free_ports COUNT
	/usr/bin/python3 - "$1" <<-'PY'
		import random, socket, sys
		held = []
		for port in random.sample(range(20000, 32000), 500):
		    s = socket.socket()
		    try:
		        s.bind(("127.0.0.1", port))
		    except OSError:
		        continue
		    held.append(s)
		    if len(held) == int(sys.argv[1]):
		        break
		print(*(s.getsockname()[1] for s in held))
	PY
}
read -r identity_port network_port cache_port < <(free_ports 3)
identity=http://127.0.0.1:$identity_port/v3
network=http://127.0.0.1:$network_port
password=$(od -An -N 12 -t x1 /dev/urandom | tr -d ' \n')

# --- MariaDB: no port, no password, a socket that root alone can reach -------------------------------------------

mariadb-install-db --no-defaults --user=root --datadir="$state/mariadb" --skip-test-db \
	--auth-root-authentication-method=normal >"$state/log/mariadb-install.out" 2>&1
start mariadb mariadbd --no-defaults --user=root --datadir="$state/mariadb" --socket="$state/mariadb.sock" \
	--skip-networking --max-connections=512 --innodb-flush-log-at-trx-commit=0 --skip-innodb-doublewrite
await mariadb mariadb-admin --no-defaults --user=root --socket="$state/mariadb.sock" ping
# Three bytes a character, as in most clouds: what does not fit there must fail here too.
mariadb --no-defaults --user=root --socket="$state/mariadb.sock" \
	-e 'create database keystone character set utf8mb3; create database neutron character set utf8mb3'
database() { echo "mysql+pymysql://root@localhost/$1?unix_socket=$state/mariadb.sock&charset=utf8"; }

# --- memcached: the tokens that any of Neutron's processes has checked, for all of them ------------------------------

# Without it each process asks Keystone again, so that the first call to each takes up to a second more. It
# runs in the foreground; the file is what its command line names the state directory by, with the id that start writes.
start memcached memcached -u root -l 127.0.0.1 -p "$cache_port" -m 32 -P "$state/memcached.pid"
await memcached bash -c ": </dev/tcp/127.0.0.1/$cache_port"

# --- configuration ----------------------------------------------------------------------------------------------

cat >"$state/keystone.conf" <<CONF
[DEFAULT]
log_file=$state/log/keystone.log
[database]
connection=$(database keystone)
[token]
provider=fernet
expiration=36000
[fernet_tokens]
key_repository=$state/fernet
[credential]
key_repository=$state/credential
[cache]
enabled=false
[identity]
password_hash_rounds=$hash_rounds
CONF

# The logger mechanism keeps the network in the database alone, and so does OVN without a chassis, in its own: nothing of
# this machine's network is touched.
cat >"$state/neutron.conf" <<CONF
[DEFAULT]
log_file=$state/log/neutron.log
state_path=$state/neutron
bind_host=127.0.0.1
bind_port=$network_port
core_plugin=ml2
service_plugins=$services
auth_strategy=keystone
api_workers=2
rpc_workers=0
rpc_state_report_workers=0
transport_url=fake://
api_paste_config=/usr/share/neutron-common/api-paste.ini
notify_nova_on_port_status_changes=false
notify_nova_on_port_data_changes=false
[database]
connection=$(database neutron)
[oslo_concurrency]
lock_path=$state/lock
[keystone_authtoken]
www_authenticate_uri=$identity
auth_url=$identity
auth_type=password
username=neutron
password=$password
project_name=service
user_domain_id=default
project_domain_id=default
memcached_servers=127.0.0.1:$cache_port
[ml2]
type_drivers=$type
tenant_network_types=$type
mechanism_drivers=$mechanism
extension_drivers=port_security
[ml2_type_geneve]
vni_ranges=1:65535
max_header_size=38
[ovn]
ovn_nb_connection=unix:$state/ovn/nb.sock
ovn_sb_connection=unix:$state/ovn/sb.sock
ovn_metadata_enabled=false
CONF

cloud() { # cloud NAME: a cloud whose user and project have its name
	cat <<CONF
  $1:
    region_name: RegionOne
    identity_api_version: 3
    auth:
      auth_url: $identity
      username: $1
      password: $password
      project_name: $1
      user_domain_id: default
      project_domain_id: default
CONF
}
{
	echo clouds:
	cloud demo
	cloud admin
} >"$state/clouds.yaml"

# --- OVN: two databases and the compiler between them --------------------------------------------------------------

# ovn_database NAME: "nb" is what Neutron wants, "sb" the flows that come of it.
ovn_database() {
	local name=$1
	ovsdb-tool create "$state/ovn/$name.db" "/usr/share/ovn/ovn-$name.ovsschema"
	start "ovn-$name" ovsdb-server --remote="punix:$state/ovn/$name.sock" --unixctl="$state/ovn/$name.ctl" \
		--no-chdir "$state/ovn/$name.db"
	await "ovn-$name" "ovn-${name}ctl" --no-leader-only --timeout=5 --db="unix:$state/ovn/$name.sock" init
}
if [[ $mechanism == ovn ]]; then
	mkdir "$state/ovn"
	export OVS_RUNDIR=$state/ovn OVN_RUNDIR=$state/ovn
	ovn_database nb
	ovn_database sb
	start ovn-northd ovn-northd --ovnnb-db="unix:$state/ovn/nb.sock" --ovnsb-db="unix:$state/ovn/sb.sock" \
		--unixctl="$state/ovn/northd.ctl" --no-chdir
	await ovn-northd ovn-nbctl --timeout=5 --db="unix:$state/ovn/nb.sock" --wait=sb sync
fi

# --- Keystone, while Neutron's tables are made ---------------------------------------------------------------------

start tables neutron-db-manage --config-file "$state/neutron.conf" upgrade head

manage() { keystone-manage --config-file "$state/keystone.conf" "$@" >>"$state/log/keystone-manage.out" 2>&1; }
manage db_sync
manage fernet_setup --keystone-user root --keystone-group root
manage credential_setup --keystone-user root --keystone-group root
OS_BOOTSTRAP_PASSWORD=$password manage bootstrap --bootstrap-region-id RegionOne \
	--bootstrap-admin-url "$identity" --bootstrap-internal-url "$identity" --bootstrap-public-url "$identity"
# Up to release 2025.1 the packages bring WSGI scripts, later ones modules alone.
if [[ -e /usr/bin/keystone-wsgi-public ]]; then
	serve keystone "$identity_port" --wsgi-file /usr/bin/keystone-wsgi-public --pyargv "--config-file $state/keystone.conf"
else
	OS_KEYSTONE_CONFIG_FILES=$state/keystone.conf serve keystone "$identity_port" --module keystone.wsgi.api:application
fi
await keystone curl -sf "$identity"
OS_CLIENT_CONFIG_FILE=$state/clouds.yaml PASSWORD=$password /usr/bin/python3 "$here/accounts.py" "$network" \
	>"$state/log/accounts.out" 2>&1

# --- Neutron ----------------------------------------------------------------------------------------------------

wait "$(<"$state/tables.pid")" || fail "neutron-db-manage failed"
if [[ -e /usr/bin/neutron-server ]]; then
	start neutron neutron-server --config-file "$state/neutron.conf"
else
	OS_NEUTRON_CONFIG_FILES=$state/neutron.conf serve neutron "$network_port" --module neutron.wsgi.api:application
fi
await neutron curl -sf "$network/"

# --- done -------------------------------------------------------------------------------------------------------

if [[ $attached ]]; then
	# shellcheck disable=SC2016 # for the inner shell
	setsid bash -c 'cat >/dev/null; exec "$0" "$1"' "$here/down.sh" "$state" <&0 >/dev/null 2>&1 &
	echo $! >"$state/watch.pid"
fi
trap - EXIT
echo "export OS_CLIENT_CONFIG_FILE=$state/clouds.yaml OS_CLOUD=demo"

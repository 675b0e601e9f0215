#!/bin/sh
# Security groups of the policy hostile. Written by sgc; change the policy, not this file.
#
# Creates the groups and rules below with the openstack client (6.0 or later) in
# the project that OS_CLOUD or the other OS_ variables name, and can be run again
# at any time: what is there stays, what is missing is created unless its last day
# is past, and what a killed run has left undone is done. A group is this policy's when its description ends
# in its mark, [sgc:POLICY/TIER], and it is complete once it has the tags sgc:policy
# and sgc:tier, which are set last. Until then rules which the policy does not have
# are removed from it: those that every group is born with. One that lies inside of
# what the policy lets others open stays.
#
# It stops with exit code 1, before it changes anything, where two groups have a
# tier's name, where a group of that name lacks the mark, and where a group or an
# address group that the policy refers to is missing or ambiguous. It stops at a
# group that is stateful where the policy wants it stateless, or the reverse, and
# at the first command that fails. Of two runs at once, each removes the group that it has
# made where the other has made the same one, and stops; run it again then.
#
# It waits for as long as openstack does. Ctrl-C ends both, and so does the timeout
# command of GNU coreutils: timeout 10m sh FILE.
#
# It does not change or remove what is in a complete group: rules added by hand
# or gone from the policy, descriptions, tags.
#
# Each thing that it creates or removes is a line on standard error; standard
# output has one line for each policy.
#
# shellcheck disable=SC2016 # what looks like an expansion in single quotes is text

set -u

# The policy hostile.
policy_1() {
open_policy

# what is there; nothing is changed until all of it is in order
find_group '"-it'"'"'s \"odd\" $(id)\n"' '[sgc:hostile/-odd]"' '"sgc:policy=hostile"' '"sgc:tier=-odd"'
tier__odd=$id state_tier__odd=$state
find_group '"--version"' '[sgc:hostile/empty]"' '"sgc:policy=hostile"' '"sgc:tier=empty"'
tier_empty=$id state_tier_empty=$state
# policy.cue:50:2 legacy
find_other "$groups" 'security group' 3 '"legacy \"1\""'
group_legacy=$id

# groups that are missing
[ "$tier__odd" ] || {
	create_group '"-it'"'"'s \"odd\" $(id)\n"' --stateless '--description=a `b`
$c \ '"'"'d'"'"' "e" ü [sgc:hostile/-odd]' -- '-it'"'"'s "odd" $(id)
'
	tier__odd=$id
}
[ "$tier_empty" ] || {
	create_group '"--version"' --stateful '--description=[sgc:hostile/empty]' -- --version
	tier_empty=$id
}
check_created

# --- tier -odd ----------------------------------------------------------------
# a\nb.cue:2:2
open_group '"-it'"'"'s \"odd\" $(id)\n"' "$tier__odd" "$state_tier__odd" false
# policy.cue:3:3 tiers.odd.ingress.ping
rule --ingress --ethertype=IPv4 --protocol=icmp --icmp-type=0 --icmp-code=0 --remote-ip=0.0.0.0/0 '--description=it'"'"'s "quoted" \ and $HOME'
# policy.cue:4:3 tiers.odd.ingress.ping
rule --ingress --ethertype=IPv4 --protocol=icmp --icmp-type=3 --icmp-code=4 --remote-ip=0.0.0.0/0 '--description=`id`; $(id) | cat > /tmp/x & # !'
# policy.cue:9:3 tiers.odd.ingress.dns
rule --ingress --ethertype=IPv6 --protocol=tcp --dst-port=53 --remote-ip=::102:300/120 '--description=\n'"'"'"'"'"'"'"'"'; %s {1} ~ *'
# policy.cue:6:3 tiers.odd.ingress.ssh
rule --ingress --ethertype=IPv4 --protocol=tcp --dst-port=2222 --remote-group="$tier__odd" --description=--os-cloud=other
# policy.cue:12:3 tiers.odd.ingress.web
# more.cue:4:5 tiers.odd.ingress.alt
rule --ingress --ethertype=IPv4 --protocol=tcp --dst-port=8000:8101 --remote-ip=0.0.0.0/0 '--description=the other web (owner web@example.org, ticket NET-17, until 2031-02-28); web'
# policy.cue:7:3 tiers.odd.ingress.vpn
rule --ingress --ethertype=IPv4 --protocol=esp --remote-ip=0.0.0.0/0 '--description=Grüße  an  alle '"$(printf '\011')"' '
# policy.cue:5:3 tiers.odd.ingress.ping
rule --ingress --ethertype=IPv6 --protocol=ipv6-icmp --icmp-type=129 --remote-ip=::/0 '--description=two
lines
!touch /tmp/x
'
# policy.cue:10:3 tiers.odd.ingress.all
rule --ingress --ethertype=IPv6 --protocol=sctp --remote-ip=::/0 --description=all
# policy.cue:8:3 tiers.odd.ingress.new
rule --ingress --ethertype=IPv4 --protocol=253 --remote-ip=0.0.0.0/0 '--description=one; two  three (owner x, [y])'
# policy.cue:11:3 tiers.odd.egress.legacy
rule --egress --ethertype=IPv4 --protocol=tcp --dst-port=8443 --remote-group="$group_legacy" --description=legacy
close_group '"sgc:policy=hostile"' '"sgc:tier=-odd"' '--tag=a b' '--tag=it'"'"'s' --tag=sgc:policy=hostile --tag=sgc:tier=-odd

# --- tier empty ---------------------------------------------------------------
# policy.cue:40:2
open_group '"--version"' "$tier_empty" "$state_tier_empty" true
close_group '"sgc:policy=hostile"' '"sgc:tier=empty"' --tag=sgc:policy=hostile --tag=sgc:tier=empty

close_policy hostile 2
}

# --- one command of openstack -------------------------------------------------
# Starting openstack takes a second or more, a request a few hundredths of one.
# So one openstack process, the session, reads the commands from a pipe, and each
# is answered before the next is sent: whenever this script is killed, at most the
# command under way is still carried out. The session's parser cannot be trusted
# with every text; a command with a word beyond letters, digits and $plain or
# $tame gets an openstack process of its own, and so does every command where no
# session can be had. In both ways the outcome is judged by what comes back and
# by reading the group again, never by the exit code, which openstack 6.0 leaves
# at 0 in a session.

nl='
'
alnum=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789
plain=$alnum'_.,:/@%+=-' # words that a session takes as they are
tame=$alnum' ();#[_.,:/@%+=-' # words that it takes in quotes; with ] in front

# Protocols by number. Neutron keeps a number where a rule was made with one.
protocols='1 icmp 2 igmp 4 ipip 6 tcp 8 egp 17 udp 33 dccp 41 ipv6-encap 43 ipv6-route 44 ipv6-frag 46 rsvp 47 gre'
protocols=$protocols' 50 esp 51 ah 58 ipv6-icmp 59 ipv6-nonxt 60 ipv6-opts 89 ospf 112 vrrp 113 pgm 132 sctp 136 udplite'

fail() {
	printf 'sgc: %s\n' "$*" >&2
	exit 1
}

said() { printf 'sgc: %s\n' "$*" >&2; }

# trouble WHAT: stops with what openstack said about it.
trouble() {
	fail "$1: $(printf '%s' "$complaint" | tr '\n' ' ' | tr -d '[:cntrl:]')"
}

# end_session ends a session that does not answer, too.
end_session() {
	quote=none
	exec 3>&- 4<&-
	kill "$session" 2>/dev/null
	wait
}

finish() {
	[ "$quote" = none ] || end_session
	rm -rf "$dir"
}

# ask LINE: hands the session a line and reads what it prints, up to the echo of
# its own shell, into $reply. Fails when the session is gone.
ask() {
	asked=$((asked + 1))
	printf '%s\n!echo sgc-answered-%s\n' "$1" "$asked" 2>/dev/null >&3
	reply=$(sed "/^sgc-answered-$asked\$/q" <&4)
	case $reply in
	*"sgc-answered-$asked") reply=${reply%"sgc-answered-$asked"} reply=${reply%"$nl"} ;;
	*) return 1 ;;
	esac
}

# open_session starts a session, where there can be one.
open_session() {
	mkfifo "$dir/in" "$dir/out" || return 0
	SHELL=/bin/sh PYTHONUNBUFFERED=1 openstack <"$dir/in" >"$dir/out" 2>&5 5>&- 6<&- &
	session=$! quote=unknown
	exec 3>"$dir/in" 4<"$dir/out"
}

# probe_session finds out by trying how often the session's parser takes quotes
# off, and that answers arrive at once; without both there is no session.
probe_session() {
	[ "$quote" = unknown ] || return 0
	if ask "token issue -f shell --prefix \"'sgc probe '\" -c project_id"; then
		case $reply in
		'sgc probe project_id='*) quote=twice ;;
		"'sgc probe 'project_id="*) quote=once ;;
		esac
	fi
	[ "$quote" != unknown ] || end_session
	cat <&6 >/dev/null # what ended a session, the next command is told again
}

# line_of WORD...: the command as a line for the session, in $line; fails when
# a word cannot be carried.
line_of() {
	line=
	for word; do
		case $word in
		'' | *[!]$tame]*) return 1 ;;
		*[!$plain]*)
			case $quote in
			once) line="$line \"$word\"" ;;
			twice) line="$line \"'$word'\"" ;;
			*) return 1 ;;
			esac
			;;
		*) line="$line $word" ;;
		esac
	done
	line=${line# }
}

# run WORD...: one openstack command, its output in $reply, what it complains of
# in $complaint.
run() {
	if [ "$quote" != none ] && line_of "$@"; then
		ask "$line" || gone=1
	else
		reply=$(openstack "$@" </dev/null 2>&5 3>&- 4<&- 5>&- 6<&-) || :
	fi
	complaint=$(cat <&6)
	[ -z "$gone" ] || trouble 'the openstack process went away, run this script again'
}

# an_id TEXT: whether it is a UUID, and nothing else.
an_id() {
	case $1 in
	*[!0123456789abcdef-]*) return 1 ;;
	????????-????-????-????-????????????) return 0 ;;
	*) return 1 ;;
	esac
}

# --- what is there ------------------------------------------------------------
# openstack's JSON has a line for each value, and its strings have neither
# newlines nor tabs, so tables can be made of it; strings stay in JSON's spelling,
# quotes included, and are compared in it.

# list KIND: in $table a line for each group: id, project, name, description, tags.
list() {
	run "$@" list -f json
	case $reply in
	'['*) ;;
	*) trouble "cannot list what there is of: $*" ;;
	esac
	table=$(printf '%s\n' "$reply" | awk '
		function value() { v = $0; sub(/^ *"[A-Za-z_ ]*": /, "", v); sub(/,$/, "", v); return v }
		function bare(v) { gsub(/^"|"$/, "", v); return v }
		/^  [{]/ { id = project = name = text = tags = ""; listing = 0 }
		/^    "ID": / { id = bare(value()) }
		/^    "Project": / { project = bare(value()) }
		/^    "Name": / { name = value() }
		/^    "Description": / { text = value() }
		/^    "[^"]*": / { listing = /^    "Tags": / }
		/^      "/ && listing { v = $0; sub(/^ */, "", v); sub(/,$/, "", v); tags = tags "\t" v }
		/^  [}]/ { print id "\t" project "\t" name "\t" text tags }')
}

# pick TABLE FIELD VALUE: the ids in a table of list's, of this project where
# they are looked up by name, one a line in $found.
pick() {
	found=$(printf '%s\n' "$1" | value=$3 project=$project awk -F '\t' -v field="$2" '
		$field "" == ENVIRON["value"] "" && (field == 1 || $2 "" == ENVIRON["project"] "") { print $1 }')
}

# one NAME: $found must be at most one id.
one() {
	case $found in
	*"$nl"*) fail "$1: the project has several of this name:$(printf '%s\n' "$found" | awk '{ printf " %s", $0 }')" ;;
	esac
	[ -z "$found" ] || an_id "$found" || fail "$1: openstack says that its id is $found, which is none"
}

# find_group NAME MARK TAG TAG: the group's $id, or none, and in $state whether
# it is missing, unfinished or complete.
find_group() {
	pick "$groups" 3 "$1"
	one "security group $1"
	id=$found state=missing
	[ "$id" ] || return 0
	state=$(printf '%s\n' "$groups" | id=$id mark=$2 one=$3 two=$4 awk -F '\t' '
		$1 "" == ENVIRON["id"] "" {
			m = ENVIRON["mark"]
			if (substr($4, length($4) - length(m) + 1) != m) { print "foreign"; exit }
			for (i = 5; i <= NF; i++) { if ($i == ENVIRON["one"]) a = 1; if ($i == ENVIRON["two"]) b = 1 }
			print a && b ? "complete" : "unfinished"
		}')
	[ "$state" != foreign ] ||
		fail "security group $1 ($id) is not this policy's: its description does not end in ${2%?}; rename one of the two"
}

# find_other TABLE KIND FIELD VALUE: the $id of something that must be there and
# is not the policy's.
find_other() {
	pick "$1" "$3" "$4"
	[ "$found" ] || fail "$2 $4 does not exist in the project; things of other projects are named by id"
	one "$2 $4"
	id=$found
	case $others in
	*" $id "*) fail "$2 $4 ($id) is named twice by the policy" ;;
	esac
	others="$others$id "
}

# --- groups and their rules ---------------------------------------------------

# create_group NAME ARGUMENT...: a new group's $id.
create_group() {
	name=$1
	shift
	run security group create -f value -c id "$@"
	an_id "$reply" || trouble "cannot create security group $name"
	id=$reply created="$created$id $name$nl"
	said "group $name: created ($id)"
	groups_created=$((groups_created + 1))
}

# check_created makes way for another run that created a group of the same name
# in the meantime: neither of the two has rules yet.
check_created() {
	[ "$created" ] || return 0
	list security group
	groups=$table
	clash=
	while read -r id name; do
		[ "$id" ] || continue
		pick "$groups" 3 "$name"
		[ "$found" = "$id" ] && continue
		run security group delete "$id"
		clash="$clash $name"
	done <<-EOF
		$created
	EOF
	[ -z "$clash" ] || fail "created by someone else at the same time:$clash; run this script again"
	created=
}

# read_group: the group's $stateful and its $rules, a line each: id, direction,
# ethertype, protocol, ports or type and code, remote.
read_group() {
	run security group show "$group" -f json
	case $reply in
	'{'*) ;;
	*) trouble "cannot read security group $name" ;;
	esac
	shown=$(printf '%s\n' "$reply" | awk -v protocols="$protocols" '
		function value() { v = $0; sub(/^ *"[a-z_]*": /, "", v); sub(/,$/, "", v); gsub(/^"|"$/, "", v); return v }
		function number(v) { return v == "null" ? "-" : v }
		BEGIN { for (n = split(protocols, p, " "); n > 0; n -= 2) named[p[n - 1]] = p[n] }
		/^  "[a-z_]*": / { inside = /^  "rules": / ? "rules" : /^  "tags": / ? "tags" : "" }
		/^  "stateful": / { print "stateful " value() }
		/^    "/ && inside == "tags" { v = $0; sub(/^ */, "", v); sub(/,$/, "", v); print "tag " v }
		inside != "rules" { next }
		/^    [{]/ { split("", r) }
		/^      "[a-z_]*": / { k = $1; gsub(/[":]/, "", k); r[k] = value() }
		/^    [}]/ {
			if (r["id"] !~ /^[0-9a-f-]*$/ || length(r["id"]) != 36) print "odd"
			protocol = r["protocol"]
			if (protocol == "null") protocol = "any"
			if (protocol in named) protocol = named[protocol]
			remote = r["remote_group_id"]
			if (remote == "null" || remote == "") remote = r["remote_address_group_id"]
			if (remote == "null" || remote == "") remote = r["remote_ip_prefix"]
			if (remote == "null" || remote == "0.0.0.0/0" || remote == "::/0") remote = "any"
			print "rule " r["id"], r["direction"], r["ethertype"] r["ether_type"], protocol,
				number(r["port_range_min"]), number(r["port_range_max"]), remote
		}')
	case $nl$shown$nl in
	*"${nl}odd$nl"*) trouble "security group $name has a rule whose id is none" ;;
	esac
	stateful=$(printf '%s\n' "$shown" | sed -n 's/^stateful //p')
	tags=$(printf '%s\n' "$shown" | sed -n 's/^tag //p')
	rules=$nl$(printf '%s\n' "$shown" | sed -n 's/^rule //p')$nl
}

# open_group NAME ID STATE STATEFUL: the group that the rules after it are of.
open_group() {
	name=$1 group=$2 state=$3 want=$nl kept=' ' may='' changed=0
	read_group
	[ "$stateful" = "$4" ] || { [ "$stateful" = null ] && [ "$4" = true ]; } ||
		fail "security group $name ($group): stateful is $stateful in the cloud and $4 in the policy"
}

# key_of ARGUMENT...: in $key a rule as read_group has it.
key_of() {
	low=- high=-
	for word; do
		value=${word#*=}
		case $word in
		--ingress | --egress) direction=${word#--} ;;
		--ethertype=*) ethertype=$value ;;
		--protocol=*) protocol=$value ;;
		--dst-port=*) low=${value%:*} high=${value#*:} ;;
		--icmp-type=*) low=$value ;;
		--icmp-code=*) high=$value ;;
		--remote-ip=0.0.0.0/0 | --remote-ip=::/0) remote=any ;;
		--remote-*) remote=$value ;;
		esac
	done
	key="$direction $ethertype $protocol $low $high $remote"
}

# rule ARGUMENT...: a rule of the open group, created unless it is there. A rule
# that the server calls a duplicate is there, whatever its spelling.
rule() {
	key_of "$@"
	want="$want$key$nl"
	rules_wanted=$((rules_wanted + 1))
	case $rules in
	*" $key$nl"*) return 0 ;;
	esac
	run security group rule create -f value -c id "$@" "$group"
	if an_id "$reply"; then
		said "group $name: rule $key: created"
		rules_created=$((rules_created + 1)) changed=1 kept="$kept$reply "
		return 0
	fi
	there=$(printf '%s\n' "$complaint" | sed -n 's/.*already exists.*Rule id is \([0-9a-f-]*\).*/\1/p' | sed 1q)
	an_id "$there" || trouble "group $name: cannot create rule $key"
	kept="$kept$there "
}

# until_day DAY: whether it is that day, by UTC, or one before.
until_day() { [ "$(date -u +%Y%m%d)" -le "$(printf '%s' "$1" | tr -d -)" ]; }

# rule_until DAY ARGUMENT...: a rule that the policy has up to that day.
rule_until() {
	last=$1
	shift
	if until_day "$last"; then
		rule "$@"
	else
		said "group $name: a rule whose last day was $last: left out"
	fi
}

# others_may ARGUMENT...: what others may open in the open group.
others_may() {
	key_of "$@"
	may="$may$key$nl"
}

# others_may_until DAY ARGUMENT...: what they may open up to that day.
others_may_until() {
	last=$1
	shift
	! until_day "$last" || others_may "$@"
}

# left_to_others KEY: whether a rule lies inside one of those that others may open.
left_to_others() {
	printf '%s' "$may" | key=$1 awk '
		function digits(part, p, n, i, all) {
			n = split(part, p, ":")
			for (i = 1; i <= n; i++) all = all substr("0000" p[i], length(p[i]) + 1)
			return all
		}
		function hex(a, p, i, front, back) {
			if (split(a, p, ".") == 4) return a ~ /:/ ? "" : sprintf("%02x%02x%02x%02x", p[1], p[2], p[3], p[4])
			if (!(i = index(a, "::"))) return digits(a)
			front = digits(substr(a, 1, i - 1))
			back = digits(substr(a, i + 2))
			return front substr("00000000000000000000000000000000", length(front back) + 1) back
		}
		function nibble(a, n, bits) { return int((index("0123456789abcdef", substr(a, n, 1)) - 1) / 2 ^ (4 - bits)) }
		function inside(prefix, whole, a, b, x, y, n) {
			if (split(prefix, a, "/") != 2 || split(whole, b, "/") != 2 || a[2] + 0 < b[2] + 0) return 0
			x = hex(tolower(a[1]))
			y = hex(tolower(b[1]))
			n = int(b[2] / 4)
			return x != "" && y != "" && substr(x, 1, n) == substr(y, 1, n) && nibble(x, n + 1, b[2] % 4) == nibble(y, n + 1, b[2] % 4)
		}
		function covers(low, high) {
			if (low == "-") return 1
			if ($3 ~ /icmp/) return low == r[4] && (high == "-" || high == r[5])
			return r[4] != "-" && r[5] != "-" && low + 0 <= r[4] + 0 && r[5] + 0 <= high + 0
		}
		BEGIN { split(ENVIRON["key"], r, " ") }
		$1 == r[1] && $2 == r[2] && ($3 == "any" || $3 == r[3]) && covers($4, $5) && ($6 == "any" || $6 == r[6] || inside(r[6], $6)) { found = 1 }
		END { exit !found }'
}

# surplus: the ids of the rules read last which the policy does not have, nor others may
# have opened.
surplus() {
	while read -r id key; do
		case $kept in
		*" $id "*) continue ;;
		esac
		case $want in
		*"$nl$key$nl"*) continue ;;
		esac
		[ -z "$may" ] || [ -z "$id" ] || ! left_to_others "$key" || continue
		[ -z "$id" ] || printf '%s\n' "$id"
	done <<-EOF
		$rules
	EOF
}

# check_rules stops unless what was wanted is there.
check_rules() {
	for id in $kept; do
		case $rules in
		*"$nl$id "*) ;;
		*) fail "group $name: rule $id has gone again, run this script again" ;;
		esac
	done
}

# close_group TAG TAG ARGUMENT...: completes a group that is not: its surplus
# rules go, which are those that it was born with, and the tags that say so, TAG
# and TAG as JSON has them, come last.
close_group() {
	[ "$state" != complete ] || [ "$changed" = 1 ] || return 0
	if [ "$state" != complete ]; then
		for id in $(surplus); do
			run security group rule delete "$id"
			said "group $name: rule $id, not in the policy: removed"
			rules_removed=$((rules_removed + 1))
		done
	fi
	read_group
	check_rules
	[ "$state" != complete ] || return 0
	left=$(surplus)
	[ -z "$left" ] || fail "group $name: a rule that is not in the policy is there still ($left), run this script again"
	one=$1 two=$2
	shift 2
	run security group set "$@" "$group"
	read_group
	case $nl$tags$nl in
	*"$nl$one$nl"*) ;;
	*) trouble "cannot tag security group $name" ;;
	esac
	case $nl$tags$nl in
	*"$nl$two$nl"*) ;;
	*) trouble "cannot tag security group $name" ;;
	esac
	said "group $name: complete"
}

# open_policy reads what is there.
open_policy() {
	created='' others=' ' groups_created=0 rules_wanted=0 rules_created=0 rules_removed=0
	list security group
	groups=$table
}

# close_policy NAME GROUPS: the policy's line on standard output.
close_policy() {
	printf '%s: groups: %s (%s created); rules: %s (%s created, %s removed)\n' \
		"$1" "$2" "$groups_created" "$rules_wanted" "$rules_created" "$rules_removed"
}

# --- begin --------------------------------------------------------------------

command -v openstack >/dev/null || { echo 'sgc: openstack is not installed' >&2; exit 1; }
dir=$(mktemp -d "${TMPDIR:-/tmp}/sgc.XXXXXX") || exit 1
quote=none asked=0 gone=
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
trap '' PIPE # a session that went away is noticed by its silence
# Complaints go to a file. All files are gone before the first thing is changed, so
# that a script which is killed leaves none.
exec 5>>"$dir/err"
exec 6<"$dir/err"
open_session
rm -rf "$dir"
probe_session
run token issue -f value -c project_id
project=$reply
[ "$project" ] || trouble 'openstack does not say which project this is'
policy_1

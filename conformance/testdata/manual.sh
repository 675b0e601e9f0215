#!/usr/bin/env bash
# The three-tier policy by hand, with one openstack command a step, as a provider's
# manual teaches it: what an exported script is measured against.
set -euo pipefail

for group in internet-access db app; do
	openstack security group create "$group"
done

born=()
for group in db app; do
	mapfile -t -O "${#born[@]}" born < <(openstack security group rule list -f value -c ID "$group")
done
openstack security group rule delete "${born[@]}"

rule() { # rule GROUP FAMILY PROTOCOL PORT REMOTE...
	openstack security group rule create "$1" --ingress --ethertype "$2" --protocol "$3" --dst-port "$4" \
		--description "$3/$4 ($2)" "${@:5}"
}

for port in 80 443; do
	rule app ipv4 tcp $port
	rule app ipv6 tcp $port
done
rule app ipv6 tcp 22 --remote-ip 2001:db8::a66:ad/128
rule app ipv4 tcp 22 --remote-ip 2.3.4.5/32

for protocol in tcp udp; do
	rule db ipv4 $protocol 5432 --remote-group app
	rule db ipv6 $protocol 5432 --remote-group app
done
rule db ipv6 tcp 22 --remote-ip 2001:db8::db:ad/128
rule db ipv4 tcp 22 --remote-ip 1.2.3.4/32

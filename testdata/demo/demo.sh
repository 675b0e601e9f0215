#!/bin/sh
# demo.sh applies the three-tier policy to a cloud, changes the policy and applies it
# again. It needs sgc, is run where the folder policies is (make demo), and keeps to a
# folder and a cloud of its own, both gone at its end.
set -eu

if [ "${1-}" != inside ]; then
	folder=$(mktemp -d)
	trap 'rm -rf "$folder"' EXIT
	trap 'exit 1' HUP INT TERM
	cp policies/three-tier/policy.cue "$folder/policy.cue"
	# The administrators move, and http goes.
	sed -e 's/"2\.3\.4\.5"/"2.3.4.0\/28"/' -e '/^		http: from/d' "$folder/policy.cue" >"$folder/changed.cue"
	here=$(cd "$(dirname "$0")" && pwd)
	cd "$folder"
	sgc sandbox -- sh "$here/demo.sh" inside
	exit
fi

say() { printf '\n# %s\n' "$*"; }
run() {
	printf '$ %s\n' "$*"
	"$@" 2>&1
}

say 'a cloud without groups: what would the policy do to it?'
run sgc plan policy.cue
say 'do it'
run sgc apply --yes --snapshots=saved policy.cue
say 'the groups as the cloud has them now'
run sgc plan --all policy.cue
say 'another policy: the administrators have a network, and http goes'
run sgc diff policy.cue changed.cue
run sgc plan changed.cue
run sgc apply --yes --snapshots=saved changed.cue
say 'and again: nothing'
run sgc plan --detailed-exitcode changed.cue

#!/bin/sh
# demo.sh asks the three-tier policy, applies it to a cloud, and changes it, first carelessly.
# It needs sgc, is run where the folder policies is (make demo), and keeps to a folder and a
# cloud of its own, both gone at its end.
set -eu

if [ "${1-}" != inside ]; then
	folder=$(mktemp -d)
	trap 'rm -rf "$folder"' EXIT
	trap 'exit 1' HUP INT TERM
	sed '/^	*\/\//d' policies/three-tier/policy.cue >"$folder/policy.cue" # its comments apart
	sed 's/ssh: from: \["admins"\]/ssh: from: ["public"]/' "$folder/policy.cue" >"$folder/careless.cue"
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

say 'a policy'
run cat policy.cue
say 'what does it open?'
run sgc can --from app --to db postgresql -p policy.cue
run sgc graph policy.cue
say 'into a cloud without groups'
run sgc apply --yes --snapshots=saved policy.cue
say 'a careless change: everybody gets a shell; what must stay true forbids it'
run sgc diff policy.cue careless.cue
run sgc apply --yes --snapshots=saved careless.cue || echo "exit code $?"
say 'a better one: the administrators have a network, and http goes'
run sgc apply --yes --snapshots=saved changed.cue
say 'and again: nothing'
run sgc plan --detailed-exitcode changed.cue

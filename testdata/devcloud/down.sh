#!/usr/bin/env bash
# Stops the cloud that up.sh started in STATE_DIR, and removes the directory.
#
#   down.sh STATE_DIR
set -uo pipefail

fail() {
	echo "down.sh: $*" >&2
	exit 1
}

[[ $# == 1 && $1 != -* ]] || fail "usage: down.sh STATE_DIR"
state=$(realpath -m "$1")
[[ -e $state ]] || exit 0
[[ -e $state/devcloud ]] || fail "$state is no directory of up.sh"

# Each process leads a group, with its workers. A process that took the id of one that is long gone does not name
# the state directory on its command line, nor is it this script, which up.sh --attached turns its watcher into.
groups=()
for file in "$state"/*.pid; do
	pid=$(cat "$file" 2>/dev/null) || continue
	[[ $pid != "$$" ]] && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$state" && groups+=("$pid")
done

# stop SIGNAL SECONDS: signals every group, and waits; those that remain stay in groups.
stop() {
	local pid left
	for pid in "${groups[@]}"; do kill -s "$1" -- "-$pid" 2>/dev/null; done
	for _ in $(seq $(($2 * 10))); do
		left=()
		for pid in "${groups[@]}"; do kill -0 -- "-$pid" 2>/dev/null && left+=("$pid"); done
		groups=("${left[@]}")
		((${#groups[@]})) || return
		sleep 0.1
	done
}
stop TERM 10
stop KILL 5
((${#groups[@]} == 0)) || fail "still running: ${groups[*]}; $state is kept"
rm -rf "$state"

#!/usr/bin/env bash
# Runs a command in a Debian release: this machine's own where it is that one, else one that debootstrap puts into a
# folder on first use, and that stays there for the next time.
#
#   release.sh RELEASE COMMAND [ARGUMENT]...
#
# Needs root. Processes, network, devices, the temporary folder and this script's folder are the machine's own, in the
# same places, and COMMAND is looked up in the last of them too: "release.sh trixie up.sh DIR" starts a cloud whose
# clouds.yaml and sockets can be used from here, and that down.sh ends from here. What has to be mounted for it is
# mounted for COMMAND and its children alone, and goes with the last of them, however they end.
# The folders are in /var/cache/sgc-devcloud, or in $SGC_DEVCLOUD_CACHE, and may be removed while nothing runs in them.
set -euo pipefail
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
here=$(dirname "$(realpath "$0")")

fail() {
	echo "release.sh: $*" >&2
	exit 1
}

[[ $# -gt 1 && $1 =~ ^[a-z]+$ ]] || fail "usage: release.sh RELEASE COMMAND [ARGUMENT]..."
[[ -x /usr/bin/apt-get ]] || fail "needs Debian: releases are made from its packages"
[[ $(id -u) == 0 ]] || fail "needs root, to install and run what is in the packages"
release=$1
shift

# shellcheck disable=SC1091 # it is on the machine where this runs
own=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
[[ $own != "$release" ]] || exec env PATH="$PATH:$here" "$@"

cache=$(realpath -m "${SGC_DEVCLOUD_CACHE:-/var/cache/sgc-devcloud}")
root=$cache/$release

# fill makes the release's folder anew: without .ready it is what a run that was killed has left.
fill() {
	echo "release.sh: filling $root" >&2
	rm -rf "$root"
	apt-get update -qq
	[[ -x /usr/sbin/debootstrap ]] || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap
	local mirror proxy=''
	# shellcheck disable=SC2016 # for apt
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | sed 1q)
	[[ $mirror ]] || fail "apt names no mirror of Debian"
	eval "$(apt-config shell proxy Acquire::http::Proxy)"
	# All releases of today are installed alike; the script of this name is in every debootstrap, also in one that is
	# older than the release. What debootstrap mounts ends with it.
	http_proxy=${proxy:-${http_proxy-}} unshare --mount debootstrap --variant=minbase --include=ca-certificates \
		"$release" "$root" "$mirror" /usr/share/debootstrap/scripts/sid
	# A mirror may be behind, and the index of a release in the making is valid for a week.
	printf 'Acquire::Check-Valid-Until "false";\n%s\n' "${proxy:+Acquire::http::Proxy \"$proxy\";}" >"$root/etc/apt/apt.conf.d/90devcloud"
	touch "$root/.ready"
}

mkdir -p "$cache"
exec 9>"$cache/$release.lock"
flock 9
[[ -e $root/.ready ]] || fill >&2
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
exec 9>&-

# shellcheck disable=SC2016 # for the inner shell
exec unshare --mount bash -euc '
	root=$1
	mount --rbind /dev "$root/dev"
	mount -t proc proc "$root/proc"
	for folder in "$2" "$3"; do
		mkdir -p "$root$folder"
		mount --bind "$folder" "$root$folder"
	done
	export PATH=$PATH:$3
	shift 3
	exec chroot "$root" "$@"
' bash "$root" "$(realpath "${TMPDIR:-/tmp}")" "$here" "$@"

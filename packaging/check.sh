#!/usr/bin/env bash
# Makes a release and looks at it: every target builds, what is made for linux/amd64 once more, in another place and
# compiled anew, is the same, and the .deb can be installed, run and removed in a Debian that has nothing else.
# The last needs root and Debian; debootstrap fills the empty one on first use, and it stays for the next time, in
# /var/cache/sgc-dist or in $SGC_DIST_CACHE.
set -euo pipefail
cd "$(dirname "$0")/.."

# Debian's /tmp is this one (testdata/devcloud/release.sh).
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone --quiet . "$work/source" # one commit, whatever is committed meanwhile

"$work/source/packaging/dist.sh" "$work/one"
(cd "$work/one" && sha256sum --check --quiet SHA256SUMS)
for format in linux_{amd64,arm64}.tar.gz darwin_{amd64,arm64}.tar.gz windows_{amd64,arm64}.zip {amd64,arm64}.deb {x86_64,aarch64}.rpm; do
	compgen -G "$work/one/*$format" >/dev/null || { echo "check.sh: no $format" >&2 && exit 1; }
done
echo "check.sh: every target builds"

(umask 077 && TZ=Asia/Tokyo "$work/source/packaging/dist.sh" -a "$work/two" linux/amd64)
for file in "$work"/two/sgc*; do
	cmp "$file" "$work/one/${file##*/}"
done
echo "check.sh: linux/amd64 is the same, built anew"

if [[ $(id -u) != 0 || ! -e /etc/debian_version || $(dpkg --print-architecture) != amd64 ]]; then
	echo "check.sh: skipped: installing the .deb in an empty Debian needs root, and Debian on amd64"
	exit
fi
# Not this machine's own release, for which release.sh would take the machine.
release=trixie
! grep -q "^VERSION_CODENAME=$release$" /etc/os-release || release=bookworm
SGC_DEVCLOUD_CACHE=${SGC_DIST_CACHE:-/var/cache/sgc-dist} testdata/devcloud/release.sh $release \
	"$work/source/packaging/installed.sh" "$work"/one/*_amd64.deb
echo "check.sh: the .deb can be installed, run and removed in an empty $release"

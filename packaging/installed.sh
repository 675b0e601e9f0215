#!/usr/bin/env bash
# Installs sgc in the Debian that this runs in, uses it as a stranger would, and removes it.
#
#   installed.sh DEB
set -euo pipefail

# All files but those in which dpkg and apt keep accounts.
files() {
	find / -xdev \( -path /proc -o -path /dev -o -path /tmp -o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/cache -o -path /var/log \) -prune -o -print | sort
}

work=$(mktemp -d)
trap 'dpkg --purge sgc >/dev/null 2>&1; rm -rf "$work"' EXIT
dpkg --purge sgc >/dev/null 2>&1 # of a run that was killed
files >"$work/before"
apt-get install -qq -y "$1" >/dev/null
[[ $(sgc version | sed 1q) == "sgc v$(dpkg-deb -f "$1" Version | tr '~' '-')" ]]

mkdir "$work/shop"
cd "$work/shop"
export HOME=$work
sgc init >/dev/null
sgc vet
sgc export -o shop.sh
sh -n shop.sh
sgc graph -o shop.svg # with sgc-graphviz, beside it
grep -q '<svg' shop.svg
sgc sandbox -- sgc apply --yes >apply.log 2>&1 || { cat apply.log >&2 && exit 1; }

complete=$(bash -c '. /usr/share/bash-completion/completions/sgc; complete -p sgc')
[[ $complete == *' sgc' ]]
for file in zsh/vendor-completions/_sgc fish/vendor_completions.d/sgc.fish doc/sgc/licences.txt doc/sgc/sgc{,-graphviz}.cdx.json man/man1/sgc{,-graphviz}.1.gz; do
	[[ -s /usr/share/$file ]] || { echo "installed.sh: /usr/share/$file is missing or empty" >&2 && exit 1; }
done

dpkg --purge sgc >/dev/null
files | diff "$work/before" -

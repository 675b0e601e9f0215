#!/usr/bin/env bash
# Makes the files of a release in a new folder: archives, packages and their checksums.
#
#   dist.sh [-a] FOLDER [OS/ARCHITECTURE]...
#
# They are made from the commit that is checked out, in a clone: what is not committed stays out. Their version is the
# commit's tag, else one that Go makes from its time. With the same Go on the same kind of machine they come out the
# same, byte for byte, wherever and whenever that is. -a compiles everything anew, whatever Go has kept.
# Needs Go, git, GNU tar and zip.
set -euo pipefail
umask 022
export LC_ALL=C TZ=UTC CGO_ENABLED=0 GOFLAGS=-trimpath GOWORK=off GOAMD64=v1 GOARM64=v8.0
unset GOOS GOARCH GOEXPERIMENT

fail() {
	echo "dist.sh: $*" >&2
	exit 1
}

anew=()
[[ ${1-} != -a ]] || { anew=(-a) && shift; }
[[ $# -gt 0 ]] || fail "usage: dist.sh [-a] FOLDER [OS/ARCHITECTURE]..."
[[ ! -e $1 ]] || fail "$1 is there already"
repository=$(cd "$(dirname "$0")/.." && pwd)
dist=$(realpath -m "$1")
targets=("${@:2}")
((${#targets[@]})) || targets=({linux,darwin,windows}/{amd64,arm64})

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone --quiet "$repository" "$work/source"
cd "$work/source"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
bom=$(go -C packaging tool -n cyclonedx-gomod)
nfpm=$(go -C packaging tool -n nfpm)

build() { # FOLDER [FLAG]... PACKAGES
	go build -buildvcs=true -ldflags='-s -w' -o "$1/" "${@:2}"
}

# licences writes those of Go and of the modules that are linked into programs.
licences() {
	local modules module folder files file
	mapfile -t modules < <(go version -m "$@" | awk '$1 == "dep" { print $2 }' | sort -u)
	echo "The texts below are of what is linked into sgc and sgc-graphviz."
	{
		echo "Go $(go env GOVERSION)	$(go env GOROOT)"
		go list -m -f '{{.Path}} {{.Version}}	{{.Dir}}' "${modules[@]}"
	} | while IFS=$'\t' read -r module folder; do
		mapfile -t files < <(find "$folder" -maxdepth 2 -type f \( -ipath "$folder/licen[cs]es/*" -o \
			-ipath "$folder/*" ! -ipath "$folder/*/*" -iregex '.*/\(licen[cs]e\|copying\|notice\|patents\)[^/]*' \) | sort)
		((${#files[@]})) || fail "no licence in $folder"
		for file in "${files[@]}"; do
			printf '\n==== %s: %s\n\n' "$module" "${file#"$folder/"}"
			cat "$file"
		done
		[[ $module != github.com/goccy/go-graphviz\ * ]] || graphviz "$folder"
	done
}

# graphviz writes the licences of what is compiled into a module, which has none of them.
graphviz() {
	local version
	version=$(<"$1/graphviz.version")
	grep -q "^Graphviz $version " packaging/graphviz.txt || fail "packaging/graphviz.txt is not about Graphviz $version: look what go-graphviz is compiled from"
	printf '\n==== Graphviz %s, in github.com/goccy/go-graphviz\n\n' "$version"
	cat packaging/graphviz.txt
}

build "$work/host" ./cmd/sgc
version=$(go version -m "$work/host/sgc" | awk '$1 == "mod" { print $3 }')
[[ $version == v* ]] || fail "Go has not found the version of the commit, but $version"
mkdir -p "$dist" "$work/share"/{man/man1,bash-completion/completions,zsh/site-functions,fish/vendor_completions.d,doc/sgc}
(
	cd "$work/share"
	"$work/host/sgc" man | gzip -9n >man/man1/sgc.1.gz
	gzip -9n <"$work/source/packaging/sgc-graphviz.1" >man/man1/sgc-graphviz.1.gz
	"$work/host/sgc" completion bash >bash-completion/completions/sgc
	"$work/host/sgc" completion zsh >zsh/site-functions/_sgc
	"$work/host/sgc" completion fish >fish/vendor_completions.d/sgc.fish
	cp -r "$work/source"/{README.md,CHANGELOG.md,SECURITY.md,docs} doc/sgc/
)

for target in "${targets[@]}"; do
	os=${target%/*} arch=${target#*/}
	name=sgc_${version#v}_${os}_$arch
	tree=$work/$name
	mkdir "$tree"
	cp -r "$work/share" "$tree/"
	GOOS=$os GOARCH=$arch build "$tree/bin" "${anew[@]}" ./cmd/...
	licences "$tree"/bin/* >"$tree/share/doc/sgc/licences.txt"
	for program in "$tree"/bin/*; do
		"$bom" bin -json -std -noserial -notimestamp -version "$version" \
			-output "$tree/share/doc/sgc/$(basename "$program" .exe).cdx.json" "$program" 2>/dev/null
	done
	find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
	if [[ $os == windows ]]; then
		(cd "$work" && find "$name" | sort | zip -qX "$dist/$name.zip" -@)
	else
		tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner -c "$name" | gzip -9n >"$dist/$name.tar.gz"
	fi
	if [[ $os == linux ]]; then
		for packager in deb rpm; do
			(cd "$tree" && ARCH=$arch VERSION=$version "$nfpm" package -f "$work/source/packaging/nfpm.yaml" -p $packager -t "$dist/") >/dev/null
		done
	fi
done
cd "$dist"
sha256sum -- * >SHA256SUMS

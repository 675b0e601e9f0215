#compdef sgc
# zsh completion for sgc: source <(sgc completion zsh), or this text as _sgc in a folder of $fpath
_sgc() {
	local line
	local -a request words_ shown
	request=("${(@Q)words[1,CURRENT]}")
	for line in "${(@f)$("${request[@]}" --generate-bash-completion 2>/dev/null </dev/null)}"; do
		[[ -n $line ]] || continue
		words_+=("${line%%$'\t'*}")
		shown+=("${line/$'\t'/  -- }")
	done
	if (( $#words_ )); then
		compadd -l -d shown -a words_
	else
		_files
	fi
}
if [[ ${funcstack[1]} == _sgc ]]; then # read as a function from $fpath
	_sgc "$@"
else
	compdef _sgc sgc
fi

#compdef sgc
# zsh completion for sgc: source <(sgc completion zsh), or this text as _sgc in a folder of $fpath
_sgc() {
	local -a request candidates
	request=("${(@)words[1,CURRENT-1]}")
	[[ ${words[CURRENT]} == -* ]] && request+=("${words[CURRENT]}")
	candidates=("${(@f)$(SHELL=zsh "${request[@]}" --generate-bash-completion 2>/dev/null)}")
	if [[ -n ${candidates[1]} ]]; then
		_describe sgc candidates
	else
		_files
	fi
}
if [[ ${funcstack[1]} == _sgc ]]; then # read as a function from $fpath
	_sgc "$@"
else
	compdef _sgc sgc
fi

# bash completion for sgc: source <(sgc completion bash)
_sgc() {
	local current=${COMP_WORDS[COMP_CWORD]} request=("${COMP_WORDS[@]:0:COMP_CWORD}")
	if [[ $current == = ]]; then # words end at =, as in --format=sh
		current=
	elif [[ ${request[COMP_CWORD - 1]} == = ]]; then
		unset "request[COMP_CWORD - 1]"
	fi
	[[ $current == -* ]] && request+=("$current")
	local IFS=$'\n'
	COMPREPLY=($(compgen -W "$(SHELL=bash "${request[@]}" --generate-bash-completion 2>/dev/null)" -- "$current"))
}
complete -o bashdefault -o default -F _sgc sgc

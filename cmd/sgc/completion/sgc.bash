# bash completion for sgc: source <(sgc completion bash)
_sgc() {
	local request=("${COMP_WORDS[@]:0:COMP_CWORD+1}") IFS=$'\n'
	if [[ ${request[COMP_CWORD]} == = ]]; then # words end at =, as in --format=sh
		request[COMP_CWORD]=
	elif [[ ${request[COMP_CWORD - 1]} == = ]]; then
		unset "request[COMP_CWORD - 1]"
	fi
	COMPREPLY=($("${request[@]}" --generate-bash-completion 2>/dev/null </dev/null))
	COMPREPLY=("${COMPREPLY[@]%%$'\t'*}")
}
complete -o bashdefault -o default -F _sgc sgc

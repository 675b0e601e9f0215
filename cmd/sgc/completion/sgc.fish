# fish completion for sgc: sgc completion fish > ~/.config/fish/completions/sgc.fish
function __sgc_complete
    set -l words (commandline -opc)
    set -l begun (commandline -ct)
    set -l found (command $words "$begun" --generate-bash-completion 2>/dev/null </dev/null)
    if set -q found[1]
        printf '%s\n' $found
    else
        __fish_complete_path "$begun"
    end
end
complete -c sgc -f -a '(__sgc_complete)'

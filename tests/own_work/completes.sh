# bash completes.sh COMPLETION WORD...: what the last word may become.
source "$1"
COMP_WORDS=(stratbench "${@:2}")
COMP_CWORD=$(($# - 1))
_stratbench
echo "${COMPREPLY[@]}"

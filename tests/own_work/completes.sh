#!/usr/bin/env bash
# bash completes.sh COMPLETION WORD...: what the last word may become.
# shellcheck source=/dev/null
source "$1"
COMP_WORDS=(stratbench "${@:2}")
COMP_CWORD=$(($# - 1))
_stratbench
echo "${COMPREPLY[@]}"

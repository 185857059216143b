#!/bin/sh
# Installs what packaging/files lists, for any distribution's build:
#
#   install.sh [--list] PACKAGE DESTINATION
#
# With --list it prints "mode kind destination" and installs nothing. From the environment: BUILT, the directory of the
# programs (default: built); SERVICES, systemd or openrc; UNITS, ZSH and FISH, the distribution's directories.
set -eu
umask 022
list=
if [ "$1" = --list ]; then list=yes; shift; fi
package=$1 destination=$2
here=$(cd "$(dirname "$0")" && pwd)
top=${here%/*}
BUILT=${BUILT:-$top/built}
SERVICES=${SERVICES:-systemd}
UNITS=${UNITS:-/usr/lib/systemd/system}
ZSH=${ZSH:-/usr/share/zsh/site-functions}
FISH=${FISH:-/usr/share/fish/vendor_completions.d}

grep -v '^#' "$here/files" | while read -r owner mode kind source target; do
    [ "$owner" = "$package" ] || continue
    case $kind in systemd*|openrc*) [ "${kind%\?}" = "$SERVICES" ] || continue ;; esac
    case $source in
        @built@/*) source=$BUILT/${source#@built@/} ;;
        *) source=$top/$source ;;
    esac
    case $kind in *\?) [ -e "$source" ] || continue; kind=${kind%\?} ;; esac
    case $target in
        @units@/*) target=$UNITS/${target#@units@/} ;;
        @zsh@/*) target=$ZSH/${target#@zsh@/} ;;
        @fish@/*) target=$FISH/${target#@fish@/} ;;
    esac
    case $target in */) target=$target${source##*/} ;; esac
    if [ "$list" ]; then
        echo "$mode $kind $target"
    else
        mkdir -p "$destination${target%/*}"
        install -m "$mode" "$source" "$destination$target"
    fi
done

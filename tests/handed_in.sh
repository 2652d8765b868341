# Which file is the program that somebody handed in?  For judge.sh and grade.sh.
# shellcheck shell=sh

# from_caller PATH: absolute
from_caller() {
    case $1 in
    /*) echo "$1" ;;
    *) echo "${CALLER:-$PWD}/$1" ;;
    esac
}

# only_program_in DIRECTORY: or none, if there are two.
only_program_in() {
    only=
    for each in "$1"/*; do
        if [ ! -f "$each" ] || [ ! -x "$each" ]; then continue; fi
        [ -z "$only" ] || return 1
        only=$each
    done
    echo "$only"
}

# program_at PATH STAGE: nothing, if it cannot be told.
program_at() {
    [ -d "$1" ] || {
        echo "$1"
        return
    }
    if [ "$2" = 10 ]; then
        for each in "$1" "$1/bundle" "$1/10" "$1/10/bundle"; do
            [ ! -f "$each/config.json" ] || break
        done
        [ ! -f "$each/config.json" ] || {
            echo "$each"
            return
        }
    fi
    named=$(basename "$2"-*)
    for each in "$1/$named" "$1/$2" "$1/$2/$named"; do
        if [ -f "$each" ] && [ -x "$each" ]; then
            echo "$each"
            return
        fi
    done
    [ ! -d "$1/$2" ] || set -- "$1/$2" "$2"
    only_program_in "$1"
}

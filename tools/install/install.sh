#!/bin/sh
# Puts what was built where it is used, and takes it away again.
#
#   install.sh install|uninstall      (by mk/install.mk, which sets the rest)
#
# MADE has what was built, of INSTALLED_PROGRAMS; bindir, mandir ... are where it
# goes, below DESTDIR.
#
# What was put somewhere is written down, directories that were made for it, too.
# That list, and no other knowledge, is what uninstall goes by; so it removes what
# another version put there, and nothing that was there before.
#
# What is there and is not in that list is somebody else's, and stays.
#
# A file is written beside its place and then renamed.  So a program that is run at
# that moment is the old one or the new one, and after a failure the old one is there.
# shellcheck disable=SC2086,SC2153,SC2154
# From the Makefile, the variables; and INSTALL is a command that may have options.
set -eu
umask 022
record=$docdir/installed
made='' unfinished=''

# each_file VERB: VERB MODE SOURCE DESTINATION, for each
each_file() {
    for program in $INSTALLED_PROGRAMS; do
        "$1" program "$MADE/$program" "$bindir/$program"
        "$1" data "$MADE/$program.bash" "$bashcompletiondir/$program"
        "$1" data "$MADE/_$program" "$zshcompletiondir/_$program"
        for page in tools/install/"$program".[1-9].in; do
            page=$(basename "$page" .in)
            "$1" data "$MADE/$page" "$mandir/man${page##*.}/$page"
        done
    done
    for example in tools/install/examples/*; do
        example=${example##*/}
        "$1" data "$MADE/examples/$example" "$docdir/examples/$example"
    done
}

make_directory() {
    [ ! -d "$DESTDIR$1" ] || return 0
    make_directory "$(dirname "$1")"
    mkdir "$DESTDIR$1"
    made="$made$1/
"
}

make_directory_of() {
    make_directory "$(dirname "$3")"
}

show() {
    printf '%s\n' "$3"
}

# put_as DESTINATION COMMAND...: COMMAND makes the file that is its last word
put_as() {
    destination=$DESTDIR$1
    unfinished=$destination.new
    shift
    "$@" "$unfinished"
    mv -f "$unfinished" "$destination"
    unfinished=
}

put() {
    case $1 in
    program) put_as "$3" $INSTALL -s -m 755 "$2" ;;
    *) put_as "$3" $INSTALL -m 644 "$2" ;;
    esac
}

write_record() {
    {
        [ ! -e "$DESTDIR$record" ] || cat "$DESTDIR$record"
        printf '%s' "$made"
        each_file show
    } | LC_ALL=C sort -u >"$1"
}

refuse_strange() {
    if [ ! -e "$DESTDIR$3" ] && [ ! -L "$DESTDIR$3" ]; then return; fi
    ! grep -qxF -- "$3" "$DESTDIR$record" 2>/dev/null || return 0
    printf 'make install: %s is not of ten-steps, and would be replaced\n' "$DESTDIR$3" >&2
    printf '  hint: move it away, or choose another PREFIX\n' >&2
    exit 1
}

# Half an installation can be removed as a whole one; without a list nothing is there.
give_up() {
    [ -z "$unfinished" ] || rm -f "$unfinished"
    [ -z "$made" ] || remove_directories "$made"
}

remove_directories() {
    printf '%s' "$1" | LC_ALL=C sort -r | while read -r each; do
        rmdir "$DESTDIR$each" 2>/dev/null || : # somebody else has a file there
    done
}

install_all() {
    [ -z "$RECORD" ] || each_file refuse_strange
    mkdir -p "$DESTDIR/"
    trap give_up EXIT
    each_file make_directory_of
    if [ -n "$RECORD" ]; then
        put_as "$record" write_record
        made=
    fi
    each_file put
    made=
}

uninstall_all() {
    [ -z "$RECORD" ] || each_file refuse_strange
    [ -e "$DESTDIR$record" ] || {
        printf 'make uninstall: nothing is installed there: no %s\n' "$DESTDIR$record" >&2
        printf '  hint: give PREFIX and DESTDIR as for make install\n' >&2
        exit 1
    }
    list=$(cat "$DESTDIR$record")
    printf '%s\n' "$list" | while read -r each; do
        case $each in /*[!/]) rm -f "$DESTDIR$each" ;; esac
    done
    rm -f "$DESTDIR$record"
    remove_directories "$(printf '%s\n' "$list" | sed -n '/\/$/p')
"
}

"$1_all"

#!/bin/sh
# Puts what was built where it is used, and takes it away again.
#
#   install.sh install|uninstall      (by mk/install.mk, which sets the rest)
#
# MADE has what was built, of INSTALLED_PROGRAMS; bindir, datadir, mandir ... are where
# it goes, below DESTDIR.
#
# What was put somewhere is written down, directories that were made for it, too.
# That list, and no other knowledge, is what uninstall goes by; so it removes what
# another version put there, and nothing that was there before.
#
# What is there and is not in that list is somebody else's, and stays.  A list that
# names what install puts nowhere, or that another user wrote, is not gone by.
#
# A file is written beside its place (FILE.new) and then renamed.  So a program that is
# run at that moment is the old one or the new one, and after a failure the old one is
# there.  The list is first: what a kill leaves can be removed, too.
# shellcheck disable=SC2086,SC2153,SC2154
# From the Makefile, the variables; and INSTALL is a command that may have options.
set -eu
umask 022
made='' unfinished=''

# stop WHAT HINT
stop() {
    printf 'make %s: %s\n  hint: %s\n' "$action" "$1" "$2" >&2
    exit 1
}

# plain NAME: the variable's path as one writes it, so that each time it is the same.
plain() {
    eval "path=\$$1"
    case $path in
    *"
"*) stop "$1 has two lines" "give PREFIX a path" ;;
    /*) eval "$1=\$(realpath -ms -- \"\$path\")" ;;
    *) stop "$1 would be $path: that is no path from the root on" "give PREFIX one that begins with /" ;;
    esac
}

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
    rm -f "$unfinished"
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
    ! grep -qxF -- "$3" "$DESTDIR$record" 2>/dev/null || return 0
    for path in "$3" "$3.new"; do
        if [ -e "$DESTDIR$path" ] || [ -L "$DESTDIR$path" ]; then
            stop "$DESTDIR$path is not of ten-steps, and would be replaced" \
                "move it away, or choose another PREFIX"
        fi
    done
}

# may_list PATH: install puts things there, or makes that directory on the way.
may_list() {
    case $1 in */../* | [!/]*) return 1 ;; esac
    for path in "$bindir" "$datadir" "$mandir" "$docdir" "$bashcompletiondir" "$zshcompletiondir"; do
        case $1 in "$path"/*) return ;; esac
        case $1:$path/ in */:"$1"*) return ;; esac
    done
    return 1
}

check_list() {
    list=$DESTDIR$record
    [ -n "$(find "$list" -prune -type f -user "$(id -u)")" ] ||
        stop "$list is another user's, or no file" "who has installed can change or remove it: root, by sudo"
    while read -r each; do
        may_list "$each" || stop "$list names $each, which is not below PREFIX" \
            "give PREFIX, bindir and the like as for make install"
    done <"$list"
}

# Two at once would write the same files.  Some file systems know no such lock.
alone() {
    exec 9<"$DESTDIR/"
    flock -w 60 -E 75 9 2>/dev/null || [ $? != 75 ] ||
        stop "another one is at work below $DESTDIR/" "wait until it has ended"
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
    mkdir -p "$DESTDIR/"
    alone
    if [ -n "$RECORD" ]; then
        [ ! -e "$DESTDIR$record" ] || check_list
        each_file refuse_strange
    fi
    trap give_up EXIT
    trap 'exit 130' INT TERM HUP
    each_file make_directory_of
    if [ -n "$RECORD" ]; then
        put_as "$record" write_record
        made=
    fi
    each_file put
    made=
}

uninstall_all() {
    [ -e "$DESTDIR$record" ] || stop "nothing is installed there: no $DESTDIR$record" \
        "give PREFIX and DESTDIR as for make install"
    alone
    check_list
    list=$(cat "$DESTDIR$record")
    printf '%s\n' "$list" | while read -r each; do
        case $each in *[!/]) rm -f "$DESTDIR$each" "$DESTDIR$each.new" ;; esac
    done
    rm -f "$DESTDIR$record" "$DESTDIR$record.new"
    remove_directories "$(printf '%s\n' "$list" | sed -n '/\/$/p')
"
}

action=$1
for each in bindir datadir mandir docdir bashcompletiondir zshcompletiondir; do
    plain $each
done
record=$docdir/installed
"$1_all"

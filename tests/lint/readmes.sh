#!/bin/sh
# Each README.md is a map of its directory: it names every file and directory,
# and no file that is not there, here or in another directory.  `x.[ch]` stands
# for x.c and x.h.  A directory in it has a map of its own.    readmes.sh DIR...
set -eu

status=0

# wrong DIR WHAT
wrong() {
    echo "$1/README.md: $2"
    status=1
}

for dir; do
    if [ ! -e "$dir/README.md" ]; then
        wrong "$dir" "missing: which files are here, and in which order to read?"
        continue
    fi
    # What stands in backquotes, without blanks: names of files, among others.
    # shellcheck disable=SC2016 # backticks, not a command
    words=$(grep -oE '`[^` /]+/?`' "$dir/README.md" | tr -d '`' |
        sed 's/\(.*\)\.\[ch\]$/\1.c \1.h/' | tr ' ' '\n')
    for file in "$dir"/*; do
        [ ! -d "$file" ] || file=$file/
        file=${file#"$dir"/}
        case $file in README.md | README.*.md) continue ;; esac
        echo "$words" | grep -qxF "$file" || wrong "$dir" "$file is not on the map"
    done
    for name in $(echo "$words" | grep -E '^[a-z0-9_]+\.[ch]$'); do
        [ -e "$dir/$name" ] || ls "$dir"/*/"$name" >/dev/null 2>&1 || wrong "$dir" "there is no $name here"
    done
    # shellcheck disable=SC2016 # backticks, not a command
    for name in $(sed -n 's/^| `\([^` ]*\)` |.*/\1/p' "$dir/README.md" | sort | uniq -d); do
        wrong "$dir" "$name has two rows"
    done
    # With a way to it: from here, or from the clone's top.
    # shellcheck disable=SC2016 # backticks, not a command
    for path in $(grep -oE '`[a-z0-9_.-]+(/[a-z0-9_.-]+)*/[a-z0-9_]+(\.[a-z]+|\.\[ch\])`' "$dir/README.md" |
        tr -d '`' | sed 's/\(.*\)\.\[ch\]$/\1.c \1.h/'); do
        [ -e "$dir/$path" ] || [ -e "$path" ] || wrong "$dir" "there is no $path"
    done
    case $dir in 10-*) most=150 ;; *) most=25 ;; esac
    lines=$(wc -l < "$dir/README.md")
    [ "$lines" -le "$most" ] || wrong "$dir" "$lines lines, $most are allowed"
done
exit $status

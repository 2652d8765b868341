#!/bin/sh
# What a stage adds to the one before:  diff.sh 05-cgroups
#
# The lesson of a stage is this difference and the new module, so the names
# of the new files come first.
set -eu

stage=${1%/}
previous=
for directory in [01][0-9]-*; do
    [ "$directory" = "$stage" ] && break
    previous=$directory
done

echo "$stage brings:"
for file in "$stage"/*.[ch]; do
    [ "$file" = "$stage/main.c" ] && continue
    printf '    %-28s %3d lines\n' "$file" "$(wc -l <"$file")"
done
[ ! -d "$stage/beyond" ] ||
    printf '    %-28s %3d lines, for later\n' "$stage/beyond/" "$(cat "$stage"/beyond/*.[ch] | wc -l)"
echo
if [ -z "$previous" ]; then
    echo "It is the first stage: read $stage/main.c from the top."
    exit
fi
colour=never
[ ! -t 1 ] || colour=auto
# 1: they differ.  Else its own status: 141 says that nobody reads any more.
diff --color=$colour -u "$previous/main.c" "$stage/main.c" || {
    status=$?
    [ $status = 1 ] || exit $status
}

#!/bin/sh
# What an exercise's README.md says of how it is judged, from the tests.
#
#   tests/lint/exercises.sh [--write]
#
# The part between "<!-- judged -->" and "<!-- end -->" is made of two tables:
# the options that the exercise asks for (tests/runner/judged.c) and the tests
# with the mark "core".  --write puts it there; else it has to be there.  A
# solution has at most 150 lines.
set -u
cd "$(dirname "$0")/../.." || exit 1
made=$(mktemp)
trap 'rm -f "$made" "$made.new"' EXIT
trap 'exit 130' INT TERM HUP
status=0

# judged NUMBER: the part that is made
# shellcheck disable=SC2016 # in Markdown ` is no command
judged() {
    printf '<!-- judged -->\n| the command line | |\n| --- | --- |\n'
    sed -n "s/^\t{ \"$1\", \"\(--[a-z-]*\)\", \(.*\) },.*/\1 \2/p" tests/runner/judged.c |
        sed 's/ NULL$/|/; s/ "\(.*\)"$/ \1|/' |
        sed 's/^\([^|]*\)|$/| `PROGRAM \1 COMMAND [ARGUMENT]...` | |/'
    printf '| `PROGRAM COMMAND [ARGUMENT]...` | without an option |\n\n'
    printf 'The lesson is passed when all of these hold:\n\n'
    for tests in tests/"$1"-*/test_"$1"*.c; do
        tr '\n\t' '  ' < "$tests" | grep -o '{ "core [a-z]*", *&[a-z0-9_]* }' |
            sed 's/.*&\([a-z0-9_]*\) }/- \1/; s/_/ /g'
    done
    echo '<!-- end -->'
}

for readme in exercises/0*/README.md; do
    number=$(basename "$(dirname "$readme")")
    judged "${number%%-*}" > "$made"
    awk -v made="$made" '/^<!-- judged -->/ { skip = 1; while ((getline line < made) > 0) print line }
        !skip { print }
        /^<!-- end -->/ { skip = 0 }' "$readme" > "$made.new"
    cmp -s "$readme" "$made.new" && continue
    if [ "${1-}" = --write ]; then
        cat "$made.new" > "$readme"
    else
        echo "$readme says another thing than the tests: tests/lint/exercises.sh --write"
        diff "$readme" "$made.new"
        status=1
    fi
done
for solution in exercises/*/solution.c; do
    [ "$(wc -l < "$solution")" -le 150 ] || {
        echo "$solution: more than 150 lines"
        status=1
    }
done
# What after.txt names is there.
grep -ohE '[01][0-9]-[a-z]+/[a-z_/]*(\.c)?' exercises/*/after.txt | sort -u > "$made"
while read -r file; do
    [ -e "$file" ] || {
        echo "exercises/*/after.txt: there is no $file"
        status=1
    }
done < "$made"
exit $status

#!/bin/sh
# What an exercise's README.md says of how it is judged, from the tests.
#
#   tests/lint/exercises.sh [--write]
#
# The part between "<!-- judged -->" and "<!-- end -->" is made of two tables:
# the options that the exercise asks for (tests/runner/judged.c) and the tests
# with the mark "core".  --write puts it there; else it has to be there.  In
# other languages it is made of the same, by exercises/sentences.ko.txt: an
# English sentence, a tab, and what it is in that language.  A solution has at
# most 150 lines.
set -u
cd "$(dirname "$0")/../.." || exit 1
made=$(mktemp)
trap 'rm -f "$made" "$made".*' EXIT
trap 'exit 130' INT TERM HUP
status=0

# options NUMBER: those that the exercise asks for
# shellcheck disable=SC2016 # in Markdown ` is no command
options() {
    sed -n "s/^\t{ \"$1\", \"\(--[a-z-]*\)\", \(.*\) },.*/\1 \2/p" tests/runner/judged.c |
        sed 's/ NULL$/|/; s/ "\(.*\)"$/ \1|/' |
        sed 's/^\([^|]*\)|$/| `PROGRAM \1 COMMAND [ARGUMENT]...` | |/'
    echo '| `PROGRAM COMMAND [ARGUMENT]...` | without an option |'
}

# judged NUMBER: the part that is made
# shellcheck disable=SC2016 # in Markdown ` is no command
judged() {
    printf '<!-- judged -->\n| the command line | |\n| --- | --- |\n'
    if [ "$1" = 10 ]; then
        echo '| `bin/10-full-container run --bundle BUNDLE ID` | and `runc`, where it is installed |'
    else
        options "$1"
    fi
    echo
    printf 'The lesson is passed when all of these hold:\n\n'
    for tests in tests/"$1"-*/test_"$1"*.c; do
        tr '\n\t' '  ' < "$tests" | grep -o '{ "core [a-z]*", *&[a-z0-9_]* }' |
            sed 's/.*&\([a-z0-9_]*\) }/- \1/; s/_/ /g'
    done
    echo '<!-- end -->'
}

# translated TABLE: what is read, in its language; a sentence that is not in it
# stays as it is, and is kept in $made.none, the others in $made.used
translated() {
    awk -F '\t' -v none="$made.none" -v used="$made.used" '
        function in_it(text) {
            print text > (text in as ? used : none)
            return text in as ? as[text] : text
        }
        FILENAME != "-" { as[$1] = $2; next }
        /^- / { print "- " in_it(substr($0, 3)); next }
        /^\| / {
            cells = split($0, cell, / ?\| ?/)
            for (i = 2; i < cells; i++)
                printf "%s", (cell[i] ~ /^(`.*|-*)$/ ? "| " cell[i] : "| " in_it(cell[i])) (cell[i] == "" ? "" : " ")
            print "|"
            next
        }
        /^[^<]/ { print in_it($0); next }
        { print }' "$1" -
}

# compare FILE: has it the part that was made?
compare() {
    awk -v made="$made" '/^<!-- judged -->/ { skip = 1; while ((getline line < made) > 0) print line }
        !skip { print }
        /^<!-- end -->/ { skip = 0 }' "$1" > "$made.new"
    cmp -s "$1" "$made.new" && return
    if [ "$write" = --write ]; then
        cat "$made.new" > "$1"
    else
        echo "$1 says another thing than the tests: tests/lint/exercises.sh --write"
        diff "$1" "$made.new"
        status=1
    fi
}

write=${1-}
: > "$made.sentences"
for readme in exercises/[01][0-9]-*/README.md; do
    number=$(basename "$(dirname "$readme")")
    judged "${number%%-*}" > "$made.english"
    cat "$made.english" >> "$made.sentences"
    cp "$made.english" "$made"
    compare "$readme"
    for other in "${readme%.md}".*.md; do
        [ -f "$other" ] || continue
        language=${other%.md}
        translated "exercises/sentences.${language##*.}.txt" < "$made.english" > "$made"
        compare "$other"
    done
done
# And what ./kit hint says.
sed -n "s/.*say '\([^']*\)'.*/- \1/p; s/.*say \"\([^\"]*\)\".*/- \1/p" tools/hint.sh >> "$made.sentences"
for table in exercises/sentences.*.txt; do
    [ -f "$table" ] || continue
    : > "$made.none"
    translated "$table" < "$made.sentences" > /dev/null
    sort -u "$made.none" | sed "s|^|$table: missing: |" > "$made.said"
    sort -u "$made.used" > "$made.new"
    cut -f 1 "$table" | sort -u | comm -23 - "$made.new" | sed "s|^|$table: said nowhere: |" >> "$made.said"
    [ ! -s "$made.said" ] || status=1
    cat "$made.said"
done
for solution in exercises/*/solution.*; do
    [ "$(wc -l < "$solution")" -le 150 ] || {
        echo "$solution: more than 150 lines"
        status=1
    }
done
# What after.txt names is there.
grep -ohE '[01][0-9]-[a-z]+/[a-z_/]*(\.c)?' exercises/*/after*.txt | sort -u > "$made"
while read -r file; do
    [ -e "$file" ] || {
        echo "exercises/*/after*.txt: there is no $file"
        status=1
    }
done < "$made"
exit $status

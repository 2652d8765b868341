#!/bin/sh
# The ladder: each test of isolation, run against the stage before.
#
#   tests/ladder.sh DIR [STAGE]
#
# There the new options are left out; the program has to run the command, and
# the test has to fail, at the very assertion that speaks of isolation.  A
# test that does not ("HOLE") would pass without the feature it should prove.
set -u
. tests/tests_of.sh
dir=$1 wanted=${2-}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM HUP

before=/usr/bin/env # stage 01 is compared with plain execution
for program in "$BIN"/[01][0-9]-*; do
    number=$(basename "$program" | cut -c1-2)
    for test in $(tests_of "$dir" "$number"); do
        case $number in "${wanted:-$number}") ;; *) continue ;; esac
        echo
        printf '  %-56s  own   before, and why\n' \
            "$(basename "$program") against $(basename "$before")"
        "$test" --ladder "$before" | tee "$log.one" | sed '$d; s/\(.\{160\}\).*/\1.../'
        tail -n 1 "$log.one" >> "$log"
    done
    before=$program
done
rm -f "$log.one"
echo
awk '!/^[0-9]+ passed, / { f++; next } { p += $1; f += $3; s += $5 }
     END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f > 0 }' "$log"

#!/bin/sh
# The tests, as they judge anybody's program: here each stage's own one, of
# which they must not know that it is ours.
#
#   tests/kit/programs.sh DIR [TAG]
#
# DIR has the test programs; BIN, in the environment, the stages.
set -u
dir=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT

for program in "$BIN"/0[1-9]-*; do
    number=$(basename "$program" | cut -c1-2)
    for test in "$dir"/*/"test_$number"*; do
        [ -x "$test" ] || continue
        PROGRAM=$program "$test" "$@"
    done
done > "$log"
grep -vE '^(pass |skip |[0-9]+ passed, )' "$log"
awk '/^[0-9]+ passed, / { p += $1; f += $3; s += $5 }
     END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f > 0 }' "$log"

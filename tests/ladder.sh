#!/bin/sh
# The ladder: each test of isolation, run against the stage before.
#
#   tests/ladder.sh DIR
#
# There the new options are left out, and the test has to fail, at the very
# assertion that speaks of isolation.  A test that does not ("HOLE") would
# pass without the feature it is meant to prove.
set -u
dir=$1 total=
log=$(mktemp)
trap 'rm -f "$log"' EXIT

before=/usr/bin/env # stage 01 is compared with plain execution
for stage in "$BIN"/[01][0-9]-*; do
    number=$(basename "$stage" | cut -c1-2)
    for test in "$dir/test_$number"*; do
        case $test in *.o | *.d | *'*') continue ;; esac
        echo "stage $number against $(basename "$before")"
        LADDER=1 PROGRAM=$before "$test" > "$log"
        sed -e '$d' -e 's/^/  /' -e 's/: .*isolation: / -> /' -e 's/\(.\{150\}\).*/\1.../' "$log"
        total="$total
$(tail -n 1 "$log")"
    done
    before=$stage
done
echo "$total" | awk 'NF { p += $1; f += $3; s += $5 }
     END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f > 0 }'

#!/bin/sh
# Does each starting point of `make start` build, and fail every test of
# isolation of its stage?
#
#   tests/kit/start.sh DIR
#
# DIR has the test programs.
set -u
dir=$1 passed=0 failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for stage in 0[1-9]-*; do
    number=${stage%%-*}
    log=$scratch/$number.log
    if tools/start.sh "$stage" "$scratch/$number" > "$log" 2>&1 &&
        make -s -j"$(nproc)" -C "$scratch/$number" \
            CFLAGS="-std=gnu11 -w -D_GNU_SOURCE" >> "$log" 2>&1; then
        for test in "$dir"/*/"test_$number"*; do
            case $test in *.o | *.d) continue ;; esac
            ! grep -q '"isolation"' "tests/${test#"$dir"/}.c" ||
                PROGRAM=$scratch/$number/$stage "$test" isolation
        done > "$log"
        wrong=$(grep '^pass' "$log")
        # Nothing at all would not be right, either.
        [ -n "$wrong" ] || grep -q '^FAIL' "$log" || wrong=$(cat "$log")
    else
        wrong=$(cat "$log")
    fi
    if [ -z "$wrong" ]; then
        passed=$((passed + 1))
        echo "pass  $stage: it builds, and every test of isolation fails"
    else
        failed=$((failed + 1))
        printf 'FAIL  %s\n%s\n' "$stage" "$wrong"
    fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]

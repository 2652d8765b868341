#!/bin/sh
# Does each starting point of `make start` build, and fail every test of
# isolation of its stage?  Is it all that the stage's own main.c takes of its
# stage, and no more?
#
#   tests/kit/start.sh DIR
#
# DIR has the test programs.
set -u
dir=$1 passed=0 failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP

# only_what_is_called DIR STAGE: each function that a header of DIR declares is
# written there, each that is written there is called by the stage's main.c,
# and that main.c builds with it.
only_what_is_called() {
    cat "$1"/*.h | grep -oE '^[a-z][^(=]*[ *]([a-z0-9_]+)\(' | grep -v '^typedef\|^static' |
        sed 's/.*[ *]//; s/($//' | sort > "$scratch/declared"
    for module in "$1"/*.c; do
        name=$(basename "$module" .c)
        [ "$name" = main ] || nm "$1/build/$name.o" | sed -n 's/.* T //p'
    done | sort > "$scratch/written"
    diff "$scratch/declared" "$scratch/written" || echo "declared, and written: not the same"
    while read -r name; do
        grep -qw "$name" "$2/main.c" || echo "$name(): nobody calls it"
    done < "$scratch/written"
    cp "$2/main.c" "$1/main.c"
    for header in "$1"/*.h; do
        sed -i "s|\"$2/\(.*/\)*\(${header##*/}\)\"|\"\2\"|" "$1/main.c"
    done
    # Of the first stage one of the two modules is help.
    if grep -v '"01-uts/child.h"' "$1"/*.[ch] | grep "\"$2/"; then
        echo "these are the stage's own"
    fi
    make -s -C "$1" CFLAGS="-std=gnu11 -w -Werror=implicit-function-declaration -D_GNU_SOURCE" 2>&1 ||
        echo "the stage's main.c does not build with it"
}

for stage in 0[1-9]-*; do
    number=${stage%%-*}
    log=$scratch/$number.log
    if tools/start.sh "$stage" "$scratch/$number" > "$log" 2>&1 &&
        make -s -j"$(nproc)" -C "$scratch/$number" \
            CFLAGS="-std=gnu11 -w -D_GNU_SOURCE" >> "$log" 2>&1; then
        for test in "$dir"/*/"test_$number"*; do
            case $test in *.o | *.d) continue ;; esac
            ! grep -q 'isolation"' "tests/${test#"$dir"/}.c" ||
                PROGRAM=$scratch/$number/$stage "$test" isolation
        done > "$log"
        wrong=$(grep '^pass' "$log")
        # Nothing at all would not be right, either.
        [ -n "$wrong" ] || grep -q '^FAIL' "$log" || wrong=$(cat "$log")
        [ -n "$wrong" ] || wrong=$(only_what_is_called "$scratch/$number" "$stage")
    else
        wrong=$(cat "$log")
    fi
    if [ -z "$wrong" ]; then
        passed=$((passed + 1))
        echo "pass  $stage: it builds, is all that is called, and fails every test of isolation"
    else
        failed=$((failed + 1))
        printf 'FAIL  %s\n%s\n' "$stage" "$wrong"
    fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]

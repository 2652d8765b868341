#!/bin/sh
# Does each starting point of `make start` build, and fail every test of
# isolation of its stage?  In C, is it all that the stage's own main.c takes of
# its stage, and no more?  In Python and Go, does it run a command, and end as
# that does?
#
#   tests/kit/start.sh DIR
#
# DIR has the test programs.
set -u
dir=$1
. tests/verdict.sh
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

# isolation STAGE PROGRAM: what the tests of isolation say
isolation() {
    for test in "$dir/$1/test_${1%%-*}"*; do
        case $test in *.o | *.d) continue ;; esac
        ! grep -q 'isolation"' "tests/${test#"$dir"/}.c" ||
            PROGRAM=$2 "$test" isolation
    done
}

# ends STATUS WORD...: the starter with these words
ends() {
    wanted=$1
    shift
    "$starter" "$@" > "$log" 2>&1
    status=$?
    [ $status = "$wanted" ] || echo "\"$*\" ends with $status and not $wanted: $(cat "$log")"
}

# is_a_program: of what the exercise asks for it takes every word, and no other
is_a_program() {
    ends 3 sh -c 'exit 3'
    ends 137 sh -c 'kill -9 $$'
    ends 127 no-such-program
    ends 126 /
    ends 2
    ends 2 --no-such-option true
    sed -n "s/^\t{ \"$number\", \"\(-[a-z-]*\)\", \"*\([^\"]*\)\"* },.*/\1 \2/p" tests/runner/judged.c > "$scratch/words"
    [ -s "$scratch/words" ] || echo "no option is asked for?"
    while read -r option value; do
        [ "$value" != NULL ] || value=
        ends 0 "$option" ${value:+"$value"} true < /dev/null
    done < "$scratch/words"
}

for stage in 0[1-9]-*; do
    number=${stage%%-*}
    log=$scratch/$number.log
    if tools/start.sh "$stage" "$scratch/$number" > "$log" 2>&1 &&
        make -s -j"$(nproc)" -C "$scratch/$number" \
            CFLAGS="-std=gnu11 -w -D_GNU_SOURCE" >> "$log" 2>&1; then
        isolation "$stage" "$scratch/$number/$stage" > "$log"
        wrong=$(grep '^pass' "$log")
        # Nothing at all would not be right, either.
        [ -n "$wrong" ] || grep -q '^FAIL' "$log" || wrong=$(cat "$log")
        [ -n "$wrong" ] || wrong=$(only_what_is_called "$scratch/$number" "$stage")
    else
        wrong=$(cat "$log")
    fi
    subject=$stage:
    judge "it builds, is all that is called, and fails every test of isolation" "$wrong"
done

# What root compiles is nobody else's.
export GOCACHE="$scratch/go-cache" HOME="${HOME:-/root}"
for language in python go; do
    command=$language
    [ $language != python ] || command=python3
    if ! command -v $command > /dev/null; then
        verdict skip "starters in $language" "$command is not installed"
        continue
    fi
    for stage in 0[1-9]-*; do
        number=${stage%%-*}
        log=$scratch/$language.log
        starter=$scratch/$language/$number/$stage
        if tools/start.sh "$stage" "$(dirname "$starter")" $language > "$log" 2>&1 &&
            { [ $language = python ] || make -s -C "$(dirname "$starter")" > "$log" 2>&1; }; then
            wrong=$(is_a_program)
            isolation "$stage" "$starter" > "$log"
            # Each by an assertion of its own: it ran the command.
            [ -n "$wrong" ] || wrong=$(grep -E '^pass|the test hung' "$log")
            [ -n "$wrong" ] || grep -q '^FAIL' "$log" || wrong=$(cat "$log")
        else
            wrong=$(cat "$log")
        fi
        subject=$stage:
        judge "in $language it runs a command, and fails every test of isolation" "$wrong"
    done
done

# What a clone is called is its owner's choice.  Is the command that is told one
# that can be typed?
subject=02-pid: clone="$scratch/my own 키트's"
mkdir "$clone"
cp -a habits [01][0-9]-* tools mk Makefile stage.mk kit "$clone"
told=$(cd "$clone" && tools/start.sh 02-pid "$clone/mine two/02" | sed -n 's/^  \(make .*\) && sudo .*/\1/p')
wrong=$(eval "$told -s -j$(nproc)" 2>&1)
[ -x "$clone/mine two/02/02-pid" ] || wrong="$told: $wrong"
judge "it builds in a clone with blanks in its path" "$wrong"
wrong=$("$clone/tools/start.sh" 02-pid "$scratch/elsewhere" 2>&1) && wrong="not refused: $wrong"
case $wrong in *"choose a DIR in the clone") wrong= ;; esac
[ ! -e "$scratch/elsewhere" ] || wrong="something is left"
judge "where make cannot reach such a clone, it is not begun" "$wrong"
totals

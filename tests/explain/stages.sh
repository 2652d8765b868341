#!/bin/sh
# explain must not change what a program does: so each stage is judged while it
# is explained, by its own tests.  Run by tests/check.sh.
#
#   tests/explain/stages.sh DIR      the test programs are in DIR
set -u
dir=$1 passed=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

# judge STAGE: its name is 05-cgroups.
judge() {
    program=$work/$1
    printf '#!/bin/sh\nexec "%s/explain" --output /dev/null "%s/%s" "$@"\n' \
        "$BIN" "$BIN" "$1" >"$program"
    chmod 755 "$program"
    PROGRAM=$program "$dir/$1/test_${1%%-*}" core >"$work/said" 2>&1 &&
        PROGRAM=$program "$dir/$1/test_${1%%-*}" rest >>"$work/said" 2>&1
}

for stage in "$BIN"/0*; do
    stage=$(basename "$stage")
    if judge "$stage"; then
        passed=$((passed + 1))
        echo "pass  explained $stage"
    else
        failed=$((failed + 1))
        echo "FAIL  explained $stage"
        grep -v '^pass' "$work/said" | sed 's/^/      /'
    fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]

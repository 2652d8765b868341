# What a script says of each of its tests, and at the end of all.  It is sourced.
#
#   subject    a word before the names, if there is one
#   said       a file, for verify: what the command printed
# shellcheck shell=sh disable=SC2154
passed=0 failed=0 skipped=0

# verdict pass|FAIL|skip NAME [WHY]
verdict() {
    case $1 in
    pass) passed=$((passed + 1)) ;;
    FAIL) failed=$((failed + 1)) ;;
    skip) skipped=$((skipped + 1)) ;;
    esac
    printf '%s  %s\n' "$1" "${subject:+$subject }$2${3:+: $3}"
}

# judge NAME WRONG [FILE]...: if WRONG is empty, nothing is; the FILEs tell more
judge() {
    if [ -z "$2" ]; then
        verdict pass "$1"
        return
    fi
    verdict FAIL "$1" "$2"
    shift 2
    tail -q -n 20 "$@" </dev/null | sed 's/^/      /'
}

# verify NAME COMMAND...: it succeeds
verify() {
    verified=$1
    shift
    if "$@" >"$said" 2>&1 </dev/null; then
        judge "$verified" ''
    else
        judge "$verified" "$*" "$said"
    fi
}

# The last words, and the exit status.
totals() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ $failed = 0 ]
}

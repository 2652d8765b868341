# Which test programs are there?  For all that run several of them.
# shellcheck shell=sh

# tests_of DIR NUMBER: of this stage, or of all if it is empty; a path each.  What
# an older state of the clone has left in DIR has no source any more.
tests_of() {
    for source in tests/*/"test_$2"*.c; do
        found=${source#tests/}
        found=$1/${found%.c}
        [ ! -f "$found" ] || [ ! -x "$found" ] || echo "$found"
    done
}

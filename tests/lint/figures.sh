#!/bin/sh
# How long functions and files are, and how much of them is comment.
#
#   figures.sh [quiet=1] FILE...      quiet: only what is too long
set -eu

command -v ctags >/dev/null || {
    echo "figures: ctags is missing, which knows where a function ends" >&2
    echo "  hint: ./kit figures installs it (Debian: universal-ctags)" >&2
    exit 1
}

quiet=
case $1 in quiet=*) quiet=$1; shift ;; esac
{
    # shellcheck disable=SC2016 # backticks, not a command
    # Exceptions, and what they are allowed: a table in CONTRIBUTING.md.
    sed -n '/^## Figures/,/^## D/s/^| `\([^`]*\)` *| *\([0-9]*\) .*/allowed \2 \1/p' \
        CONTRIBUTING.md
    ctags -x --c-kinds=f --_xformat='function %N %F %n %{end}' "$@"
    # A line is comment if it has nothing else on it.
    awk '
    FNR == 1 { finish(); file = FILENAME; total = filled = comment = inside = 0 }
    { total++ }
    /^[ \t]*$/ { next }
    { filled++ }
    inside || /^[ \t]*\/\*/ { if ($0 !~ /\*\/[ \t]*[^ \t]/) comment++ }
    /\/\*/ { inside = 1 }
    /\*\// { inside = 0 }
    function finish() {
        if (file != "") print "file", file, total, filled, comment
    }
    END { finish() }
    ' "$@"
} | awk -f tests/lint/figures.awk ${quiet:+-v "$quiet"}

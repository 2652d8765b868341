#!/bin/sh
# Which version is this, and which commit?    version.sh [FILE]   prints "1.0.0 a1b2c3d"
#
# CHANGELOG.md decides the version: its first heading that has a date.  COMMIT, in
# the environment, is for who builds where git is not: a package.  A copy without
# the one or the other (a guest, the machine in the page) is of the version that it
# was built as before, which FILE has.
cd "$(dirname "$0")/.." || exit

# Another repository that happens to be around this one is not asked, and what
# belongs to another user is not changed.
git() {
    GIT_CEILING_DIRECTORIES=$(dirname "$PWD") GIT_OPTIONAL_LOCKS=0 \
        command git -c safe.directory='*' "$@" 2>/dev/null
}

# before NAME
before() {
    [ -z "$file" ] || sed -n "s/^#define $1 \"\(.*\)\"/\1/p" "$file" 2>/dev/null
}

file=${1-}
version=$(sed -n 's/^## \([0-9][0-9.]*\) (.*/\1/p' CHANGELOG.md 2>/dev/null | head -n 1)
commit=${COMMIT-}
if [ -z "$commit" ] && commit=$(git rev-parse --short HEAD); then
    [ -z "$(git status --porcelain --untracked-files=no)" ] || commit=$commit-dirty
fi
[ -n "$version" ] || version=$(before VERSION)
[ -n "$commit" ] || commit=$(before COMMIT)
echo "${version:-unknown} ${commit:-unknown}"

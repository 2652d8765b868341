#!/bin/sh
# Which version is this, and which commit?    version.sh   prints "1.0.0 a1b2c3d"
#
# CHANGELOG.md decides the version: its first heading that has a date.  COMMIT, in
# the environment, is for who builds where git is not: a package.
cd "$(dirname "$0")/.." || exit
version=$(sed -n 's/^## \([0-9][0-9.]*\) (.*/\1/p' CHANGELOG.md | head -n 1)
# Another repository that happens to be around this one is not asked, and what
# belongs to another user is not changed.
git() {
    GIT_CEILING_DIRECTORIES=$(dirname "$PWD") GIT_OPTIONAL_LOCKS=0 \
        command git -c safe.directory='*' "$@" 2>/dev/null
}
commit=${COMMIT-}
if [ -z "$commit" ] && commit=$(git rev-parse --short HEAD); then
    [ -z "$(git status --porcelain --untracked-files=no)" ] || commit=$commit-dirty
fi
echo "${version:-unknown} ${commit:-unknown}"

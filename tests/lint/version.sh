#!/bin/sh
# One release, one version, one day: CHANGELOG.md, debian/changelog, and the manual
# page's.  CHANGELOG.md decides.
set -eu
version=$(mk/version.sh | cut -d' ' -f1)
day=$(sed -n "s/^## $version (\(....-..-..\))\$/\1/p" CHANGELOG.md)
[ -n "$day" ] || {
    echo "CHANGELOG.md: no heading \"## 1.2.3 (2026-11-30)\" says which version this is"
    exit 1
}
packaged=$(sed -n '1s/^ten-steps (\([^)]*\)) .*/\1/p' debian/changelog)
[ "$packaged" = "$version" ] || {
    echo "debian/changelog: its first version is $packaged, and CHANGELOG.md's $version"
    exit 1
}
packaged=$(date -ud "$(sed -n 's/^ -- .*>  //p' debian/changelog | head -n 1)" +%F)
[ "$packaged" = "$day" ] || {
    echo "debian/changelog: version $version is of $packaged there, and in CHANGELOG.md of $day"
    exit 1
}

#!/bin/sh
# Can this machine build the kit?  A sentence for what is missing, where the
# compiler would print a page.
#
#   able.sh FILE [HEADER]...      FILE is made if it can; HEADER: needed, too
#
# CC, in the environment, is the compiler.
set -u
file=$1
shift

# stop WHAT HINT
stop() {
    rm -f "$file"
    printf 'make: %s\n  hint: %s\n' "$1" "$2" >&2
    exit 1
}

installs="sudo ./kit demo (or, with the tests, check) installs what is missing"
{ mkdir -p "$(dirname "$file")" && true >"$file"; } 2>/dev/null ||
    stop "nothing can be written to $PWD" \
        "read-only, full, or somebody else's: clone into a directory of your own"
{ printf '#!/bin/sh\n' >"$file" && chmod +x "$file"; } || stop "the disk of $PWD is full" "make room: df -h ."
"$file" 2>/dev/null ||
    stop "no program can be run from $PWD: it is mounted noexec" "clone into another directory"
command -v "${CC%% *}" >/dev/null || stop "there is no compiler ($CC)" "$installs"
command -v pkg-config >/dev/null || stop "pkg-config is missing" "$installs"
for each in stdio.h linux/sched.h sys/capability.h "$@"; do
    echo "#include <$each>" | $CC -E - >/dev/null 2>&1 && continue
    case $each in
    stdio.h) package="libc6-dev, glibc-devel" ;;
    linux/*) package="linux-libc-dev, kernel-headers" ;;
    sys/capability.h) package="libcap-dev, libcap-devel" ;;
    *) package="${each%.h}, ${each%.h}-devel" ;;
    esac
    stop "the header $each is missing (package $package)" "$installs"
done

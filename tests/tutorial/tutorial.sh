#!/bin/sh
# Runs every command of the tutorial and compares what it prints.
#
#   tests/tutorial/tutorial.sh [--update] [FILE]
#   tests/tutorial/tutorial.sh --same FILE
#
# --same only compares: what FILE, in another language, has its reader type is
# what TUTORIAL.md has, block by block, and that is typed.  Typed itself it is in
# a locale with UTF-8, as its readers have it; TUTORIAL.md in C.
#
# The commands run on a host of their own: new namespaces, an empty /run, a
# shared / as on a systemd machine.  An ordinary user types them, as readers do:
# so a sudo that is missing is noticed.  --update writes real output into FILE
# where it differs.
set -eu
cd "$(dirname "$0")/../.."

update=
if [ "${1-}" = --update ]; then
    update=1
    shift
fi
# What is typed and printed in a text, and what is said of how.
blocks() {
    echo 'fenced || /^<!-- /' | awk -f tools/headings.awk -f - "$1"
}

if [ "${1-}" = --same ]; then
    said=$(mktemp)
    trap 'rm -f "$said" "$said.english"' EXIT
    trap 'exit 130' INT TERM HUP
    blocks TUTORIAL.md > "$said.english"
    if blocks "$2" | diff "$said.english" - > "$said"; then
        echo "pass  tutorial $2: its $(grep -c '^```console' "$2") blocks of commands are those of TUTORIAL.md"
        echo "1 passed, 0 failed, 0 skipped"
        exit
    fi
    echo "FAIL  tutorial $2: its blocks are not those of TUTORIAL.md"
    head -n 20 "$said" | sed 's/^/      /'
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi
file=${1-TUTORIAL.md}

if [ "$(id -u)" != 0 ]; then
    echo "tests/tutorial/tutorial.sh: run as root (sudo)" >&2
    exit 1
fi
if [ -z "${TUTORIAL_HOST-}" ]; then
    export TUTORIAL_HOST=1
    # In a session of its own: ps(1) names the terminal of whoever has one.
    exec setsid --wait unshare --mount --uts --ipc --net --pid --fork --kill-child \
        --mount-proc "$0" ${update:+--update} "$file"
fi
# As under systemd; but not shared with the machine, whose own / may be so.
mount --make-rshared /

hostname host
mount -t tmpfs -o mode=755 tmpfs /run
ip link set lo up
# What names are asked of differs between machines.
mkdir -p /run/systemd/resolve
echo nameserver 192.0.2.53 > /run/systemd/resolve/resolv.conf
scratch=/run/tutorial
mkdir -p "$scratch/bin"
chmod 755 "$scratch"
# A setuid program that needs no password.
cp "$(command -v setpriv)" "$scratch/sudo"
chmod 4755 "$scratch/sudo"
printf '#!/bin/sh\nexec %s --reuid 0 --regid 0 --clear-groups "$@"\n' \
    "$scratch/sudo" > "$scratch/bin/sudo"
chmod +x "$scratch/bin/sudo"
PATH=$scratch/bin:$PATH:/usr/sbin:/sbin
export PATH LC_ALL=C
[ "$file" = TUTORIAL.md ] || LC_ALL=C.UTF-8
unset HOSTNAME MAKEFLAGS MAKELEVEL MFLAGS

# The reader owns the clone, and may be the only one who can enter it.
owner=$(stat -c %u .) group=$(stat -c %g .)
[ "$owner" != 0 ] || owner=65534 group=65534
as_user="setpriv --reuid $owner --regid $group --clear-groups"
as_reader=$as_user
# A clone that is closed to others, or no setuid programs: then root types.
$as_user sh -c "[ -x '$PWD/tests/tutorial/tutorial.sh' ] && sudo true" 2> /dev/null || as_reader=
if [ -n "$update" ]; then
    awk -v update=1 -v scratch="$scratch" -v run_as_user="$as_user" -v run_as_reader="$as_reader" \
        -f tests/tutorial/tutorial.awk "$file" > "$scratch/new"
    cat "$scratch/new" > "$file"
else
    awk -v update= -v scratch="$scratch" -v run_as_user="$as_user" -v run_as_reader="$as_reader" \
        -f tests/tutorial/tutorial.awk "$file"
fi

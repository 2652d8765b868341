#!/usr/bin/env bash
# Does the kit work where its users sit?
#
#   tests/kit/clean_root.sh SUITE [WORD]...     (as root; ./kit check-clean)
#
# A new Debian, SUITE (bookworm, trixie), has git, sudo and ca-certificates and
# no more.  There an ordinary user, whose home is closed to others, clones this
# repository at a terminal and types what README.md says.  WORDs are how that
# machine differs from others:
#
#   busy      programs beside use all its processors
#   hidepid   /proc shows users only processes of their own
#   weak      root has no CAP_SYS_RESOURCE
#   shell     a shell of that user, in place of the commands
#
# It has a root (by pivot_root), a terminal, namespaces and groups of its own;
# of this machine nothing is changed.  The first time its packages are fetched
# from where this machine's apt fetches them, and kept for a week in
# TEN_STEPS_ROOTS; it has no network itself.
#
# CHECK, in the environment, is typed in place of "sudo ./kit check".  PURPOSES are
# words of ./kit's table of packages: what that command may install.
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { printf 'clean root: %s\n' "$*" >&2; }

fail() {
    say "$1"
    exit 1
}

home=/home/learner

# Where a mirror does not answer, that is not the kit's fault: EX_TEMPFAIL.
unreachable() {
    grep -qE 'Failed to fetch|Could not (resolve|connect)|Temporary failure' "$1" || return 0
    say "$suite could not be fetched: is there a network?"
    exit 75
}

packages() {
    # shellcheck disable=SC2086 # a list of words
    ./kit packages $purposes
}

# The unpacked system, and the packages that ./kit installs, not yet installed.
root_build() {
    local new proxies log=$cache/$name.log
    mapfile -t proxies < <(sources_proxies)
    new=$(mktemp -d "$cache/$name.new.XXXXXX")
    # shellcheck disable=SC2064 # this directory
    trap "rm -rf --one-file-system '$new'" EXIT
    say "fetching $suite; this takes a minute, once a week"
    sources_for "$suite" >"$new/sources"
    # shellcheck disable=SC2016 # for the shell of mmdebstrap
    mmdebstrap --mode=root --variant=minbase --include=git,sudo,ca-certificates \
        --aptopt='APT::Install-Recommends "false"' "${proxies[@]}" \
        --dpkgopt=force-unsafe-io --skip=cleanup/apt/lists,cleanup/apt/cache \
        --customize-hook='chroot "$1" useradd -m -s /bin/bash learner' \
        --customize-hook="APT_CONFIG=\$MMDEBSTRAP_APT_CONFIG apt-get -qq -y \
            --download-only install $(packages | tr '\n' ' ')" \
        "$suite" "$new/root" "$new/sources" >"$log" 2>&1 || {
        tail -n 5 "$log" >&2
        unreachable "$log"
        fail "$suite could not be made: all that was said is in $log"
    }
    chmod 700 "$new/root$home"
    echo 'learner ALL=(ALL) NOPASSWD: ALL' >"$new/root/etc/sudoers.d/learner"
    echo 127.0.0.1 localhost host >"$new/root/etc/hosts"
    echo nameserver 127.0.0.1 >"$new/root/etc/resolv.conf"
    rm -rf --one-file-system "${cache:?}/$name"
    mv "$new/root" "$cache/$name"
    packages >"$cache/$name.packages"
}

# As a week ago or older, or for another list of packages: made anew.
root_provide() {
    if [ ! -d "$cache/$name/etc" ] ||
        [ -z "$(find "$cache/$name.packages" -mtime -7 2>/dev/null)" ] ||
        ! packages | cmp -s - "$cache/$name.packages"; then
        root_build
    fi
}

# The roots of runs that were killed: nobody holds their lock.
runs_remove() {
    local each
    for each in "$cache/$name".run.*; do
        [ ! -d "$each" ] || ! flock -n "$each" true || rm -rf --one-file-system "$each"
    done
}

# What is committed here, and what is not yet, as a repository to clone.
repository() {
    local commit git=(git -c safe.directory='*')
    commit=$("${git[@]}" stash create)
    "${git[@]}" init -q --bare -b main "$1"
    "${git[@]}" push -q "$1" "${commit:-HEAD}:refs/heads/main"
    chown -R --reference="$root$home" "$1"
}

# ---- In the namespaces that on_host made ----

# The few devices that a machine always has, and a terminal's own table.
devices() {
    local each
    mount -t tmpfs -o mode=755 tmpfs "$root/dev"
    mkdir "$root/dev/pts" "$root/dev/shm" "$root/dev/net"
    for each in null zero full random urandom tty kmsg fuse net/tun; do
        [ -e "/dev/$each" ] || continue
        : >"$root/dev/$each"
        mount --bind "/dev/$each" "$root/dev/$each"
    done
    mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts "$root/dev/pts"
    mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
    ln -s pts/ptmx "$root/dev/ptmx"
    ln -s /proc/self/fd "$root/dev/fd"
    for each in 0:stdin 1:stdout 2:stderr; do
        ln -s "/proc/self/fd/${each%:*}" "$root/dev/${each#*:}"
    done
}

enter() {
    local proc=rw
    case " $* " in *" hidepid "*) proc=hidepid=2 ;; esac
    mount --make-rprivate /
    mount --bind "$root" "$root"
    mount -o remount,bind,rw "$root" # on_host has made all else read-only
    mount -t proc -o "$proc" proc "$root/proc"
    mount -t sysfs sysfs "$root/sys"
    mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
    devices
    mount -t tmpfs -o mode=755 tmpfs "$root/run"
    mkdir "$root/run/lock"
    cd "$root"
    pivot_root . mnt
    umount -l /mnt
    mount --make-rshared /
    hash -r
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 CHECK="$CHECK" \
        bash /root/clean_root.sh --type "$@" <&0
}

# ---- In the new root ----

# A line for each thing that may be left; what is not the user's, in the clone.
machine() {
    cut -d' ' -f4- /proc/self/mountinfo | sed 's/ shared:[0-9]*//'
    find /sys/fs/cgroup -name '*ten-steps*' -type d
    find /run -path /run/sudo -prune -o -path /run/lock -prune -o -print
    find $home/ten-steps ! -user learner -print
    su learner -c "git -C $home/ten-steps status --porcelain"
    ls /sys/class/net
}

# at_terminal COMMAND: the user types it.  No key is pressed meanwhile.
at_terminal() {
    local status=0
    tail -f /dev/null | setpriv "${bounds[@]}" script -qefc "su - learner --session-command '$1'" /dev/null |
        sed -u 's/\r$//' || status=${PIPESTATUS[1]}
    return "$status"
}

keep_busy() {
    for _ in $(seq "$(nproc)"); do
        nice sh -c 'while :; do :; done' &
        disown
    done
}

type_all() {
    local before status=0 bounds=() totals
    case " $* " in *" weak "*) bounds=(--bounding-set=-sys_resource --inh-caps=-sys_resource) ;; esac
    case " $* " in *" busy "*) keep_busy ;; esac
    case " $* " in *" shell "*) exec su - learner ;; esac
    at_terminal 'git clone -q /srv/ten-steps.git ten-steps'
    before=$(machine)
    at_terminal "cd ten-steps && $CHECK" | tee /root/said || status=${PIPESTATUS[0]}
    totals=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' /root/said | tail -n 1 || :)
    read -r passed _ failed _ skipped _ <<<"${totals:-0 passed, 1 failed, 0 skipped}"
    [ "$status" = 0 ] || [ "$failed" -gt 0 ] || failed=1
    if [ "$before" = "$(machine)" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL  this is left, or was taken, by the check:"
        diff <(echo "$before") <(machine)
    fi
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
}

export CHECK=${CHECK:-sudo ./kit check}
case ${1-} in
--enter)
    root=$2
    shift 2
    enter "$@"
    ;;
--type)
    shift
    type_all "$@"
    exit
    ;;
esac

suite=${1:?which suite of Debian?}
shift
[ "$(id -u)" = 0 ] || fail "run as root (sudo)"
. tools/vm/sources.sh
cache=${TEN_STEPS_ROOTS:-/var/cache/ten-steps}
mkdir -p "$cache"
purposes=${PURPOSES:-demo check}
name=$suite${PURPOSES:+-${PURPOSES##* }}
exec 9>"$cache/$name.lock"
flock 9
(root_provide)
runs_remove
root=$(mktemp -d "$cache/$name.run.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
exec 8<"$root"
flock 8
cp -a "$cache/$name/." "$root"
exec 9>&-
repository "$root/srv/ten-steps.git"
cp tests/kit/clean_root.sh "$root/root"
say "$suite${*:+, }$*: $CHECK"
build/tests/oci/on_host tests/kit/clean_root.sh --enter "$root" "$@"

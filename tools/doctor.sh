#!/bin/sh
# Which of the ten chapters can be followed on this machine, and if not, why:
#
#   ./kit doctor              (or tools/doctor.sh [--trouble])
#
# Nothing is guessed from a version where it can be tried: each probe does what
# its chapter does, in namespaces that end with it, so this machine stays as it
# is (at most the kernel loads a module).  An ordinary user is root in a user
# namespace for this, and what cannot be seen from there is a "?".
#
# It runs before anything is installed: the shell, coreutils, util-linux, awk.
# --trouble prints only what does not work.  Exit status: 0 if all chapters
# can be followed, 1 if not, or if that could not be seen.
set -u
cd "$(dirname "$0")/.." || exit 1
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C
only_trouble=
[ "${1-}" != --trouble ] || only_trouble=1


# ---- Saying it ----

worst=0 # 1: something does not work, or was not seen

# row NAME STATE TEXT: a text of several lines stays in its column.
row() {
    case $2 in
    yes | -) [ -z "$only_trouble" ] || return 0 ;;
    *) worst=1 ;;
    esac
    printf '%s\n' "${3-}" | fold -s -w 57 | {
        IFS= read -r line
        printf '%-18s%-5s%s\n' "$1" "${2#-}" "$line"
        sed 's/^/                       /'
    } | sed 's/ *$//' || exit 1 # it says itself that the disk is full
}

# A chapter's row: the worst state counts, and what is wrong comes first.
chapter() {
    name=$1 state=yes wrong='' notes=''
}
line_break='
'
note() {
    notes="$notes$line_break$1"
}
# is STATE WHAT [DO]
is() {
    case $state:$1 in
    no:* | part:[?]) ;;
    *) state=$1 ;;
    esac
    wrong="$wrong$line_break$2${3:+${line_break}do: $3}"
}
end() {
    text=$wrong$notes
    row "$name" "$state" "${text#?}"
}


# ---- Looking ----

reads() {
    cat "$1" 2>/dev/null
}

# The first line of what a program complains about, without what says nothing.
plain() {
    printf '%s\n' "$1" | sed 's/^\(unshare\|sh: [0-9]*\|mount\): //; s/^unshare failed: //
        s/wrong fs type, bad option.*/the kernel refuses it, and dmesg says why/; q'
}

# try OPTION... COMMAND...: in new namespaces.  What went wrong is in $error.
try() {
    error="only root can look: sudo ./kit doctor"
    [ -z "$blind" ] || return 1
    # shellcheck disable=SC2086 # a list of options
    error=$(unshare $as_root "$@" 2>&1 </dev/null) && return
    error=$(plain "$error")
    return 1
}

# need CONFIG OPTION...: a namespace, and what the kernel is built with for it.
need() {
    option=$1
    shift
    ! try "$@" true || return 0
    case $1 in --mount) kind=mnt ;; *) kind=${1#--} ;; esac
    if [ -n "$blind" ]; then
        is "?" "$error"
    elif [ -n "$chrooted" ]; then
        is no "/ is not a mount point here, as in a chroot: $error" "$leave_chroot"
    elif [ "$(reads "/proc/sys/user/max_${kind}_namespaces")" = 0 ]; then
        is no "user.max_${kind}_namespaces is 0" "sudo sysctl user.max_${kind}_namespaces=10000"
    elif lacks "$option"; then
        is no "the kernel was built without CONFIG_$option" "$other_kernel"
    elif [ "$error" != "${error#*option}" ]; then
        is "?" "this unshare cannot try it: $error" "util-linux 2.36 or newer"
    else
        is no "unshare $*: $error" "$denied"
    fi
    return 1
}

# What the kernel was built with, if that can be read.
config=$({ gzip -dc /proc/config.gz || cat "/boot/config-$(uname -r)" ||
    cat "/lib/modules/$(uname -r)/config"; } 2>/dev/null | grep '=[ym]$')
lacks() {
    [ -n "$config" ] && ! printf '%s\n' "$config" | grep -q "^CONFIG_$1="
}

# Who looks?  Root in a user namespace is not the machine's root.  What may be
# done about a refusal hangs on this; if it is the same everywhere, the row
# "you" says it once.
other_kernel="use your distribution's own kernel"
as_root='' blind='' is_root='' denied=''
read -r _ outside size <<END
$(reads /proc/self/uid_map)
END
power=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
if [ "$(id -u)" != 0 ]; then
    as_root="--user --map-root-user"
    who="$(id -un), an ordinary user: 01 to 06 and 08 need sudo"
elif [ "${outside-0} ${size-4294967295}" != "0 4294967295" ]; then
    who="root in a user namespace, not the machine's: leave the rootless container"
elif [ $((0x${power:-0} >> 21 & 1)) = 0 ]; then
    who="root without CAP_SYS_ADMIN, as in a container: leave it for a virtual machine"
else
    who=root is_root=1
    denied="sudo dmesg may say why; in a container, leave it for a virtual machine"
fi
if [ -n "$as_root" ]; then
    # shellcheck disable=SC2086 # a list of options
    userns_error=$(unshare $as_root --mount mount -t tmpfs doctor /tmp 2>&1) || blind=1
fi

# What is mounted on / is not seen from a chroot below it.
chrooted='' leave_chroot="run from the real root, not from a chroot"
awk '$5 == "/" { at = 1 } END { exit !at }' /proc/self/mountinfo || chrooted=1

# no_userns STATE WHO ERROR: why are there none, or none with power in it?
no_userns() {
    if [ -n "$chrooted" ]; then
        is "$1" "$2: no user namespace can be made in a chroot" "$leave_chroot"
    elif [ "$(reads /proc/sys/user/max_user_namespaces)" = 0 ]; then
        is "$1" "$2: user.max_user_namespaces is 0" "sudo sysctl user.max_user_namespaces=10000"
    elif [ "$(reads /proc/sys/kernel/unprivileged_userns_clone)" = 0 ]; then
        is "$1" "$2: kernel.unprivileged_userns_clone is 0" \
            "sudo sysctl kernel.unprivileged_userns_clone=1"
    elif [ "$(reads /proc/sys/kernel/apparmor_restrict_unprivileged_userns)" = 1 ]; then
        is "$1" "$2: kernel.apparmor_restrict_unprivileged_userns is 1, as in Ubuntu" \
            "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
    elif lacks USER_NS; then
        is "$1" "$2: the kernel was built without CONFIG_USER_NS" "$other_kernel"
    else
        is "$1" "$2: $(plain "$3")" "sudo dmesg: AppArmor, SELinux or seccomp forbid it"
    fi
}


# ---- The machine ----

firmware="$(reads /sys/class/dmi/id/sys_vendor) $(reads /sys/class/dmi/id/product_name)"
machine() {
    kind=$(systemd-detect-virt --vm 2>/dev/null)
    # The first PID namespace always has this number.  WSL 2 itself uses another.
    if grep -qi microsoft /proc/sys/kernel/osrelease; then
        row machine - "virtual (WSL 2)"
    elif [ "$(readlink /proc/self/ns/pid)" != 'pid:[4026531836]' ]; then
        row machine - "in a container: much is forbidden; use a virtual machine"
    elif [ "${kind:-none}" != none ]; then
        row machine - "virtual ($kind): good, break what you like"
    elif grep -qw hypervisor /proc/cpuinfo || [ -e /proc/device-tree/hypervisor ] ||
        grep -q dummy-virt /proc/device-tree/compatible 2>/dev/null ||
        printf '%s' "$firmware" | grep -Eq 'QEMU|Virtual|VMware|innotek|Xen|Parallels|EC2'; then
        row machine - "virtual: good, break what you like"
    else
        row machine - "no sign of a virtual machine.  What the demos make here, and remove again: groups ten-steps in /sys/fs/cgroup, /run/ten-steps, the bridge ten-steps0, the nft table ten-steps; with the bridge ip_forward is on"
    fi
}

kernel() {
    IFS=.- read -r major minor _ <<END
$(uname -r)
END
    absent=
    for option in UTS_NS PID_NS IPC_NS USER_NS NET_NS TIME_NS CGROUPS MEMCG \
        CGROUP_PIDS CFS_BANDWIDTH CPUSETS BLK_CGROUP OVERLAY_FS VETH BRIDGE \
        NF_TABLES NFT_NAT NFT_MASQ SECCOMP_FILTER; do
        ! lacks $option || absent="$absent $option"
    done
    version="Linux $(uname -r), $(uname -m)"
    minor=${minor%%[!0-9]*}
    # RHEL 9 has newer features under an older number.
    if [ $((major * 1000 + minor)) -lt 5015 ] && [ "${version#*el9}" = "$version" ]; then
        row kernel no "$version: Linux 5.15 or newer is needed
do: install a newer system, or its backported kernel"
    elif [ -n "$absent" ]; then
        row kernel part "$version, built without$absent"
    else
        row kernel yes "$version"
    fi
}

packages() {
    if ! lacking=$(./kit missing); then
        row packages "?" "./kit does not run: $lacking"
    elif [ -z "$lacking" ]; then
        row packages yes "all are there"
    elif [ -n "$(./kit missing demo)" ]; then
        row packages no "missing: $lacking
do: sudo ./kit demo installs what it needs"
    else
        row packages no "missing: $lacking
do: sudo ./kit check installs what judges an exercise"
    fi
}

# Security modules forbid things whatever the kernel could do.
modules() {
    list=$(reads /sys/kernel/security/lsm)
    if [ -z "$list" ] && [ -n "$is_root" ]; then
        list=$(unshare --mount sh -c 'mount -t securityfs doctor /sys/kernel/security &&
            cat /sys/kernel/security/lsm' 2>/dev/null)
    fi
    case $(reads /sys/fs/selinux/enforce) in
    0) list="$list (SELinux only warns)" ;;
    1) list="$list (SELinux enforces)" ;;
    esac
    row "security" - "${list:-its modules cannot be seen}"
}

# Does a guest run?  There are machines whose /dev/kvm opens and then hangs.
boots() {
    try --mount sh -c 'mount -t tmpfs doctor /tmp && . tools/vm/accel.sh && accel_guest /tmp/disk'
}

# Only ./kit vm would use it.
kvm() {
    if [ ! -e /dev/kvm ]; then
        row KVM - "not here: ./kit vm emulates a guest, which is slower"
    elif ! (: <>/dev/kvm) 2>/dev/null; then
        row KVM - "not for you: ./kit vm emulates (sudo usermod -aG kvm $(id -un))"
    elif ! command -v qemu-system-x86_64 >/dev/null || [ "$(uname -m)" != x86_64 ]; then
        row KVM - "can be opened; whether a guest runs was not tried"
    elif [ -n "$only_trouble$blind" ] || boots; then
        row KVM - "works, for ./kit vm"
    else
        row KVM - "is there, but a guest does not start: ./kit vm has to emulate"
    fi
}


# ---- The chapters ----

uts() {
    chapter "01 UTS"
    need UTS_NS --uts
    end
}

pid() {
    chapter "02 PID"
    # A shell that reads its own number, and knows it.
    # shellcheck disable=SC2016 # for that shell
    numbers=$(sh -c 'read -r number rest </proc/self/stat; echo "$number $$"' 2>/dev/null)
    [ "${numbers% *}" = "${numbers#* }" ] ||
        is no "/proc is that of another PID namespace: numbers in it are of other processes" \
            "mount -t proc proc /proc"
    need PID_NS --pid --fork
    end
}

# Where / is not shared, the chapter's leak does not show by itself.
mounts() {
    chapter "03 mount"
    if need NAMESPACES --mount && ! try --mount --pid --fork --mount-proc true; then
        is no "a new /proc cannot be mounted: $error" "$denied"
    fi
    if grep -Eq '^[0-9]+ [0-9]+ [^ ]+ [^ ]+ / .* shared:' /proc/self/mountinfo; then
        note "/ is shared"
    else
        note "/ is private: its leak shows only after unshare --mount --propagation shared, as in the chapter"
    fi
    end
}

root() {
    chapter "04 chroot"
    if ! need NAMESPACES --mount; then
        :
    elif grep -q '^[^-]* / / .* - rootfs ' /proc/self/mountinfo; then
        is part "/ is the initramfs, which pivot_root cannot move" \
            "boot from a disk; until then --jail chroot"
    elif ! try --mount sh -c 'mount -t tmpfs doctor /tmp &&
        mkdir /tmp/old && cd /tmp && pivot_root . old'; then
        if command -v pivot_root >/dev/null; then
            is no "pivot_root: $error" "$denied"
        else
            is part "the command pivot_root is not here: the program works, and what is typed by hand does not" \
                "./kit check installs it (Debian 14: package util-linux-extra)"
        fi
    fi
    end
}

# What is mounted: "TYPE POINT OPTIONS" of each tree that can be reached.
trees() {
    awk '{ at = $5; sub(/.* - /, ""); if ($1 ~ /^cgroup2?$/) print $1, at, $3 }' \
        /proc/self/mountinfo | while read -r type at options; do
        [ ! -e "$at/cgroup.procs" ] || echo "$type $at $options"
    done
}

# An ordinary user's share: the first writable group on the way to their own.
delegated() {
    at=$1
    rest=$(sed -n 's/^0:://p' /proc/self/cgroup)
    while [ ! -w "$at" ] || [ ! -w "$at/cgroup.procs" ] || [ ! -w "$at/cgroup.subtree_control" ]; do
        rest=${rest#/}
        [ -n "$rest" ] || return 1
        at=$at/${rest%%/*}
        case $rest in */*) rest=${rest#*/} ;; *) rest= ;; esac
    done
    reads "$at/cgroup.controllers"
}

cgroups() {
    chapter "05 cgroups"
    need NAMESPACES --mount
    trees=$(trees)
    v2=$(printf '%s\n' "$trees" | sed -n 's/^cgroup2 \([^ ]*\) .*/\1/p' | head -n 1)
    v1=$(printf '%s\n' "$trees" | sed -n '/name=/d; s/^cgroup [^ ]* //p' | tr ',\n' '  ')
    v1=$(for each in $v1; do case $each in rw | ro) ;; blkio) echo io ;; *) echo "$each" ;; esac; done)
    all=" $(reads "$v2/cgroup.controllers") $(echo "$v1" | tr '\n' ' ')"
    case ${v2:+2}${v1:+1} in
    2) note "unified (v2)" ;;
    21) note "hybrid: limits by v1, which the kit translates; where the chapter shows files of v2, yours differ" ;;
    1) note "v1 only, which the kit translates; where the chapter shows files of v2, yours differ" ;;
    *) is no "no control groups are mounted that can be reached" \
        "sudo mount -t cgroup2 cgroup2 /sys/fs/cgroup" && end && return ;;
    esac
    absent=
    for each in memory cpu pids cpuset io; do
        case $all in *" $each "*) ;; *) absent="$absent $each" ;; esac
    done
    [ -z "$absent" ] || is part "these controllers are missing:$absent" \
        "boot with cgroup_enable=memory, or let the group above pass them down"
    need CGROUPS --cgroup
    top=$(echo "$trees" | grep -v name= | awk 'NR == 1 { print $2 }')
    if [ -z "$as_root" ] && [ ! -w "$top" ]; then
        is no "$top cannot be written to, as in most containers" "$denied"
    elif [ -n "$as_root" ] && [ -n "$v2" ]; then
        if own=$(delegated "$v2"); then
            note "without sudo: ${own:-no controller} (delegated to you)"
        else
            note "without sudo only in a group given to you: systemd-run --user --scope -p Delegate=yes sh"
        fi
    fi
    end
}

# The lowest layer is this directory, as build/rootfs will be in it; an upper
# in memory, as the stage has it.
overlay() {
    chapter "06 overlay"
    type=$(df --output=fstype . | tail -n 1)
    if ! need NAMESPACES --mount; then
        :
    elif ! try --mount sh -c 'mount -t tmpfs doctor /tmp && mkdir /tmp/u /tmp/w /tmp/m &&
        mount -t overlay -o lowerdir=.,upperdir=/tmp/u,workdir=/tmp/w doctor /tmp/m &&
        echo >/tmp/m/new'; then
        if lacks OVERLAY_FS; then
            error="the kernel was built without CONFIG_OVERLAY_FS"
        fi
        is no "a layer in this directory ($type): $error" \
            "sudo modprobe overlay, or clone onto a disk of the machine's own"
    fi
    case $type in
    overlay | nfs* | 9p | virtiofs | vboxsf | fuse* | prl_fs | vmhgfs*)
        note "$type can hold layers, hardly an --upper: clone onto a disk of the machine's own for that"
        ;;
    esac
    end
}

# The first directory on the way up that others may not pass: a closed home.
closed_directory() {
    directory=$PWD
    while [ "$directory" != / ]; do
        case $(stat -c %A "$directory") in
        *[xt]) directory=$(dirname "$directory") ;;
        *) echo "$directory" && return ;;
        esac
    done
}

capabilities() {
    chapter "07 capabilities"
    if [ -n "$as_root" ]; then
        [ -z "$blind" ] || no_userns part "no --userns without sudo" "$userns_error"
    elif ! try --user --map-root-user true; then
        no_userns no "no --userns" "$error"
    elif [ -n "$is_root" ]; then
        # As an ordinary user: the one who called sudo.
        error=$(setpriv --reuid "${SUDO_UID:-65534}" --regid "${SUDO_GID:-65534}" --clear-groups \
            unshare --user --map-root-user --mount mount -t tmpfs doctor /tmp 2>&1) ||
            no_userns part "no --userns without sudo" "$error"
        try --user --map-root-user --mount --pid --fork --mount-proc true ||
            is part "--userns: a new /proc cannot be mounted there: $error" \
                "/proc is partly covered here, as in most containers: leave it for a virtual machine"
        closed=$(closed_directory)
        [ -z "$closed" ] ||
            note "--userns with sudo: root inside is somebody else and cannot pass $closed to a layer (chmod o+x lets him)"
    fi
    end
}

network() {
    chapter "08 network"
    if need NAMESPACES --mount && need NET_NS --net; then
        if ! command -v ip >/dev/null; then
            is "?" "the program ip is missing: no bridge was tried"
        elif ! try --net sh -c 'ip link add doctor0 type bridge &&
            ip link add doctor1 type veth peer name doctor2'; then
            is part "no bridge or veth: $error" "sudo modprobe -a bridge veth; else --net none"
        fi
        if ! command -v nft >/dev/null; then
            is "?" "the program nft is missing: no rules were tried" \
                "install nftables (sudo ./kit demo does)"
        elif ! try --net nft 'add table ip doctor; add chain ip doctor c { type nat hook postrouting priority 100 ; }; add rule ip doctor c fib daddr type local masquerade'; then
            is part "--net bridge: the kernel refuses rules for NAT: $error" \
                "sudo modprobe -a nft_chain_nat nft_masq nft_fib_ipv4; else --net none"
        elif [ -n "$is_root" ] && nft -t list ruleset 2>/dev/null | grep -q 'hook forward.*policy drop'; then
            note "a firewall here (Docker, ufw?) drops what is forwarded: --net bridge says how to let it through"
        fi
    fi
    end
}

# run_code BYTES: a program of nothing but this machine code, in octal.
run_code() {
    # shellcheck disable=SC2016 # $1 is for the inner shell
    try --mount sh -c 'mount -t tmpfs -o exec doctor /tmp && printf "$1" >/tmp/x &&
        chmod +x /tmp/x && cd /tmp && ./x 2>/dev/null' sh "$elf_header$1"
}

seccomp() {
    chapter "09 seccomp"
    need NAMESPACES --mount
    case $(reads /proc/sys/kernel/seccomp/actions_avail) in
    *kill_process*errno*allow*) ;;
    *)
        is no "the kernel shows no seccomp filters (CONFIG_SECCOMP_FILTER)" \
            "$other_kernel"
        ;;
    esac
    [ "$(uname -m)" != x86_64 ] || old_calls
    grep -q '^Seccomp:.0' /proc/self/status || note "a filter is at work here already, as in most containers"
    end
}

# Two other ways into an x86-64 kernel, which a filter must close.
old_calls() {
    # ELF, 64 bit, one segment: the file at 0x400000; it starts at 0x400078.
    elf_header='\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\076\0\1\0\0\0\170\0\100\0\0\0\0\0\100\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\100\0\070\0\1\0\0\0\0\0\0\0\1\0\0\0\5\0\0\0\0\0\0\0\0\0\0\0\0\0\100\0\0\0\0\0\0\0\100\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\20\0\0\0\0\0\0'
    # mov edi, eax; shr edi, 31; mov eax, 60; syscall: exit with 1 if eax < 0.
    leave='\211\307\301\357\037\270\074\0\0\0\017\005'
    if [ -n "$blind" ]; then
        note "x32 and 32-bit calls could not be tried"
        return
    fi
    # mov eax, 0x40000027; syscall: getpid as x32.
    run_code "\\270\\047\\0\\0\\100\\017\\005$leave" && calls=x32 || calls=
    # mov eax, 20; int 0x80: getpid as a 32-bit program.
    run_code "\\270\\024\\0\\0\\0\\315\\200$leave" && calls="$calls 32-bit"
    case $calls in
    *x32*32*) note "x32 and 32-bit calls work: both attacks can be tried" ;;
    x32) note "no 32-bit calls: the attack int80 is skipped" ;;
    *32*) note "no x32 calls: the attack x32 is skipped (boot with syscall.x32=y)" ;;
    *) note "no x32 and no 32-bit calls: their attacks are skipped" ;;
    esac
}

everything() {
    chapter "10 full container"
    need NAMESPACES --mount
    need IPC_NS --ipc
    need TIME_NS --time --fork
    end
}

machine
row you - "$who"
kernel
modules
packages
[ -n "$only_trouble" ] || echo
uts
pid
mounts
root
cgroups
overlay
capabilities
network
seccomp
everything
[ -n "$only_trouble" ] || echo
kvm
[ -n "$only_trouble" ] || echo
if [ $worst = 0 ] && [ -n "$only_trouble" ]; then
    echo "Nothing on this machine stands in the way of a chapter (./kit doctor)."
elif [ $worst = 0 ]; then
    echo "All ten chapters can be followed here."
else
    echo "Not all can be followed as it is; \"do:\" says what helps."
fi || worst=1
exit $worst

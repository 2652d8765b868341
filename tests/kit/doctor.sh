#!/bin/sh
# Does ./kit doctor see what a machine lacks?
#
#   tests/kit/doctor.sh        (as root)
#   tests/kit/doctor.sh here   only what it says of the machine as it is
#
# Each test takes one thing away in namespaces of its own, and the doctor has
# to name it.  Where a thing cannot be taken away for real, a program that
# fails as it would stands in, first in PATH.  Nothing of this machine changes.
# shellcheck disable=SC2016 # scripts for another shell
set -u
cd "$(dirname "$0")/../.." || exit 1
kit=$PWD

if [ "$(id -u)" != 0 ]; then
    echo "tests/kit/doctor.sh: run as root (sudo)" >&2
    exit 1
fi
if [ -z "${DOCTOR_HOST-}" ]; then
    export DOCTOR_HOST=1
    exec unshare --mount --uts --ipc --net --propagation private "$kit/tests/kit/doctor.sh" "$@"
fi

# A copy, which an ordinary user can see wherever the clone is.
mount -t tmpfs -o mode=755 tmpfs /run
work=/run/doctor
. tests/verdict.sh
mkdir -p $work/bin $work/clone/tools/vm
cp kit $work/clone
cp tools/doctor.sh $work/clone/tools
cp tools/vm/accel.sh $work/clone/tools/vm
cd $work/clone || exit 1
unset SUDO_UID SUDO_GID MAKEFLAGS MAKELEVEL MFLAGS

# stand_in PROGRAM: the script that is read runs in its place.
stand_in() {
    { echo '#!/bin/sh' && cat; } >"$work/bin/$1"
    chmod +x "$work/bin/$1"
}

# A KVM that does not start a guest would cost time in each test.
stand_in qemu-system-x86_64 <<'END'
exit 3
END
PATH=$work/bin:$PATH

# doctor SCRIPT: the answer, where SCRIPT takes something away and ends with
# exec "$@".
doctor() {
    unshare --mount sh -c "$1" sh ./kit doctor >$work/out 2>$work/err </dev/null
    status=$?
}

# says PATTERN...: each matches a row, whose lines are joined.
says() {
    sed -e ':a' -e 'N' -e '$!ba' -e 's/\n \{23\}/ /g' $work/out >$work/rows
    for pattern; do
        grep -Eq -- "$pattern" $work/rows || {
            wrong="no row like: $pattern"
            return 1
        }
    done
}

# verify NAME STATUS PATTERN...: what the doctor said last.  It never complains
# itself, and keeps to 80 columns.
verify() {
    name=$1 wanted=$2 wrong=
    shift 2
    [ "$status" = "$wanted" ] || wrong="exit status $status, not $wanted"
    [ ! -s $work/err ] || wrong="it complains itself"
    [ -z "$(awk 'length > 80' $work/out)" ] || wrong="a line of more than 80 columns"
    [ -n "$wrong" ] || says "$@" || :
    grep -v ' yes$' $work/out >$work/rest
    judge "$name" "$wrong" $work/rest $work/err
}

# What the machine itself lacks is in each answer: the status is not a test's.
doctor 'exec "$@"'
here=$status
cp $work/out $work/usual
usual() {
    grep -q "^$1.* $2 " $work/usual || grep -q "^$1.* $2\$" $work/usual
}


# ---- It says what is, and changes nothing ----

grep -Eq '^.{18}(no|part|[?])' $work/out
verify its_exit_status_sums_up_the_rows $(($? == 0)) '^01 UTS' '^10 full container'

doctor 'exec "$@" >/dev/full'
[ "$status $(wc -l <$work/err)" = "1 1" ]
status=$?
: >$work/err
verify a_full_disk_is_said_once 0

doctor 'exec "$@"'
status=$(($(wc -l <$work/out) > 30))
verify it_fits_a_screen 0 '^kernel '

status=0
if [ "$(cat /sys/fs/selinux/enforce 2>/dev/null)" = 1 ]; then
    verify that_selinux_enforces_is_said 0 '^security .*selinux.*[(]SELinux enforces[)]'
else
    verdict skip that_selinux_enforces_is_said "it does not, on this machine"
fi
if [ "${1-}" = here ]; then
    totals
    exit
fi

state() {
    cat /proc/self/mountinfo
    ls -l --time-style=+ /proc/self/ns # each look makes them anew
    ls -l $work/clone $work/clone/tools
    ip -o link
    hostname
    find /run -path /run/doctor -prune -o -print
    nft list ruleset
}
before=$(state)
doctor 'exec "$@"'
after=$(state)
status=$([ "$before" = "$after" ]; echo $?)
verify it_changes_nothing 0 '^01 UTS'

(cd / && $work/clone/tools/doctor.sh --trouble) >$work/out 2>$work/err
status=$(grep -Ec '^[^ ].{17}(yes|  )' $work/out)
verify trouble_is_told_alone 0 .


# ---- Packages ----

for each in nft ip cc pivot_root; do
    path=$(command -v $each) || continue
    path=$(realpath "$path")
    doctor "mount --bind /dev/null $path; exec \"\$@\""
    case $each in
    nft) verify a_missing_nft_is_named 1 '^packages +no .*nftables.*do: sudo ./kit demo' '^08 .*[?] .*nft is missing' ;;
    ip) verify a_missing_ip_is_named 1 '^packages +no .*iproute' '^08 .*[?] .*ip is missing' ;;
    cc) verify a_missing_compiler_is_named 1 '^packages +no .*gcc' '^01 UTS +yes' ;;
    pivot_root) verify a_missing_pivot_root_is_named 1 '^04 chroot +part .*do: .*util-linux-extra' ;;
    esac
done

if pkg-config --exists check; then
    path=$(pkg-config --variable=pcfiledir check)/check.pc
    doctor "mount --bind /dev/null $path; exec \"\$@\""
    verify what_only_check_needs_is_not_said_to_come_with_demo 1 '^packages +no +missing: check do: sudo ./kit check'
fi

# What Debian calls essential, and no more.
mkdir $work/base
for each in awk cat chmod cp df dirname dpkg fold getopt grep gzip head id mkdir mount pivot_root \
    printf readlink sed setpriv sh sort stat tail timeout tr true truncate umount uname unshare zcat; do
    for directory in /usr/bin /bin /usr/sbin /sbin; do
        [ ! -x $directory/$each ] || { cp $directory/$each $work/base && break; }
    done
done
doctor 'mount -t tmpfs tmpfs /usr/sbin; PATH=/run/doctor/base exec "$@"'
verify a_base_system_is_enough_to_look 1 '^packages +no .*cc.*make' '^01 UTS +yes' '^06 overlay +' '^09 seccomp +'


# ---- Users ----

doctor 'exec setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$@"'
verify root_of_a_container_is_not_enough 1 '^you .*without CAP_SYS_ADMIN' '^01 UTS +no +unshare --uts: Operation not permitted$' '^08 network +no '

doctor 'mkdir /run/in; cd /run/in; for each in bin sbin lib lib64 usr etc dev proc sys tmp run; do
        if [ -L /$each ]; then cp -a /$each .
        elif [ -d /$each ]; then mkdir $each; mount --rbind /$each $each; fi
    done
    exec chroot . sh -c "cd /run/doctor/clone; exec \"\$@\"" sh "$@"'
rm -rf --one-file-system /run/in
verify a_chroot_gets_no_yes 1 '^03 mount +no .*chroot' '^04 .* no .*chroot' '^05 cgroups +no .*chroot' \
    '^06 .* no .*chroot' '^07 .* no .*chroot' '^08 .* no .*chroot' '^09 .* no .*chroot' '^10 .* no .*chroot'
doctor 'exec unshare --pid --fork "$@"'
verify a_proc_of_others_is_named 1 '^02 PID +no .*/proc is that of another PID namespace'
doctor 'mount -t tmpfs none /proc/acpi || mount -t tmpfs none /proc/fs; exec "$@"'
verify a_covered_proc_is_named 1 '^07 .*a new /proc cannot be mounted there'

user="setpriv --reuid 65534 --regid 65534 --clear-groups"
if $user unshare --user --map-root-user true 2>/dev/null; then
    doctor "exec $user \"\$@\""
    verify an_ordinary_user_sees_the_chapters $here '^you .*ordinary user.*sudo' '^01 UTS +yes'
    doctor 'exec unshare --user --map-root-user sh -c "echo 0 >/proc/sys/user/max_user_namespaces
        exec ./kit doctor"'
    verify no_user_namespaces_are_named 1 '^you .*root in a user namespace' \
        '^07 capabilities +no .*user.max_user_namespaces is 0.*do: sudo sysctl user.max'
    doctor 'exec unshare --user --map-root-user sh -c "echo 0 >/proc/sys/user/max_uts_namespaces
        exec ./kit doctor"'
    verify a_limit_of_zero_is_named 1 '^01 UTS +no +user.max_uts_namespaces is 0'
else
    verdict skip a_limit_of_zero_is_named "this machine lets ordinary users make no user namespace"
    verdict skip an_ordinary_user_sees_the_chapters "this machine lets ordinary users make no user namespace"
    verdict skip no_user_namespaces_are_named "this machine lets ordinary users make no user namespace"
fi

# As a home of mode 700 is for the user that --userns makes of root.
chmod 700 $work/clone
doctor 'exec "$@"'
chmod 755 $work/clone
verify a_closed_directory_above_the_layers_is_named $here '^07 capabilities .*cannot pass /run/doctor/clone .*chmod o\+x'

# As in Ubuntu 24.04: made, and then its root may not mount.
real=$(command -v unshare)
stand_in unshare <<END
case "\$(id -u) \$*" in
[1-9]*--user*--mount*) echo "mount: /tmp: permission denied." >&2; exit 1 ;;
esac
exec $real "\$@"
END
knob='mount -t tmpfs none /proc/sys/kernel; echo 1 >/proc/sys/kernel/apparmor_restrict_unprivileged_userns
    cat /proc/version >/proc/sys/kernel/osrelease; '
doctor "$knob exec \"\$@\""
verify root_hears_that_apparmor_restricts_users 1 '^01 UTS +yes' \
    '^07 capabilities +part .*without sudo.*apparmor_restrict_unprivileged_userns is 1.*do: sudo sysctl'
doctor "$knob exec $user \"\$@\""
verify a_restricted_user_is_told_what_he_cannot_see 1 '^01 UTS +[?] .*sudo ./kit doctor' \
    '^07 capabilities +part .*apparmor_restrict_unprivileged_userns is 1'
stand_in unshare <<END
case "\$(id -u) \$*" in
[1-9]*--user*) echo "unshare: unshare failed: Permission denied" >&2; exit 1 ;;
*--time*) echo "unshare: unshare failed: Invalid argument" >&2; exit 1 ;;
esac
exec $real "\$@"
END
doctor 'exec "$@"'
verify an_unknown_reason_is_quoted 1 '^07 capabilities +part .*Permission denied do: sudo dmesg'
verify a_kernel_without_time_namespaces_is_named 1 '^10 .* no .*--time.*Invalid argument'
stand_in unshare <<END
case " \$*" in *--time*) echo "unshare: unrecognized option '--time'" >&2; exit 1 ;; esac
exec $real "\$@"
END
doctor 'exec "$@"'
verify an_old_unshare_is_not_a_missing_namespace 1 '^10 .* [?] .*util-linux 2.36'
rm $work/bin/unshare


# ---- Mounts and control groups ----

doctor 'mount --make-rshared /; exec "$@"'
verify a_shared_root_is_named $here '^03 mount .*/ is shared'
doctor 'mount --make-rprivate /; exec "$@"'
verify a_private_root_is_named $here '^03 mount .*/ is private'

doctor 'mount -t tmpfs none /sys/fs/cgroup; exec "$@"'
verify covered_cgroups_are_named 1 '^05 cgroups +no .*no control groups.*do: sudo mount -t cgroup2'

doctor 'for at in $(awk "/ - cgroup2? / { print \$5 }" /proc/self/mountinfo); do
    mount -o remount,bind,ro $at; done; exec "$@"'
verify read_only_cgroups_are_named 1 '^05 cgroups +no .*cannot be written'

doctor 'umount -l -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; exec "$@"'
if usual "05 cgroups" "unified"; then
    verify unified_cgroups_are_named $here '^05 cgroups +yes +unified'
else
    verify missing_controllers_are_named 1 '^05 cgroups +part .*missing: memory.*unified'
fi

# A group that is given to an ordinary user, as systemd does.
v2=$(awk '/ - cgroup2 / { print $5; exit }' /proc/self/mountinfo)
if [ -n "$v2" ] && group=$v2/ten-steps-doctor.$$ && mkdir "$group"; then
    chown 65534 "$group" "$group/cgroup.procs" "$group/cgroup.subtree_control"
    doctor "echo \$\$ >$group/cgroup.procs; exec $user \"\$@\""
    rmdir "$group"
    verify a_delegated_group_is_named $here '^05 cgroups .*without sudo:.*delegated to you'
else
    verdict skip a_delegated_group_is_named "no cgroup v2 is mounted"
fi

# Overlays on overlays end at the third: this clone cannot be a layer.
mkdir $work/over
doctor 'mount -t tmpfs tmpfs /run/doctor/over && cp -a . /run/doctor/over/lower &&
    cd /run/doctor/over && mkdir u1 w1 first u2 w2 second &&
    mount -t overlay -o lowerdir=lower,upperdir=u1,workdir=w1 one first &&
    mount -t overlay -o lowerdir=first,upperdir=u2,workdir=w2 two second &&
    cd second && exec "$@"'
verify a_filesystem_that_cannot_hold_layers_is_named 1 '^06 overlay +no .*overlay'


# ---- The kernel and the machine ----

doctor 'mount -t tmpfs none /proc/sys/kernel/seccomp; exec "$@"'
verify a_kernel_without_seccomp_is_named 1 '^09 seccomp +no .*CONFIG_SECCOMP_FILTER'

stand_in uname <<'END'
case $1 in -r) echo 5.10.0-30-amd64 ;; *) echo x86_64 ;; esac
END
doctor 'exec "$@"'
verify an_old_kernel_is_named 1 '^kernel +no .*5.10.0.*5.15 or newer'
stand_in uname <<'END'
case $1 in -r) echo 5.14.0-427.13.1.el9_4.x86_64 ;; *) echo x86_64 ;; esac
END
doctor 'exec "$@"'
verify the_old_number_of_a_newer_kernel_is_no_trouble $here '^kernel +yes'
rm $work/bin/uname

stand_in nft <<'END'
echo 'Error: Could not process rule: No such file or directory' >&2
exit 1
END
doctor 'exec "$@"'
verify a_kernel_without_nat_is_named 1 '^08 network +part .*No such file or directory.*modprobe'
rm $work/bin/nft

doctor 'nft "add table ip t; add chain ip t FORWARD { type filter hook forward priority 0 ; policy drop ; }"
    exec "$@"'
nft flush ruleset # the one of this network namespace
verify a_firewall_that_drops_is_named $here '^08 network +yes .*firewall'

stand_in systemd-detect-virt <<'END'
echo none
exit 1
END
# These tests may themselves run in a container.
real=$(command -v readlink)
stand_in readlink <<END
case "\$*" in
/proc/self/ns/pid) echo 'pid:[4026531836]' ;;
*) exec $real "\$@" ;;
esac
END
doctor 'grep -v ^flags /proc/cpuinfo >/tmp/c.$$; mount --bind /tmp/c.$$ /proc/cpuinfo; rm /tmp/c.$$
    [ ! -e /sys/class/dmi ] || mount -t tmpfs none /sys/class/dmi; exec "$@"'
verify on_bare_metal_it_says_what_is_touched 1 '^machine .*no sign.*ten-steps0.*ip_forward'
rm $work/bin/systemd-detect-virt $work/bin/readlink

doctor 'exec unshare --pid --fork --mount-proc "$@"'
verify a_container_is_named $here '^machine .*container'

stand_in qemu-system-x86_64 <<'END'
exit 1
END
doctor 'mount -t tmpfs none /dev; mknod -m 666 /dev/null c 1 3; : >/dev/kvm; exec "$@"'
if [ "$(uname -m)" = x86_64 ]; then
    verify a_kvm_that_starts_no_guest_is_named $here '^KVM .*a guest does not start'
else
    verdict skip a_kvm_that_starts_no_guest_is_named "it is tried on x86-64 only"
fi
doctor 'mount -t tmpfs none /dev; mknod -m 666 /dev/null c 1 3; exec "$@"'
verify a_missing_kvm_is_named $here '^KVM .*not here'


# ---- Who calls it ----

printf 'all rootfs:\ndemo:\n\t@false\n' >Makefile
doctor 'mount -t tmpfs none /sys/fs/cgroup; exec ./kit demo 2>&1'
verify a_failed_demo_says_what_the_machine_lacks 2 '^05 cgroups +no '

totals

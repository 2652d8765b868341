# shellcheck shell=bash
# The guests of the matrix: which image, started with which kernel options,
# prepared how, and what is expected to be special there.

# shellcheck disable=SC2034 # for who sources this
guests_all="debian13 debian12 debian12-hybrid debian12-v1 selinux userns-restricted x32 arm64"

guest_image() {
    case $1 in
    debian12*) echo debian12 ;;
    selinux | x32 | arm64) echo "$1" ;;
    *) echo debian13 ;;
    esac
}

guest_about() {
    case $1 in
    debian13) echo "Debian 13: systemd, unified cgroups (v2), AppArmor" ;;
    debian12) echo "Debian 12: systemd, unified cgroups (v2), AppArmor" ;;
    debian12-hybrid) echo "Debian 12, v1 controllers beside an empty v2" ;;
    debian12-v1) echo "Debian 12, v1 only" ;;
    selinux) echo "Debian 13, SELinux enforcing instead of AppArmor" ;;
    userns-restricted) echo "Debian 13, user namespaces of ordinary users without power, as in Ubuntu 24.04" ;;
    x32) echo "Debian 13, with syscall.x32=y, and attacks on the machine itself" ;;
    arm64) echo "Debian 13 on arm64, emulated" ;;
    *) return 1 ;;
    esac
}

# What every stage isolates.
guest_stages="01 02 03 04 05 06 07 08 09 10"

# What shows its limits, numbers and modules only where v2 and AppArmor are real,
# and root has every capability.
guest_v2="test_05 test_09_lsm test_10_resources test_10_update test_10_events test_10_lsm
    test_10_pause test_10_systemd test_10_groups test_10_trees test_10_devices systemd doctor-here"

# What CI has time for, in Debian 13.
guest_ci() { echo "$guest_stages $guest_v2"; }

# What a quick run is, in words of tests/check.sh: what this guest is there for.
# Emulated on two processors, a whole ./kit check takes hours.
guest_quick() {
    case $1 in
    debian13) echo "$guest_stages $guest_v2 podman cri attacks machine" ;;
    debian12) echo "$guest_stages $guest_v2" ;;
    debian12-*)
        echo "$guest_stages test_10_resources test_10_devices test_10_groups test_10_trees test_10_update" \
            "test_10_events test_10_pause machine"
        ;;
    selinux) echo "$guest_stages test_09_lsm test_10_lsm doctor-here" ;;
    userns-restricted) echo "$guest_stages doctor-here" ;;
    x32) echo "$guest_stages attacks machine" ;;
    arm64) echo "$guest_stages test_01 test_bpf doctor-here" ;;
    esac
}

# What the learner runs there after it, without sudo.
guest_learner() {
    case $1 in
    debian13 | debian12) echo "tests/oci/systemd.sh" ;;
    userns-restricted) echo "tests/kit/restricted.sh" ;;
    *) echo true ;;
    esac
}

# What the kernel is told.
guest_kernel() {
    local v1="systemd.unified_cgroup_hierarchy=0"
    case $1 in
    debian12-hybrid) echo "$v1" ;;
    debian12-v1) echo "$v1 systemd.legacy_systemd_cgroup_controller=1" ;;
    selinux) echo "security=selinux selinux=1 enforcing=1" ;;
    x32) echo "syscall.x32=y" ;;
    esac
}

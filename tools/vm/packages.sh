# shellcheck shell=bash
# What is installed in a guest.

# The kit's own needs come from its table, so that nothing is missing later.
packages_of() { # IMAGE ARCH
    local machine tools engines
    machine="linux-image-cloud-$2 systemd systemd-sysv udev kmod dbus dbus-user-session
        libpam-systemd openssh-server sudo uidmap ca-certificates apparmor apparmor-utils"
    tools="bash-completion less nano man-db strace file jq iputils-ping netcat-openbsd
        libcap2-bin psmisc acl attr"
    engines="podman crun runc containerd docker.io umoci skopeo netavark aardvark-dns
        slirp4netns passt fuse-overlayfs iptables containernetworking-plugins
        protobuf-compiler python3-grpcio python3-protobuf python3-yaml"
    case $1 in
    # Nobody sits in these: the tests need less.
    debian12) tools="strace iputils-ping" engines="podman crun runc" ;;
    arm64) tools='' engines='' ;; # installed under emulation
    esac
    # ordinary users may ping; part of systemd itself in Debian 12
    [ "$(image_suite "$1")" = bookworm ] || tools="$tools linux-sysctl-defaults"
    # shellcheck disable=SC2086,SC2046 # lists of words
    echo $machine $tools $engines $(./kit packages demo check)
}

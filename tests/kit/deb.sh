#!/bin/bash
# Is Debian's package right?  In a new Debian (./kit check-deb) an ordinary user
# builds it, twice; then root installs it, podman uses it, and it goes again.
#
#   tests/kit/deb.sh      (as a user who has sudo; this machine is for throwing away)
set -u
cd "$(dirname "$0")/../.." || exit 1
out=$(mktemp -d)
subject=deb said=$out/said
. tests/verdict.sh

get() {
    # shellcheck disable=SC2024 # the list is this user's
    sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends "$@"
}

# Whatever is there; not what apt, man and podman keep of what they did.
files() {
    sudo find / -xdev \( -path /home -o -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/tmp \
        -o -path /var/cache -o -path /var/log -o -path /var/lib/apt -o -path /var/lib/dpkg \
        -o -path /var/lib/containers -o -path /etc/cni -o -path /dev -o -path /srv \) -prune -o -print | LC_ALL=C sort
}

# shellcheck disable=SC2046 # a list of words
verify the_tools_are_there get install $(./kit packages demo deb debcheck) man-db procps
verify a_root_for_containers make -s rootfs
files >"$out/before"

# ---- It is built ----

verify an_ordinary_user_builds_it ./kit deb
package=$(ls build/deb/ten-steps_*.deb)
again() {
    git clone -q . "$out/again" && make -s -C "$out/again" deb &&
        cmp "$package" "$out/again/$package"
}
verify elsewhere_it_becomes_the_same again
checked() { lintian --pedantic --display-info --fail-on error,warning,info,pedantic build/deb/*.changes; }
verify lintian_finds_no_fault checked
commit=$(git rev-parse --short HEAD)
version=$(mk/version.sh | cut -d' ' -f1)
same_version() { [ "$(dpkg-deb -f "$package" Version)" = "$version" ]; }
verify its_version_is_the_changelogs same_version

# ---- It is installed ----

verify it_installs get install "./$package"
there() { ten-steps --version | grep -x "commit: $commit" && ten-steps --version | grep -x "ten-steps version $version"; }
verify it_knows_its_commit there
page() { man -P cat "$1" | grep -i "$1"; }
verify there_are_pages page ten-steps
verify of_nsmap_too page nsmap
verify nsmap_runs sudo nsmap
hardened() {
    local each
    for each in ten-steps nsmap; do
        readelf -hlW "/usr/bin/$each" | grep 'DYN' && readelf -lW "/usr/bin/$each" | grep GNU_RELRO &&
            readelf -dW "/usr/bin/$each" | grep -E 'BIND_NOW|NOW' || return
        ! readelf -lW "/usr/bin/$each" | grep -E 'GNU_STACK.*E' || return
    done
}
verify its_programs_are_hardened hardened

# podman, as root.  This machine has neither a network nor systemd.
engine() {
    sudo podman --root "$out/root" --runroot "$out/runroot" --tmpdir "$out/tmp" --storage-driver overlay \
        --cgroup-manager cgroupfs --events-backend file "$@"
}
runs() {
    local said
    said=$(engine --runtime "$1" run --rm --network none --hostname box localhost/box \
        sh -c 'hostname; id -u') && [ "${said//[^a-z0-9]/ }" = "box 0" ]
}
image() { tar -C build/rootfs -c . | engine import - localhost/box; }
verify podman_has_an_image image
verify podman_runs_it_by_its_path runs /usr/bin/ten-steps
named() {
    sudo mkdir -p /etc/containers/containers.conf.d &&
        sudo cp /usr/share/doc/ten-steps/examples/containers.conf /etc/containers/containers.conf.d/ten-steps.conf &&
        runs ten-steps && engine --runtime ten-steps info --format '{{.Host.OCIRuntime.Path}}' | grep -x /usr/bin/ten-steps
    local status=$?
    sudo rm /etc/containers/containers.conf.d/ten-steps.conf
    sudo rmdir /etc/containers/containers.conf.d
    return $status
}
verify the_example_is_one_that_podman_takes named
lives() {
    engine --runtime /usr/bin/ten-steps run -d --name one --network none localhost/box sleep 1000 &&
        engine exec one hostname && engine stop -t 0 one && engine rm one
}
verify a_container_lives_and_is_entered lives
profile() { sudo apparmor_parser --skip-kernel-load --skip-cache /usr/share/doc/ten-steps/examples/apparmor-runtime; }
# Debian 12's does not know the rule.
! sudo apparmor_parser --version 2>/dev/null | grep -q 'version [4-9]' || verify the_profile_is_one profile

# ---- It goes ----

verify it_is_removed get remove ten-steps
files >"$out/after"
verify nothing_is_left diff "$out/before" "$out/after"
verify it_comes_again get install "./$package"
verify it_is_purged get purge ten-steps
files >"$out/after"
verify again_nothing_is_left diff "$out/before" "$out/after"
verify there_is_no_container_left sudo rmdir /run/ten-steps/oci /run/ten-steps
sudo rm -rf --one-file-system build/deb "$out" /run/containers
totals

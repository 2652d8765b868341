#!/bin/sh
# Make a small root file system:  rootfs.sh DIRECTORY
#
# One program, busybox, under the names of some 200 commands, and the files
# that programs expect around them.  It is made beside its place and renamed
# at the end, so that DIRECTORY is always either whole or not there.
set -eu

target=$1
new=$1.new.$$
busybox=$(command -v busybox) || {
    echo "rootfs: busybox is missing: run ./kit demo, or install busybox-static" >&2
    exit 1
}
trap 'rm -rf "$new"' EXIT
trap 'exit 1' INT TERM HUP

mkdir -p "$new"
cd "$new"
umask 022
mkdir bin dev etc home proc root run sys tmp usr var var/tmp mnt
chmod 755 .
chmod 1777 tmp var/tmp
chmod 700 root

# A dynamic busybox would look for a C library that is not there.
cp "$busybox" bin/busybox
if ldd bin/busybox >/dev/null 2>&1; then
    echo "rootfs: $busybox is not static: install busybox-static" >&2
    exit 1
fi
for name in $("$busybox" --list); do
    [ "$name" = busybox ] || ln -s busybox "bin/$name"
done
ln -s bin sbin
ln -s ../bin usr/bin
ln -s ../bin usr/sbin

cat >etc/passwd <<'END'
root:x:0:0:root:/root:/bin/sh
user:x:1000:1000:user:/home:/bin/sh
nobody:x:65534:65534:nobody:/:/bin/false
END
cat >etc/group <<'END'
root:x:0:
tty:x:5:
user:x:1000:
nogroup:x:65534:
END
cat >etc/hosts <<'END'
127.0.0.1 localhost
::1 localhost
END
cat >etc/profile <<'END'
PS1='\u@\h:\w\$ '
END
cat >etc/os-release <<'END'
NAME=busybox
ID=ten-steps
PRETTY_NAME="busybox, from build/rootfs"
END
touch etc/resolv.conf

cd - >/dev/null
rm -rf --one-file-system "$target"
mv -T "$new" "$target"

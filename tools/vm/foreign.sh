# shellcheck shell=bash
# Programs of arm64 on an x86-64 machine: while the image is built, its
# packages configure themselves, under qemu-user.
#
# The kernel starts an interpreter for files that begin with certain bytes
# (binfmt_misc); "F" opens it now, so that it is found inside a chroot, too.
# If the distribution has done this already, nothing is changed.

foreign_misc=/proc/sys/fs/binfmt_misc

# An ELF file, 64 bit, little endian, a program or library, of machine 183.
foreign_line() {
    printf '%s' ':ten-steps-arm64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00' \
        ':\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff' \
        ":$1:F"
}

# foreign_begin: for this process and its mount namespace (see image.sh).
foreign_begin() {
    local interpreter
    interpreter=$(command -v qemu-aarch64-static || command -v qemu-aarch64) ||
        fail "qemu-user is missing" "sudo ./kit check-vm installs it"
    [ -e $foreign_misc/register ] || mount -t binfmt_misc binfmt_misc $foreign_misc
    [ ! -e $foreign_misc/qemu-aarch64 ] && [ ! -e $foreign_misc/ten-steps-arm64 ] || return 0
    foreign_line "$interpreter" >$foreign_misc/register
    foreign_registered=1
}

foreign_end() {
    [ -z "${foreign_registered-}" ] || echo -1 >$foreign_misc/ten-steps-arm64
}

# shellcheck shell=bash
# An image in a file: an instructor brings the machine on a USB stick.
#
# What was saved of a running machine stays behind (it fits only this qemu and
# this processor), and the learner's own disk, too.  The key that logs in is
# in the file: whoever has it can log in to machines made from it, which only
# listen on 127.0.0.1.
# shellcheck disable=SC2154 # image is set by who sources this

# carry_path FILE: paths are meant from where ./kit was called.
carry_path() { case $1 in /*) echo "$1" ;; *) echo "${CALLER:-$PWD}/$1" ;; esac; }

carry_files="disk.img vmlinuz initrd key version arch stamp"

carry_export() {
    local file part began=$SECONDS
    file=$(carry_path "$1")
    [ -e "$image/disk.img" ] || fail "there is no image yet" "./kit vm"
    [ ! -d "$file" ] || fail "$file is a directory" "give the name of a file"
    # The key is in it: nobody else reads it, whatever the umask.
    part=$(mktemp -- "$file.XXXXXX") || fail "$file cannot be written"
    # shellcheck disable=SC2064 # this one
    trap "rm -f -- '$part'" EXIT
    # shellcheck disable=SC2086 # a list of words
    tar --sparse -C "$image" -cf - $carry_files | zstd -q -T0 -3 >"$part"
    [ "$(id -u)" != 0 ] || chown -- "${SUDO_UID:-0}:${SUDO_GID:-0}" "$part"
    mv -T -- "$part" "$file"
    say "$file: $(vm_size "$file") in $((SECONDS - began)) s"
}

carry_import() {
    local file began=$SECONDS new
    file=$(carry_path "$1")
    [ -r "$file" ] || fail "cannot read $file"
    new=$(mktemp -d "$vm_home/import.XXXXXX")
    # shellcheck disable=SC2064 # this one
    trap "rm -rf '$new'" EXIT
    # Of what others wrote only these, and none of them a link.
    # shellcheck disable=SC2086 # a list of words
    zstd -qdc -- "$file" | tar --sparse -C "$new" --no-same-owner -xf - $carry_files ||
        fail "$file is not what ./kit vm --export wrote, or not all of it"
    [ -z "$(find "$new" -mindepth 1 ! -type f)" ] || fail "$file holds something else than files"
    chmod 600 "$new/key"
    { [ -e "$new/disk.img" ] && [ -e "$new/arch" ]; } || fail "$file holds no machine"
    [ "$(cat "$new/arch")" = "$(vm_arch)" ] ||
        fail "$file is a machine for $(cat "$new/arch"), this one is $(vm_arch)"
    echo imported >"$new/stamp"
    chmod 755 "$new"
    rm -rf "$vm_home/debian13"
    mv "$new" "$vm_home/debian13"
    vm_give_back
    say "imported in $((SECONDS - began)) s, $(vm_size "$vm_home/debian13") on disk; now ./kit vm"
}

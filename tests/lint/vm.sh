#!/bin/sh
# Are the files in vm/ what their readers expect?  As far as it can be seen
# without macOS, Windows or a network:
#
#   tests/lint/vm.sh       (from the clone's top)
#
# cloud-init judges its own file, where it is installed; the packages are those
# of the kit's table; Lima's file has no key that Lima does not know.
set -u
status=0

# wrong FILE WHAT
wrong() {
    echo "$1: $2" >&2
    status=1
}

for package in $(./kit packages demo check); do
    grep -q "^- $package\$" vm/cloud-init.yaml || wrong vm/cloud-init.yaml "$package is missing"
    grep -Eq "^      (.* )?$package( |\$)" vm/lima.yaml || wrong vm/lima.yaml "$package is missing"
done

if command -v cloud-init >/dev/null; then
    said=$(cloud-init schema --config-file vm/cloud-init.yaml 2>&1) || wrong vm/cloud-init.yaml "$said"
else
    echo "note: cloud-init is not installed, so its schema was not asked"
fi

known=' images cpus memory disk mounts containerd provision message vmType arch ssh env probes user '
keys=$(sed -n 's/^\([A-Za-z0-9]*\):.*/\1/p' vm/lima.yaml)
for key in $keys; do
    case $known in *" $key "*) ;; *) wrong vm/lima.yaml "Lima has no key $key" ;; esac
done
for key in images mounts provision; do
    grep -q "^$key:" vm/lima.yaml || wrong vm/lima.yaml "no $key"
done
for arch in x86_64 aarch64; do
    grep -q "^  arch: \"$arch\"\$" vm/lima.yaml || wrong vm/lima.yaml "no image for $arch"
done
# The script that it runs is one.
sed -n '/^    #!/,/^[a-z]/s/^    //p' vm/lima.yaml | sh -n || wrong vm/lima.yaml "its script is none"
exit $status

#!/bin/bash
# In the guest, as root: it must really enforce, or the guest proves nothing.
set -eu
[ "$(getenforce)" = Enforcing ] || {
    echo "SELinux does not enforce here: $(getenforce)" >&2
    exit 1
}

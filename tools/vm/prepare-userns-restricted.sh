#!/bin/bash
# In the guest, as root: ordinary users get user namespaces without power, as
# in Ubuntu 24.04.  There every program without a profile of its own is put
# under one as soon as it makes a user namespace, and that profile denies all
# capabilities.  Debian's kernel has no such switch; so the learner's shell,
# and what it starts, is under a profile that says the same.  sudo leaves it.
set -eu
cp /bin/bash /usr/local/bin/learner-bash
cat >/etc/apparmor.d/learner-bash <<'PROFILE'
abi <abi/4.0>,
profile learner-bash /usr/local/bin/learner-bash {
  /usr/bin/sudo Ux,
  /** rwlkmix,
  file,
  userns,
  mount,
  umount,
  pivot_root,
  network,
  unix,
  signal,
  ptrace,
  dbus,
  # no capability: that is the restriction
}
PROFILE
apparmor_parser -r /etc/apparmor.d/learner-bash
usermod -s /usr/local/bin/learner-bash learner
# Who is logged in already has the old shell.
pkill -KILL -u learner || :

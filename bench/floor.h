/* What the floor and its filter must agree about. */
#pragma once

/* chown dac_override fowner fsetid kill setgid setuid setpcap
   net_bind_service net_raw sys_chroot mknod audit_write setfcap */
#define FLOOR_CAPS 0xa80425fbu

/* What the floor and its filter must agree about. */
#pragma once

#include <stdint.h>

/* chown dac_override fowner fsetid kill setgid setuid setpcap
   net_bind_service net_raw sys_chroot mknod audit_write setfcap */
#define FLOOR_CAPS UINT32_C(0xa80425fb)

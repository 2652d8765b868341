/* Each sentence for somebody who has the clone, and for who has not. */
#include "habits/hints.h"

#ifndef INSTALLED

const char hint_root[] = "give a directory with a root file system in it; "
			 "`make rootfs` makes one in build/rootfs";
const char hint_layer[] = "a layer is a directory that exists; `make rootfs` "
			  "makes one in build/rootfs";
const char hint_left[] = "a link of this name is there: if it is none of "
			 "yours, ./kit clean removes what killed containers "
			 "left";
const char hint_modules[] = "./kit doctor says which security modules there "
			    "are; the kernel's command line chooses them";
const char hint_try_runtime[] = "sudo bin/10-full-container --rootfs "
				"build/rootfs --boottime 86400 uptime";
const char hint_try_nsmap[] = "sudo bin/nsmap";
const char hint_try_explain[] = "sudo bin/explain bin/03-mount true";
const char hint_beside[] = "explain --beside 'bin/03-mount true' "
			   "'unshare -m true'";

#else

const char hint_root[] = "give a directory with a root file system in it";
const char hint_layer[] = "a layer is a directory that exists";
const char hint_left[] = "a link of this name is there: if it is none of "
			 "yours, a killed container left it: `ip link delete` "
			 "removes it";
const char hint_modules[] = "/sys/kernel/security/lsm says which security "
			    "modules there are; the kernel's command line "
			    "chooses them";
const char hint_try_runtime[] = "sudo ten-steps --boottime 86400 uptime";
const char hint_try_nsmap[] = "sudo nsmap";
const char hint_try_explain[] = "sudo explain unshare --mount true";
const char hint_beside[] = "explain --beside 'ten-steps true' "
			   "'unshare -m true'";

#endif

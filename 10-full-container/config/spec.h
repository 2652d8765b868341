/*
 * config.json: what the options of the stages say, as a file.
 *
 * The text of an OCI bundle is turned into the structs that the stages fill
 * from their command lines.  From there on it is the same program.
 */
#pragma once

#include <jansson.h>

#include "01-uts/uts.h"
#include "07-caps/userns.h"
#include "10-full-container/group/limits_read.h"
#include "10-full-container/group/rdt.h"
#include "10-full-container/guard/member.h"
#include "10-full-container/process/filter.h"
#include "10-full-container/process/memory_policy.h"
#include "10-full-container/process/personality.h"
#include "10-full-container/process/process.h"
#include "10-full-container/root/root.h"
#include "10-full-container/spaces/namespaces.h"
#include "10-full-container/spaces/net_devices.h"
#include "10-full-container/spaces/sysctl.h"
#include "10-full-container/talk/hooks.h"

struct spec {
	json_t *document; /* what the strings below point into */
	char *bundle;     /* the bundle's directory, absolute */
	struct uts uts;
	struct root root;
	const char *mount_label; /* SELinux's, or NULL */
	struct namespaces namespaces;
	struct clocks clocks;
	struct userns userns;
	struct net_device *net_devices; /* ends with a name of NULL */
	struct process process;
	struct memory_policy memory_policy;
	struct personality persona;
	struct rdt rdt;
	struct hook *hooks[HOOK_KINDS]; /* each ends with a path of NULL */
	struct sysctl *sysctls;
	struct filter filter;
	struct limits resources;
	const char *cgroup_path; /* NULL: not given */
	int notify;              /* a socket for the program: notify.h; or 0 */
};

/*
 * Read config.json in the directory `dir`; `bundle` is what relative paths
 * in it are relative to.  spec_free() is for the result in any case.
 */
int spec_read(struct spec *spec, int dir, const char *bundle);

/* Only what is needed once the container exists: the hooks. */
int spec_read_later(struct spec *spec, int dir, const char *bundle);
void spec_free(struct spec *spec);

/* A mount and a variable more: see talk/notify.h.  -1 after a message. */
int spec_add_notify(struct spec *spec);

/* The parts, each in a file of its own: rows of the tables. */
#define SPEC_AT(field) MEMBER_AT(struct spec, field)
member_read spec_read_process; /* a struct process: for `exec`, too */
member_read spec_read_mounts, spec_read_linux; /* of the struct spec */
member_read spec_read_maps;                    /* a struct id_maps */
int spec_need_maps(const struct value *node);
extern const struct member spec_process_members[], spec_linux_members[],
	spec_owner_members[];

/* When all has been read: what could not be known before. */
int spec_check_linux(struct spec *spec);
int spec_finish_mounts(struct spec *spec, const struct value *root);

/*
 * The same structs that a stage fills and uses are written down, so that the
 * container of `run` is the one that the options would have made directly.
 */
#include "10-full-container/config/spec_write.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include "habits/cleanup.h"
#include "habits/count.h"
#include "habits/error.h"
#include "07-caps/beyond/caps_names.h"
#include "07-caps/caps_sets.h"
#include "10-full-container/guard/json.h"
#include "10-full-container/spaces/namespaces.h"
#include "10-full-container/talk/state.h"

/* What runc hides and protects, because a container has no use for it. */
static const char masked_paths[] =
	"/proc/acpi,/proc/asound,/proc/kcore,/proc/keys,/proc/latency_stats,"
	"/proc/timer_list,/proc/timer_stats,/proc/sched_debug,/sys/firmware,"
	"/proc/scsi";
static const char readonly_paths[] =
	"/proc/bus,/proc/fs,/proc/irq,/proc/sys,/proc/sysrq-trigger";
static const char default_path[] =
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

int spec_write_paths(json_t *linux_node)
{
	if (json_object_set_new(linux_node, "maskedPaths",
				json_words(masked_paths)) < 0)
		return -1;
	return json_object_set_new(linux_node, "readonlyPaths",
				   json_words(readonly_paths));
}

/*
 * A runtime makes containers of a root file system and a network that are
 * there.  What makes those, and what looks at a container from outside, has no
 * place in config.json.
 */
static int spec_write_refuse(const struct last_stage *s)
{
	const struct {
		bool is_given;
		const char *option;
	} options[] = {
		{ s->pid.init, "init" },
		{ s->rootfs.jail != JAIL_PIVOT, "jail" },
		{ s->overlay.layers[0] != NULL, "layer" },
		{ s->overlay.upper != NULL, "upper" },
		{ s->overlay.diff, "diff" },
		{ s->overlay.commit != NULL, "commit" },
		{ s->cgroup.stats, "stats" },
		{ s->net.kind == NET_BRIDGE, "net" },
		{ s->net.ports != NULL, "publish" },
		{ s->seccomp.is_shown, "show-filter" },
	};

	for (size_t i = 0; i < COUNT(options); i++)
		if (options[i].is_given)
			return error_input("what config.json has no word for, "
					   "an engine does",
					   "option --%s: nothing in "
					   "config.json means this",
					   options[i].option);
	return 0;
}

/* A set is a mask in the kernel, and a list of names in config.json. */
static json_t *spec_write_set(uint64_t mask)
{
	json_t *list = json_array();
	char name[CAPS_NAME_SIZE];

	for (int number = 0; number < 64; number++) {
		if (!(mask & CAPS_BIT(number)))
			continue;
		caps_to_name(number, name);
		json_array_append_new(list, json_string(name));
	}
	return list;
}

/*
 * A new user namespace begins with all of them, whoever makes it.  Else it is
 * root who will run this, whoever writes it down: what the writer has himself
 * says nothing.
 */
static uint64_t spec_write_available(const struct last_stage *s)
{
	uint64_t mask = 0;

	for (cap_value_t cap = 0; cap < cap_max_bits(); cap++)
		if (s->userns.enabled || cap_get_bound(cap) > 0)
			mask |= CAPS_BIT(cap);
	return mask;
}

/* The plan is stage 07's: what it would have given the program itself. */
static json_t *spec_write_caps(const struct last_stage *s)
{
	struct caps_sets sets = caps_plan(&s->caps, spec_write_available(s));

	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "bounding",
			 spec_write_set(sets.bounding), "effective",
			 spec_write_set(sets.effective), "inheritable",
			 spec_write_set(sets.inheritable), "permitted",
			 spec_write_set(sets.permitted), "ambient",
			 spec_write_set(sets.ambient));
}

/* As runc does: without a command it is a shell, on a terminal. */
static json_t *spec_write_process(const struct last_stage *s)
{
	json_t *args = json_array();

	for (char **word = s->command; *word; word++)
		json_array_append_new(args, json_string(*word));
	if (!s->command[0])
		json_array_append_new(args, json_string("sh"));
	return json_pack("{s:b, s:{s:I, s:I}, s:o, s:[s, s], s:s, s:o, s:b, "
			 "s:s*, s:s*}",
			 "terminal", s->command[0] == NULL, "user", "uid",
			 (json_int_t)s->caps.uid, "gid",
			 (json_int_t)s->caps.gid, "args", args, "env",
			 default_path, "TERM=xterm", "cwd", "/", "capabilities",
			 spec_write_caps(s), "noNewPrivileges",
			 !s->caps.allow_new_privs, "apparmorProfile",
			 s->lsm.profile, "selinuxLabel", s->lsm.label);
}

/*
 * What is not in the list stays the host's: users without --userns, the
 * network with --net host.
 */
static json_t *spec_write_namespaces(const struct last_stage *s)
{
	json_t *list = json_array();

	for (int i = 0; i < NAMESPACE_KINDS; i++) {
		uint64_t flag = namespace_kinds[i].flag;

		if ((flag == CLONE_NEWUSER && !s->userns.enabled) ||
		    (flag == CLONE_NEWNET && s->net.kind == NET_HOST))
			continue;
		json_array_append_new(list, json_pack("{s:s}", "type",
						      namespace_kinds[i].name));
	}
	return list;
}

/* "0 2000000000 65536" in the words of config.json. */
static json_t *spec_write_map(const struct id_maps *maps)
{
	json_t *list = json_array();

	for (const struct id_map *map = maps->table; map->count; map++)
		json_array_append_new(
			list, json_pack("{s:I, s:I, s:I}", "containerID",
					(json_int_t)map->inside, "hostID",
					(json_int_t)map->outside, "size",
					(json_int_t)map->count));
	return list;
}

/* Offsets of 0, too: somebody may edit the file, and finds where. */
static json_t *spec_write_clocks(const struct clocks *clocks)
{
	return json_pack("{s:{s:I}, s:{s:I}}", "monotonic", "secs",
			 (json_int_t)clocks->monotonic.seconds, "boottime",
			 "secs", (json_int_t)clocks->boottime.seconds);
}

/*
 * Maps only with --userns: without a user namespace they are an error, see
 * spec_check_maps().
 */
static json_t *spec_write_linux(struct last_stage *s)
{
	struct caps_sets sets = caps_plan(&s->caps, spec_write_available(s));
	json_t *node = json_pack("{s:o, s:o, s:o}", "namespaces",
				 spec_write_namespaces(s), "timeOffsets",
				 spec_write_clocks(&s->clocks), "resources",
				 spec_write_resources(s->cgroup.settings));
	json_t *seccomp = spec_write_seccomp(&s->seccomp, sets.bounding);

	spec_write_paths(node);
	if (s->userns.enabled) {
		json_object_set_new(node, "uidMappings",
				    spec_write_map(&s->userns.uids));
		json_object_set_new(node, "gidMappings",
				    spec_write_map(&s->userns.gids));
	}
	if (seccomp)
		json_object_set_new(node, "seccomp", seccomp);
	return node;
}

/* Relative to the bundle, or if one was given, where it really is. */
static char *spec_write_rootfs(const struct rootfs *rootfs)
{
	char *path =
		rootfs->path ? realpath(rootfs->path, NULL) : strdup("rootfs");

	if (!path)
		error_call(NULL, "find the root file system %s", rootfs->path);
	return path;
}

/*
 * json_pack(3) takes the references of its parts ("o"), and fails if a part is
 * NULL; "s*" leaves out what is NULL.
 */
json_t *spec_write(struct last_stage *s)
{
	CLEANUP_FREE char *rootfs = NULL;
	json_t *document;

	/* Who writes it down need not be who may make it. */
	if (spec_write_refuse(s) < 0 ||
	    (s->userns.enabled &&
	     userns_plan(&s->userns, s->caps.uid, s->caps.gid) < 0))
		return NULL;
	rootfs = spec_write_rootfs(&s->rootfs);
	if (!rootfs)
		return NULL;
	document = json_pack(
		"{s:s, s:o, s:{s:s, s:b}, s:s*, s:s*, s:o, s:o}", "ociVersion",
		OCI_VERSION, "process", spec_write_process(s), "root", "path",
		rootfs, "readonly", 0, "hostname", s->uts.hostname,
		"domainname", s->uts.domainname, "mounts", spec_write_mounts(s),
		"linux", spec_write_linux(s));
	if (!document)
		error_input(NULL, "make a config.json of the options");
	return document;
}

/*
 * The new calls for mounts: a descriptor first stands for a file system that
 * is prepared, then for a mount that is nowhere.  Not before it is put into
 * its place it is a step; till then it is remembered what it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <string.h>

#include "tools/explain/flags.h"
#include "tools/explain/tell.h"

/* It is told only if it fails. */
static void tell_prepare(struct call *call, const char *what)
{
	step_is(&call->step, "mount.prepare");
	step_what(&call->step, "%s", what);
}

static void tell_only_failure(struct call *call)
{
	if (call->result >= 0)
		call->step.kind[0] = '\0';
}

void tell_fsopen(struct call *call)
{
	char type[CALL_TEXT];

	call_text(call, 0, type);
	tell_prepare(call, type);
}

void tell_fsopen_ended(struct call *call)
{
	if (call->result >= 0)
		process_name(call->process, (int)call->result, call->step.what);
	tell_only_failure(call);
}

/* "overlay lowerdir=/a,upperdir=/b": what is set is collected. */
void tell_fsconfig(struct call *call)
{
	int fd = call_fd(call, 0);
	char key[CALL_TEXT], value[CALL_TEXT] = "", all[3 * CALL_TEXT];

	call_text(call, 2, key);
	if (call->argument[1] == FSCONFIG_SET_STRING)
		call_text(call, 3, value);
	if (!key[0] || strcmp(key, "source") == 0)
		return;
	snprintf(all, sizeof(all), "%s%s%s%s%s",
		 process_named(call->process, fd),
		 strchr(process_named(call->process, fd), ' ') ? "," : " ", key,
		 value[0] ? "=" : "", value);
	process_name(call->process, fd, all);
}

void tell_fsmount(struct call *call)
{
	tell_prepare(call, process_named(call->process, call_fd(call, 0)));
	flags_tell(&call->step, flags_of_attributes, call->argument[2]);
}

void tell_fsmount_ended(struct call *call)
{
	tell_fsopen_ended(call);
}

void tell_open_tree(struct call *call)
{
	char path[CALL_TEXT];

	if (!(call->argument[2] & OPEN_TREE_CLONE))
		return;
	call_path(call, 0, 1, path);
	step_is(&call->step, "mount.prepare");
	step_what(&call->step, "bind %s", path);
}

void tell_open_tree_ended(struct call *call)
{
	tell_fsopen_ended(call);
}

/* "tmpfs size=1m" to its type and the rest. */
static void tell_placed(struct call *call, char *named, const char *target)
{
	char *rest = named + strcspn(named, " ");

	if (*rest)
		*rest++ = '\0';
	if (strcmp(named, "bind") == 0)
		tell_bound(call, rest, target);
	else
		tell_mounted(call, named, "", target, rest);
}

void tell_move_mount(struct call *call)
{
	char from[CALL_TEXT], target[CALL_TEXT], named[NAMED_SIZE];
	int fd = call_fd(call, 0);

	call_path(call, 2, 3, target);
	snprintf(named, sizeof(named), "%s", process_named(call->process, fd));
	if (named[0]) {
		tell_placed(call, named, target);
		return;
	}
	call_path(call, 0, 1, from);
	step_is(&call->step, "mount.move");
	step_what(&call->step, "%s to %s", from, target);
}

/* An empty path means the descriptor, which may be a mount that is nowhere. */
static void tell_setattr_target(struct call *call)
{
	char path[CALL_TEXT];
	const char *named = process_named(call->process, call_fd(call, 0));

	call_path(call, 0, 1, path);
	step_what(&call->step, "%s",
		  call->argument[2] & AT_EMPTY_PATH && named[0] ? named : path);
	if (call->argument[2] & AT_RECURSIVE)
		step_what(&call->step, "recursive");
}

void tell_mount_setattr(struct call *call)
{
	struct mount_attr attributes;
	const char *kind = "mount.attributes";

	if (call_read(call, call->argument[3], &attributes,
		      sizeof(attributes)) < 0)
		return;
	if (attributes.attr_set & MOUNT_ATTR_IDMAP)
		kind = "mount.idmap";
	else if (!attributes.propagation)
		;
	else if (attributes.propagation & MS_PRIVATE)
		kind = "mount.private";
	else if (attributes.propagation & MS_SLAVE)
		kind = "mount.slave";
	else if (attributes.propagation & MS_SHARED)
		kind = "mount.shared";
	else
		kind = "mount.unbindable";
	step_is(&call->step, kind);
	tell_setattr_target(call);
	flags_tell(&call->step, flags_of_attributes, attributes.attr_set);
}

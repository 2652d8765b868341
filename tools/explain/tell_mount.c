/* mount(2), and what makes another root. */
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "habits/count.h"
#include "tools/explain/flags.h"
#include "tools/explain/tell.h"
#include "tools/explain/text.h"

#define DATA_SHOWN 60

/* Which file system is which kind of step. */
static const struct {
	const char *type, *kind;
} types[] = {
	{ "proc", "mount.proc" },
	{ "tmpfs", "mount.tmpfs" },
	{ "ramfs", "mount.tmpfs" },
	{ "overlay", "mount.overlay" },
	{ "fuse.fuse-overlayfs", "mount.overlay" },
	{ "sysfs", "mount.sysfs" },
	{ "cgroup", "mount.cgroup" },
	{ "cgroup2", "mount.cgroup" },
	{ "mqueue", "mount.mqueue" },
	{ "devpts", "mount.devpts" },
};

/* Places that tell too much of the machine. */
static bool tell_is_hiding(const char *target)
{
	static const char *const places[] = { "/proc/", "/sys/firmware",
					      "/sys/devices/" };
	const char *at;

	for (size_t i = 0; i < COUNT(places); i++)
		if ((at = strstr(target, places[i])) &&
		    !strstr(target, "/proc/self") && !strstr(at, "/fd/"))
			return true;
	return false;
}

/* "lowerdir=/a:/b" has two layers. */
static void tell_layers(struct step *step, const char *data)
{
	const char *lower = strstr(data, "lowerdir=");
	int count = 1;

	if (!lower)
		return;
	for (; *lower && *lower != ',' && *lower != ' '; lower++)
		count += *lower == ':';
	step_words(step, "(%d below%s)", count,
		   strstr(data, "upperdir=") ? ", one to write" : "");
}

/* Options of a mount are as long as paths are. */
static void tell_data(struct step *step, const char *data)
{
	if (data[0])
		step_what(step, "%.*s%s", text_fits(data, DATA_SHOWN), data,
			  strlen(data) > DATA_SHOWN ? "..." : "");
}

void tell_mounted(struct call *call, const char *type, const char *source,
		  const char *target, const char *data)
{
	struct step *step = &call->step;
	const char *kind = "mount.other";

	for (size_t i = 0; i < COUNT(types); i++)
		if (strcmp(type, types[i].type) == 0)
			kind = types[i].kind;
	if (strcmp(kind, "mount.tmpfs") == 0 && tell_is_hiding(target))
		kind = "mount.hide";
	step_is(step, kind);
	if (strcmp(kind, "mount.other") == 0 && source[0] == '/')
		step_what(step, "%s", source);
	step_what(step, "%s on %s", type, target);
	if (strcmp(kind, "mount.overlay") == 0)
		tell_layers(step, data);
	else
		tell_data(step, data);
}

/* One of those that every container has. */
static bool tell_is_device(const char *path)
{
	static const char *const names[] = { "null", "zero",   "full",
					     "tty",  "random", "urandom",
					     "ptmx", "console" };
	const char *name = strrchr(path, '/');

	for (size_t i = 0; name && i < COUNT(names); i++)
		if (strcmp(name + 1, names[i]) == 0 && strstr(path, "/dev/"))
			return true;
	return false;
}

/* Nothing, or another hidden place, is put over it. */
static bool tell_is_cover(const char *source, const char *target)
{
	return tell_is_hiding(target) && strcmp(source, target) != 0 &&
	       (strcmp(source, "/dev/null") == 0 || tell_is_hiding(source));
}

static bool tell_is_namespace(const char *source)
{
	return (strncmp(source, "/proc/", 6) == 0 && strstr(source, "/ns/")) ||
	       strstr(source, ":[");
}

void tell_bound(struct call *call, const char *source, const char *target)
{
	struct step *step = &call->step;
	bool is_short = true; /* of both, only the target tells something */

	if (tell_is_cover(source, target)) {
		step_is(step, "mount.hide");
	} else if (tell_is_namespace(source)) {
		step_is(step, "mount.namespace");
		is_short = false;
	} else if (strcmp(source, "/proc/self/exe") == 0) {
		step_is(step, "mount.program");
		is_short = false;
	} else if (tell_is_device(source)) {
		step_is(step, "mount.device");
	} else if (strcmp(source, target) == 0) {
		step_is(step, "mount.itself");
	} else {
		step_is(step, "mount.bind");
		is_short = false;
	}
	if (is_short)
		step_what(step, "%s", target);
	else
		step_what(step, "%s on %s", source, target);
}

static const char *tell_propagation(unsigned long flags)
{
	return flags & MS_PRIVATE      ? "mount.private"
	       : flags & MS_SLAVE      ? "mount.slave"
	       : flags & MS_SHARED     ? "mount.shared"
	       : flags & MS_UNBINDABLE ? "mount.unbindable"
				       : NULL;
}

void tell_mount(struct call *call)
{
	unsigned long flags = (unsigned long)call->argument[3];
	char source[CALL_TEXT], target[CALL_TEXT], type[CALL_TEXT],
		data[CALL_TEXT];
	struct step *step = &call->step;

	call_path(call, -1, 0, source);
	call_path(call, -1, 1, target);
	call_text(call, 2, type);
	call_text(call, 4, data);
	if (flags & MS_REMOUNT) {
		step_is(step, "mount.attributes");
		step_what(step, "%s", target);
	} else if (flags & MS_BIND) {
		tell_bound(call, source, target);
	} else if (tell_propagation(flags)) {
		step_is(step, tell_propagation(flags));
		step_what(step, "%s", target);
	} else if (flags & MS_MOVE) {
		step_is(step, "mount.move");
		step_what(step, "%s to %s", source, target);
	} else {
		tell_mounted(call, type, source, target, data);
	}
	if (!(flags & MS_BIND) || flags & MS_REMOUNT)
		flags_tell(step, flags_of_mount, flags);
}

/* "." or the last part of a path. */
static const char *tell_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* What was the root before pivot_root(2) has the place that this gave it. */
static bool tell_is_old_root(const struct call *call, const char *path)
{
	const char *old = call->process->old_root;

	return *old && strncmp(tell_name(path), old, NAME_SIZE - 1) == 0;
}

void tell_umount(struct call *call)
{
	char target[CALL_TEXT], name[CALL_TEXT];

	call_text(call, 0, name);
	call_path(call, -1, 0, target);
	step_is(&call->step,
		tell_is_old_root(call, name) ? "umount.old_root" : "umount");
	step_what(&call->step, "%s", target);
	flags_tell(&call->step, flags_of_umount, call->argument[1]);
}

/* Which directory is it, seen from outside?  "." is where the process is. */
static void tell_root(struct call *call, const char *root)
{
	char link[64];
	ssize_t length;

	snprintf(call->root, CALL_TEXT, "%s", root);
	if (strcmp(root, ".") != 0)
		return;
	snprintf(link, sizeof(link), "/proc/%d/cwd", call->tid);
	length = readlink(link, call->root, CALL_TEXT - 1);
	call->root[length > 0 ? length : 0] = '\0';
}

void tell_pivot_root(struct call *call)
{
	char root[CALL_TEXT], old[CALL_TEXT];

	call_text(call, 0, root);
	call_text(call, 1, old);
	step_is(&call->step, "pivot_root");
	step_what(&call->step, "%s %s", root, old);
	tell_root(call, root);
}

static bool tell_sees_same_mounts(pid_t a, pid_t b)
{
	struct stat one, other;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", a);
	if (stat(path, &one) < 0)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", b);
	return stat(path, &other) == 0 && one.st_ino == other.st_ino;
}

/* All with these mounts have another root now, such as the shell before it. */
void tell_pivot_root_ended(struct call *call)
{
	struct process *process = call->process;
	char old[CALL_TEXT];

	if (call->result < 0)
		return;
	call_text(call, 1, old);
	do {
		snprintf(process->old_root, NAME_SIZE, "%.*s", NAME_SIZE - 1,
			 tell_name(old));
		process = process->parent;
	} while (process && tell_sees_same_mounts(process->pid, call->tid));
}

void tell_chroot(struct call *call)
{
	char root[CALL_TEXT];

	call_path(call, -1, 0, root);
	step_is(&call->step, "chroot");
	step_what(&call->step, "%s", root);
	tell_root(call, root);
}

/* mknod and mknodat: pipes and sockets are no devices. */
void tell_device(struct call *call)
{
	int at = strcmp(call->step.call, "mknodat") == 0;
	uint64_t mode = call->argument[1 + at], number = call->argument[2 + at];
	char path[CALL_TEXT];

	if (!S_ISCHR(mode) && !S_ISBLK(mode))
		return;
	call_path(call, at ? 0 : -1, at, path);
	step_is(&call->step, "device");
	step_what(&call->step, "%s %u:%u", path, major(number), minor(number));
}

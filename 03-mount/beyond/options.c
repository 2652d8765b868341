/*
 * What --mount and --tmpfs understand.
 *
 * Each fills one row of the table of mounts.  Nothing is mounted here, and the
 * kernel is not asked: whether a source exists is seen by mounts_open(), which
 * runs where it counts.
 */
#include <errno.h>
#include <linux/mount.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/error.h"
#include "03-mount/mounts.h"

/* The next free row of the table, or NULL after a message. */
static struct mount *mounts_next(struct mounts *mounts, const char *name)
{
	for (int i = 0; i < MOUNTS_MAX - 1; i++)
		if (!mounts->table[i].target)
			return &mounts->table[i];
	error_input(NULL, "option --%s: at most %d mounts can be given", name,
		    MOUNTS_MAX - 1);
	return NULL;
}

/* Cut `value` at its first colon.  Returns what follows, or NULL. */
static char *mounts_cut(char *value)
{
	char *colon = strchr(value, ':');

	if (colon)
		*colon++ = '\0';
	return colon;
}

/*
 * A relative path would depend on where the program was started; and on "/"
 * itself the mount would cover the container's whole root.
 */
static int mounts_check_target(const char *name, const char *target)
{
	if (target[0] != '/' ||
	    target[strspn(target, "/.")] == '\0') /* "/", "/..", "//" */
		return error_input(
			"write it like --mount /srv/data:/data:ro or "
			"--tmpfs /scratch:64m",
			"option --%s: \"%s\" is not an absolute path "
			"below /",
			name, target);
	return 0;
}

/*
 * "/srv/data:/data:ro" is cut at its colons, in a copy that is never freed:
 * the row points into it.  So a path with a colon in it cannot be given.
 */
static int mounts_parse_bind(void *field, const char *name, const char *value)
{
	struct mount *mount = mounts_next(field, name);
	char *source, *target, *access;

	if (!mount)
		return -1;
	mount->source = source = strdup(value); /* stays with the table */
	if (!source)
		return error_call(NULL, "copy the value of --%s", name);
	target = mounts_cut(source);
	access = target ? mounts_cut(target) : NULL;
	if (!target)
		return error_input("SOURCE:TARGET, or SOURCE:TARGET:ro",
				   "option --%s: \"%s\" has no second path, "
				   "where to mount it",
				   name, value);
	if (mounts_check_target(name, target) < 0)
		return -1;
	if (source[0] == '\0')
		return error_input(NULL, "option --%s: the source is empty",
				   name);
	if (access && strcmp(access, "ro") != 0 && strcmp(access, "rw") != 0)
		return error_input(
			"after the second colon: ro or rw",
			"option --%s: \"%s\" is not a kind of access", name,
			access);
	*mount = (struct mount){ .source = source, .target = target };
	if (access && strcmp(access, "ro") == 0)
		mount->attributes = MOUNT_ATTR_RDONLY;
	return 0;
}

/* Sizes as tmpfs(5) takes them: digits, then k, m, g or % */
static int mounts_check_size(const char *name, const char *size)
{
	size_t digits = strspn(size, "0123456789");
	const char *unit = size + digits;

	errno = 0;
	if (digits > 0 && strtoull(size, NULL, 10) > 0 && errno == 0 &&
	    strspn(unit, "kKmMgG%") == strlen(unit) && strlen(unit) <= 1)
		return 0;
	return error_input("a number, then k, m or g: --tmpfs /scratch:64m",
			   "option --%s: \"%s\" is not a size", name, size);
}

/*
 * "/scratch:64m".  Without a size the kernel gives a tmpfs half of the memory;
 * with a memory limit (stage 05) what is written to it counts there as well.
 */
static int mounts_parse_tmpfs(void *field, const char *name, const char *value)
{
	struct mount *mount = mounts_next(field, name);
	char *target, *size, *data = NULL;

	if (!mount)
		return -1;
	mount->target = target = strdup(value); /* stays with the table */
	if (!target)
		return error_call(NULL, "copy the value of --%s", name);
	size = mounts_cut(target);
	if (mounts_check_target(name, target) < 0 ||
	    (size && mounts_check_size(name, size) < 0))
		return -1;
	if (size && asprintf(&data, "size=%s", size) < 0)
		return error_call(NULL, "copy the value of --%s", name);
	*mount = (struct mount){
		.target = target,
		.type = "tmpfs",
		.data = data,
		.attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
	};
	return 0;
}

const struct option_entry mounts_options[] = {
	{ 'v', "mount", "SRC:DST[:ro]", "show SRC of the host at DST inside",
	  mounts_parse_bind, 0 },
	{ 't', "tmpfs", "DST[:SIZE]", "an empty directory in memory at DST",
	  mounts_parse_tmpfs, 0 },
	{ 0 },
};

/*
 * A filesystem is configured option by option, and then made.
 *
 * mount(2) takes all options as one string, and its one errno has to stand
 * for each of them.  Here each is a call of its own: "size=1m" is a key with a
 * value, "ro" a flag.  So an error is about one option.
 */
#include "03-mount/filesystem.h"

#include <errno.h>
#include <linux/mount.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "03-mount/syscalls.h"

#define FILESYSTEM_VALUE_MAX 255 /* of one option: see fsconfig(2) */

static const struct hint filesystem_hints[] = {
	{ EPERM,
	  "the mount needs CAP_SYS_ADMIN in the user namespace that owns "
	  "it; a new proc also a new PID namespace and, with --userns, a /proc "
	  "here with nothing mounted over its parts" },
	{ EBUSY, "this filesystem is already mounted elsewhere in a way that "
		 "hides parts of it" },
	{ EMFILE, "each mount takes a descriptor: see ulimit -n" },
	{ ENODEV, "this kernel has no such filesystem: see /proc/filesystems" },
	{ ENOSYS, "the new mount calls are missing (Linux 5.12)" },
	{ ENAMETOOLONG, "the kernel takes up to 255 bytes for one option" },
	{ 0, NULL },
};

/* What is read begins with its kind: "e tmpfs: Bad value for 'size'". */
int filesystem_complain(int context, const struct mount *mount)
{
	char message[256] = "";
	int error = errno;
	ssize_t length = read(context, message, sizeof(message) - 1);

	message[strcspn(message, "\n")] = '\0';
	errno = error;
	return error_call(filesystem_hints, "make a %s for %s%s%s", mount->type,
			  mount->target, length > 2 ? ": " : "",
			  length > 2 ? message + 2 : "");
}

/* Cut off the first of them; between quotes a comma is none. */
static char *filesystem_next_option(char **rest)
{
	char *option = *rest, *end = option;
	bool is_quoted = false;

	for (; end && *end && (is_quoted || *end != ','); end++)
		is_quoted ^= *end == '"';
	if (end)
		*rest = *end ? end + 1 : NULL;
	if (end)
		*end = '\0';
	return option;
}

/* "name", "name=value" or "name=\"value, with a comma\"". */
static int filesystem_set_option(int context, char *option)
{
	char *value = strchr(option, '=');
	size_t length;

	if (!value)
		return fsconfig(context, FSCONFIG_SET_FLAG, option, NULL, 0);
	*value++ = '\0';
	length = strlen(value);
	if (length > 1 && value[0] == '"' && value[length - 1] == '"') {
		value[length - 1] = '\0';
		value++;
	}
	errno = ENAMETOOLONG;
	if (strlen(value) > FILESYSTEM_VALUE_MAX)
		return -1;
	return fsconfig(context, FSCONFIG_SET_STRING, option, value, 0);
}

int filesystem_set_options(int context, const char *options)
{
	CLEANUP_FREE char *copy = strdup(options);
	char *rest = copy, *option;

	if (!copy)
		return -1;
	while ((option = filesystem_next_option(&rest)) != NULL)
		if (option[0] && filesystem_set_option(context, option) < 0)
			return -1;
	return 0;
}

/* The last call makes the filesystem, of all that was said before. */
static int filesystem_configure(int context, const struct mount *mount)
{
	/* What findmnt(8) and /proc/mounts show as the device. */
	if (fsconfig(context, FSCONFIG_SET_STRING, "source",
		     mount->source ? mount->source : mount->type, 0) < 0)
		return -1;
	if (mount->data && filesystem_set_options(context, mount->data) < 0)
		return -1;
	return fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

int filesystem_mount(int context, const struct mount *mount)
{
	if (context < 0 || filesystem_configure(context, mount) < 0)
		return -1;
	return fsmount(context, FSMOUNT_CLOEXEC,
		       (unsigned int)mount->attributes);
}

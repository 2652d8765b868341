/*
 * A context of fsopen(2) is read for what the kernel has to say.
 */
#include "03-mount/beyond/why.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "habits/error.h"

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
int why_no_filesystem(int context, const struct mount *mount)
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

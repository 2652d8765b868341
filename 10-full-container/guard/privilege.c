/*
 * User 0 need not be root: engines of ordinary users run us in a user
 * namespace, where they are 0, and everything of the host is somebody else's.
 */
#include "10-full-container/guard/privilege.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/error.h"

/* Of the first user namespace: the same in every kernel (linux/nsfs.h). */
#define FIRST_USERS 0xEFFFFFFDU

/*
 * Another one may map all ids to themselves, too; the number of its file is
 * still another.  Where there is none there are no such namespaces.
 * See user_namespaces(7).
 */
int privilege_is_root(void)
{
	struct stat users;

	if (geteuid() != 0)
		return 0;
	if (stat("/proc/self/ns/user", &users) == 0)
		return users.st_ino == FIRST_USERS;
	return errno == ENOENT ? 1
			       : error_call(NULL, "look at /proc/self/ns/user");
}

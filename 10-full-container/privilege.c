/*
 * User 0 need not be root: engines of ordinary users run us in a user
 * namespace, where they are 0, and everything of the host is somebody else's.
 */
#include "10-full-container/privilege.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "01-uts/cleanup.h"

/*
 * The first user namespace maps all ids to themselves, as no other one does:
 * "0 0 4294967295".  Where that cannot be read there are no namespaces.
 * See user_namespaces(7).
 */
bool privilege_is_root(void)
{
	CLEANUP_CLOSE int fd = open("/proc/self/uid_map", O_RDONLY | O_CLOEXEC);
	char text[128] = "", *end;

	if (geteuid() != 0)
		return false;
	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		return true;
	end = strrchr(text, ' ');
	return !end || strcmp(end, " 4294967295\n") == 0;
}

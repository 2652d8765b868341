/*
 * User 0 need not be root: engines of ordinary users run us in a user
 * namespace, where they are 0, and everything of the host is somebody else's.
 */
#include "10-full-container/privilege.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "05-cgroups/look.h"

/*
 * The first user namespace maps all ids to themselves, as no other one does:
 * "0 0 4294967295".  Where there is no such file there are no namespaces.
 * See user_namespaces(7).
 */
int privilege_is_root(void)
{
	CLEANUP_CLOSE int fd = -1;
	char text[128] = "", *end;
	int answer;

	if (geteuid() != 0)
		return 0;
	answer = look_open(AT_FDCWD, "/proc/self/uid_map", O_RDONLY, &fd);
	if (answer == 0)
		return 1;
	if (answer < 0 || read(fd, text, sizeof(text) - 1) < 0)
		return error_call(NULL, "read /proc/self/uid_map");
	end = strrchr(text, ' ');
	return !end || strcmp(end, " 4294967295\n") == 0;
}

/*
 * To hear that memory ran out, without asking again and again.
 *
 *     v2    memory.events     poll(2) says POLLPRI when the file has changed
 *     v1    memory.oom_control, and an eventfd(2) that is tied to it
 */
#include "10-full-container/oom.h"

#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "05-cgroups/files.h"
#include "05-cgroups/tree.h"

/*
 * poll(2) tells of a change since the last read on the same descriptor, so
 * this is read to arm it, too.
 */
static long long oom_count(int fd)
{
	char text[CGROUP_TEXT];
	ssize_t length = pread(fd, text, sizeof(text) - 1, 0);

	text[length < 0 ? 0 : length] = '\0';
	return cgroup_find_number(text, "oom_kill");
}

/*
 * v1 has an eventfd(2) for it: "EVENTFD FILE" is written to the group's
 * cgroup.event_control.  See cgroup-v1/memory.rst, "OOM Control".
 */
static bool oom_register(const struct cgroup_tree *tree, struct oom *oom)
{
	char text[32];

	oom->control =
		openat(tree->fd, "memory.oom_control", O_RDONLY | O_CLOEXEC);
	oom->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	oom->events = POLLIN;
	snprintf(text, sizeof(text), "%d %d", oom->fd, oom->control);
	if (oom->control >= 0 && oom->fd >= 0 &&
	    cgroup_write(tree->fd, "cgroup.event_control", text) == 0)
		return true;
	oom_close(oom);
	return false;
}

/*
 * The count at the start is not news.  Without a controller for memory there is
 * a descriptor of -1, which poll(2) passes by.
 */
struct oom oom_watch(const struct cgroup *cg)
{
	const struct cgroup_tree *tree = cgroup_tree_for(cg, "memory");
	struct oom oom = { .fd = -1, .control = -1 };

	if (!tree || !tree->group)
		return oom;
	if (tree->is_v2) {
		oom.fd =
			openat(tree->fd, "memory.events", O_RDONLY | O_CLOEXEC);
		oom.events = POLLPRI;
		if (oom.fd >= 0)
			oom.kills = oom_count(oom.fd);
	} else if (oom_register(tree, &oom)) {
		oom.kills = oom_count(oom.control);
	}
	return oom;
}

/* The event comes also when the group is removed, and before the kill. */
bool oom_happened(struct oom *oom)
{
	long long kills;
	uint64_t times;

	if (oom->control < 0) {
		kills = oom_count(oom->fd);
		if (kills <= oom->kills)
			return false;
		oom->kills = kills;
		return true;
	}
	return read(oom->fd, &times, sizeof(times)) > 0 &&
	       oom_count(oom->control) >= 0;
}

void oom_close(struct oom *oom)
{
	if (oom->fd >= 0)
		close(oom->fd);
	if (oom->control >= 0)
		close(oom->control);
	oom->fd = oom->control = -1;
}

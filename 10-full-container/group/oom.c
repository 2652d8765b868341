/*
 * To hear that memory ran out, without asking again and again.
 *
 *     v2    memory.events     poll(2) says POLLPRI when the file has changed
 *     v1    memory.oom_control, and an eventfd(2) that is tied to it
 */
#include "10-full-container/group/oom.h"

#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "habits/error.h"
#include "habits/look.h"
#include "05-cgroups/beyond/stats.h"
#include "05-cgroups/beyond/trees.h"
#include "05-cgroups/files.h"

/*
 * poll(2) tells of a change since the last read on the same descriptor, so
 * this is read to arm it, too.
 */
static int oom_count(int fd, long long *count)
{
	char text[CGROUP_TEXT];
	ssize_t length = pread(fd, text, sizeof(text) - 1, 0);
	int answer = look_answer(length);

	text[length < 0 ? 0 : length] = '\0';
	*count = cgroup_find_number(text, "oom_kill");
	return answer < 0 ? error_call(NULL, "count how often memory ran out")
			  : answer;
}

/*
 * v1 has an eventfd(2) for it: "EVENTFD FILE" is written to the group's
 * cgroup.event_control.  See cgroup-v1/memory.rst, "OOM Control".
 */
static int oom_register(const struct cgroup_tree *tree, struct oom *oom)
{
	char text[32];

	oom->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	snprintf(text, sizeof(text), "%d %d", oom->fd, oom->control);
	return oom->fd < 0
		       ? -1
		       : cgroup_write(tree->fd, "cgroup.event_control", text);
}

/*
 * The count at the start is not news.  Without a controller for memory there is
 * a descriptor of -1, which poll(2) passes by.
 */
int oom_watch(const struct cgroup *cg, struct oom *oom)
{
	const struct cgroup_tree *tree = trees_with(cg, "memory");
	int answer = 0;

	*oom = (struct oom){ .fd = -1, .control = -1 };
	if (!tree || !tree->group)
		return 0;
	oom->events = tree->is_v2 ? POLLPRI : POLLIN;
	answer = look_open(tree->fd,
			   tree->is_v2 ? "memory.events" : "memory.oom_control",
			   O_RDONLY, tree->is_v2 ? &oom->fd : &oom->control);
	if (answer > 0 && !tree->is_v2)
		answer = look_answer(oom_register(tree, oom));
	if (answer < 0)
		error_call(NULL, "watch for the end of the memory of %s",
			   tree->group);
	if (answer > 0)
		answer = oom_count(tree->is_v2 ? oom->fd : oom->control,
				   &oom->kills);
	if (answer <= 0)
		oom_close(oom);
	return answer < 0 ? -1 : 0;
}

/* The event comes also when the group is removed, and before the kill. */
int oom_happened(struct oom *oom)
{
	long long kills, before = oom->kills;
	uint64_t times;

	if (oom_count(oom->control < 0 ? oom->fd : oom->control, &kills) < 0)
		return -1;
	if (oom->control >= 0)
		return read(oom->fd, &times, sizeof(times)) > 0 && kills >= 0;
	if (kills > before)
		oom->kills = kills;
	return kills > before;
}

void oom_close(struct oom *oom)
{
	if (oom->fd >= 0)
		close(oom->fd);
	if (oom->control >= 0)
		close(oom->control);
	oom->fd = oom->control = -1;
}

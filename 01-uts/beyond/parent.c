/*
 * A witness's number in the child is the same as in the parent.
 */
#include "01-uts/beyond/parent.h"

#include <errno.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/error.h"

static int parent_witness = -1;

/* Linux 5.3, as clone3(2). */
int parent_watch(pid_t pid)
{
	parent_witness = (int)syscall(SYS_pidfd_open, pid, 0);
	return parent_witness < 0 ? -1 : 0;
}

void parent_forget(void)
{
	close(parent_witness);
	parent_witness = -1;
}

void parent_watch_by(int witness)
{
	parent_witness = witness;
}

/*
 * With a limit of no open files poll(2) takes not even one (EINVAL), but
 * select(2) does.
 */
static int parent_select(void)
{
	struct timeval now = { 0 };
	fd_set set;

	if (parent_witness >= FD_SETSIZE)
		return -1;
	FD_ZERO(&set);
	FD_SET(parent_witness, &set);
	return select(parent_witness + 1, &set, NULL, NULL, &now);
}

int parent_is_there(void)
{
	struct pollfd parent = { .fd = parent_witness, .events = POLLIN };
	int ready = poll(&parent, 1, 0);

	if (ready < 0 && errno == EINVAL)
		ready = parent_select();
	if (ready < 0)
		return error_call(NULL, "see whether the parent lives");
	return ready == 0 ? 0 : -1;
}

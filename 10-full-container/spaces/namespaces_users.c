/*
 *     runtime ---- helper: setns(2) into it, clone3(CLONE_PARENT), ends
 *        \
 *         ------- the container: as if the runtime had made it
 */
#include "10-full-container/spaces/namespaces_users.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "01-uts/beyond/parent.h"
#include "01-uts/beyond/why.h"
#include "10-full-container/guard/harden.h"
#include "10-full-container/talk/sync.h"

/* In the helper: what it has made is the runtime's child, and told to it. */
static _Noreturn void namespaces_users_helper(int (*start)(void *),
					      void *argument,
					      const struct child *child,
					      int report)
{
	if (start(argument) < 0)
		_exit(1);
	if (sync_send_number(report, child->pid) < 0)
		error_call(NULL, "tell of the process that was made");
	_exit(0);
}

/*
 * A copy of us, and not, which would be quicker, a process in our memory: who
 * has the right to look into the helper could else write to the runtime.  By
 * the time it has ended, its message is there.
 */
int namespaces_users_run(int (*start)(void *), void *argument,
			 struct child *child)
{
	int report[2];
	pid_t helper;

	if (sync_pair(report) < 0)
		return -1;
	helper = fork();
	if (helper == 0) {
		close(report[0]);
		namespaces_users_helper(start, argument, child, report[1]);
	}
	close(report[1]);
	if (helper < 0)
		error_call(NULL, "start a helper for a user namespace");
	while (helper > 0 && waitpid(helper, NULL, 0) < 0 && errno == EINTR)
		continue;
	if (sync_hear_number(report[0], &child->pid, MSG_DONTWAIT) > 0) {
		child->gate = report[0]; /* child_run() needs one */
		return 0;
	}
	close(report[0]);
	return -1;
}

/*
 * A sibling: its parent is the runtime, whose end it dies of.  No signal says
 * that it has ended, since clone3(2) takes none with CLONE_PARENT.
 */
int namespaces_users_start(struct child *child, struct clone_args *args,
			   int (*inside)(void *), void *argument)
{
	long pid;

	args->exit_signal = 0;
	pid = parent_watch(getppid()) < 0
		      ? -1
		      : syscall(SYS_clone3, args, sizeof(*args));
	if (pid == 0)
		_exit(child_die_with_parent() < 0 ? EXIT_SETUP
						  : inside(argument));
	if (pid < 0)
		return why_no_child(args);
	child->pid = (pid_t)pid;
	return 0;
}

/*
 * Lines of three numbers: inside, outside, count (user_namespaces(7)).  Empty
 * until somebody writes the map; then it never changes again.
 */
static int namespaces_users_read_map(struct id_maps *maps,
				     const char *directory, const char *name)
{
	CLEANUP_FREE char *path = NULL;
	struct id_map *map = maps->table;
	FILE *file = NULL;

	if (asprintf(&path, "%s/%s", directory, name) >= 0)
		file = fopen(path, "re");
	if (!file)
		return error_call(NULL, "read the map %s of a user namespace",
				  name);
	while (map < maps->table + USERNS_MAPS_MAX - 1 &&
	       fscanf(file, "%u %u %u", &map->inside, &map->outside,
		      &map->count) == 3)
		map++;
	*map = (struct id_map){ 0 };
	fclose(file);
	if (map > maps->table)
		return 0;
	return error_input("its owner writes /proc/PID/uid_map and gid_map",
			   "the user namespace to join has no map yet (%s)",
			   name);
}

/*
 * Which ids are on the outside depends on who reads (user_namespaces(7)); that
 * is no matter here, since userns_enter() asks for those on the inside.
 */
int namespaces_users_read(struct userns *userns, const char *directory)
{
	userns->enabled = true;
	if (namespaces_users_read_map(&userns->uids, directory, "uid_map") < 0)
		return -1;
	return namespaces_users_read_map(&userns->gids, directory, "gid_map");
}

/* With fs.suid_dumpable=1 a change of ids shows who was hidden. */
int namespaces_users_become_root(const struct userns *userns)
{
	bool is_hidden = harden_is_hidden();
	int result = userns_enter(userns);

	if (is_hidden)
		harden_hide();
	return result;
}

/*
 * Most of /proc/sys is the machine's; some files show another value in each
 * network, IPC or UTS namespace.  Only those may be set, and only if the
 * container has such a namespace of its own: otherwise it would be the host's
 * value.
 */
#include "10-full-container/spaces/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/count.h"
#include "habits/error.h"
#include "habits/whole.h"
#include "09-seccomp/beyond/procfs.h"

#define SYSCTL_PATH 256

static const char *const ipc_names[] = {
	"kernel.msgmax",      "kernel.msgmnb",          "kernel.msgmni",
	"kernel.sem",         "kernel.shmall",          "kernel.shmmax",
	"kernel.shmmni",      "kernel.shm_rmid_forced", "kernel.auto_msgmni",
	"kernel.msg_next_id", "kernel.sem_next_id",     "kernel.shm_next_id",
};

static const struct hint sysctl_hints[] = {
	{ ENOENT, "this kernel has no such parameter" },
	{ EINVAL, "the kernel does not take this value" },
	{ EACCES, "this parameter cannot be written" },
	{ EXDEV, "something is mounted over this file of /proc" },
	{ 0, NULL },
};

/* Which kind of namespace has it, as CLONE_NEW*; 0: the machine. */
static uint64_t sysctl_owner(const char *name)
{
	if (strncmp(name, "net.", 4) == 0)
		return CLONE_NEWNET;
	if (strncmp(name, "fs.mqueue.", 10) == 0)
		return CLONE_NEWIPC;
	for (size_t i = 0; i < COUNT(ipc_names); i++)
		if (strcmp(name, ipc_names[i]) == 0)
			return CLONE_NEWIPC;
	if (strcmp(name, "kernel.domainname") == 0)
		return CLONE_NEWUTS;
	return strncmp(name, "user.", 5) == 0 ? CLONE_NEWUSER : 0;
}

static void sysctl_swap(char *name)
{
	for (; *name; name++)
		*name = *name == '.' ? '/' : (*name == '/' ? '.' : *name);
}

/*
 * A dot in a name is a slash in the path, and the other way round: that is
 * how an interface is named that has a dot in its name.  But one whose first
 * is a slash is a path already: sysctl(8).
 */
static int sysctl_path(const char *name, char path[SYSCTL_PATH])
{
	int length = snprintf(path, SYSCTL_PATH, "sys/%s", name);

	if (name[strcspn(name, "./")] == '.')
		sysctl_swap(path + strlen("sys/"));
	return length < SYSCTL_PATH && !strstr(path, "/.") ? 0 : -1;
}

/* Why the name is no good for a container, or NULL. */
static const char *sysctl_objection(const char *name, uint64_t owner)
{
	if (strcmp(name, "kernel.hostname") == 0)
		return "for here: the name of the container is the member "
		       "hostname, at the top";
	if (owner)
		return "possible without a namespace of its own that has it";
	return "possible: this parameter is the whole machine's";
}

/* By name, since the kernel would write the host's value without a word. */
static int sysctl_check(const struct value *member,
			const struct namespaces *namespaces)
{
	char path[SYSCTL_PATH], *name = path + strlen("sys/");
	uint64_t owner;
	int has;

	if (sysctl_path(member->key, path) < 0)
		return value_complain(member, "for a name like net.ipv4.x");
	sysctl_swap(name);
	owner = sysctl_owner(name);
	has = owner ? namespaces_has(namespaces, owner) : 0;
	if (has)
		return has < 0 ? -1 : 0;
	return value_complain(member, sysctl_objection(name, owner));
}

/* Checked when config.json is read: nothing is half set. */
int sysctl_read(struct sysctl **list, const struct value *object,
		const struct namespaces *namespaces)
{
	struct sysctl *next;

	if (value_item_object(object) < 0)
		return -1;
	next = *list = calloc(json_object_size(object->value) + 1,
			      sizeof(struct sysctl));
	if (!next)
		return error_call(NULL, "read the kernel parameters");
	for (void *i = value_first(object); i; i = value_next(object, i)) {
		struct value member = value_at(object, i);

		if (value_item_string(&member, &next->value) < 0 ||
		    sysctl_check(&member, namespaces) < 0)
			return -1;
		next++->name = member.key;
	}
	return 0;
}

/*
 * In the child, in its namespaces, and with the host's /proc: procfs_open()
 * says why not the container's.
 */
int sysctl_write(const struct sysctl *list)
{
	char path[SYSCTL_PATH];

	for (; list && list->name; list++) {
		CLEANUP_CLOSE int fd = -1;

		if (sysctl_path(list->name, path) == 0)
			fd = procfs_open(path, O_WRONLY | O_NOFOLLOW);
		if (fd < 0 || whole_tell(fd, list->value) < 0)
			return error_call(sysctl_hints, "set %s to \"%s\"",
					  list->name, list->value);
	}
	return 0;
}

/*
 * From the runtime's process to the program's: directory, limits, rights.
 *
 * The order is that of stage 09, for the same reason: each step still needs
 * what a later one takes away.
 *
 *     limits, scheduling    may take CAP_SYS_RESOURCE or CAP_SYS_NICE
 *     descriptors           close_range(2), which a filter can forbid
 *     security module       a file of the host's /proc, opened long before,
 *                           closed when it is written
 *     no_new_privs          cannot be undone, and takes no right
 *     filter                here, if only CAP_SYS_ADMIN permits it ...
 *     user, capabilities    after them this process has the container's rights
 *     filter                ... or here, as late as can be
 *     exec
 *
 * Whatever can be found missing (the directory, the program) is looked for in
 * process_enter(), before `create` reports success.  It may be gone again at
 * `start`: then execve(2) says so.
 */
#include "10-full-container/process/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/whole.h"
#include "01-uts/child.h"
#include "07-caps/beyond/caps_names.h"
#include "07-caps/beyond/groups.h"
#include "09-seccomp/beyond/procfs.h"
#include "10-full-container/guard/harden.h"
#include "10-full-container/guard/path.h"
#include "10-full-container/process/listener.h"
#include "10-full-container/process/provide.h"
#include "10-full-container/talk/sync.h"

static const struct hint cwd_hints[] = {
	{ ENOENT, "process.cwd is a directory in the container" },
	{ ELOOP, "a link of /proc to an open descriptor leads out of the "
		 "container" },
	{ 0, NULL },
};

static const struct hint find_hints[] = {
	{ ENOENT, "process.args[0] is a name that the PATH in process.env has "
		  "to lead to" },
	{ 0, NULL },
};

static const struct hint score_hints[] = {
	{ EACCES, "a lower one than there is takes CAP_SYS_RESOURCE over the "
		  "host; leave out process.oomScoreAdj" },
	{ 0, NULL },
};

static bool process_has_oom_score(const struct process *process)
{
	CLEANUP_CLOSE int fd = procfs_open("self/oom_score_adj", O_RDONLY);
	char text[16] = "";

	return fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 &&
	       strtol(text, NULL, 10) == process->oom_score_adj;
}

/*
 * Which process the kernel kills first when memory runs out: -1000 never, 1000
 * before all others.  To lower it takes CAP_SYS_RESOURCE.  See
 * proc_pid_oom_score_adj(5).
 */
int process_set_oom_score(const struct process *process, pid_t pid)
{
	CLEANUP_CLOSE int fd = -1;
	char text[16], path[64] = "self/oom_score_adj";

	if (!process->has_oom_score)
		return 0;
	if (procfs_keep() < 0)
		return -1;
	snprintf(text, sizeof(text), "%d", process->oom_score_adj);
	if (pid > 0)
		snprintf(path, sizeof(path), "%d/oom_score_adj", pid);
	fd = procfs_open(path, O_WRONLY);
	/* Of an ordinary user who is hidden: see outside_start(). */
	if (fd < 0 && errno == EACCES && process_has_oom_score(process))
		return 0;
	if (fd < 0 || whole_tell(fd, text) < 0)
		return error_call(fd < 0 ? NULL : score_hints,
				  "set oom_score_adj to %s", text);
	return 0;
}

int process_use_proc(struct process *process)
{
	if (process_set_oom_score(process, 0) < 0)
		return -1;
	return lsm_open(&process->lsm);
}

/*
 * Not chdir(2): the path could be /proc/self/fd/7, and 7 a directory of the
 * host that is still open (CVE-2024-21626).  path_open() follows no such link.
 */
static int process_enter_cwd(const char *cwd)
{
	CLEANUP_CLOSE int root = open("/", O_PATH | O_CLOEXEC);
	CLEANUP_CLOSE int fd = -1;

	if (strcmp(cwd, "/") == 0)
		return fchdir(root) < 0 ? error_call(cwd_hints, "enter /") : 0;
	fd = path_open(root, cwd, O_PATH | O_DIRECTORY);
	if (fd < 0 || fchdir(fd) < 0)
		return error_call(cwd_hints, "enter the directory %s", cwd);
	return 0;
}

/* The value of PATH among the process's own variables. */
static const char *process_search_path(const struct process *process)
{
	for (char **variable = process->env; variable && *variable; variable++)
		if (strncmp(*variable, "PATH=", 5) == 0)
			return *variable + 5;
	return "/bin:/usr/bin"; /* as execvp(3) has it */
}

/* As root, who may run a file if anybody may: so at least one x bit. */
static int process_check_file(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return -1;
	errno = EACCES;
	return S_ISREG(status.st_mode) && status.st_mode & 0111 ? 0 : -1;
}

/*
 * The words are those that engines look for, in this spelling: Docker tells
 * its user 126 for the one and 127 for the other.
 */
static int process_complain(const char *name, int error)
{
	if (error == EACCES)
		return error_input("it has to be a file with x permission for "
				   "its user",
				   "start \"%s\": permission denied (EACCES)",
				   name);
	if (error == ENOENT && strchr(name, '/'))
		return error_input("process.args[0] is a path in the container",
				   "start \"%s\": no such file or directory "
				   "(ENOENT)",
				   name);
	errno = error;
	return error_call(find_hints,
			  "find \"%s\": executable file not found in $PATH",
			  name);
}

/* 0, or -1 and errno: what execvp(3) will find. */
static int process_find(const struct process *process)
{
	const char *name = process->args[0], *path;
	int error = ENOENT;
	char file[PATH_MAX];

	if (strchr(name, '/'))
		return process_check_file(name);
	path = process_search_path(process);
	for (;;) {
		size_t length = strcspn(path, ":");

		snprintf(file, sizeof(file), "%.*s/%s", (int)length, path,
			 name);
		if (process_check_file(length ? file : name) == 0)
			return 0;
		if (errno == EACCES)
			error = EACCES;
		if (path[length] == '\0')
			break;
		path += length + 1;
	}
	errno = error;
	return -1;
}

/* errno stays that of the search: `exec` makes 126 or 127 of it. */
int process_enter(const struct process *process)
{
	if (process_enter_cwd(process->cwd) < 0 ||
	    provide_pipes(process->user.uid) < 0)
		return -1;
	if (process_find(process) < 0) {
		int error = errno;

		process_complain(process->args[0], error);
		errno = error;
		return -1;
	}
	return 0;
}

/* The specification asks for a warning here, not for an error. */
static void process_note_missing(uint64_t missing)
{
	char names[1024] = "", name[CAPS_NAME_SIZE];
	size_t used = 0;

	for (int number = 0; number < 64; number++) {
		if (!(missing & CAPS_BIT(number)) || used >= sizeof(names))
			continue;
		caps_to_name(number, name);
		used += (size_t)snprintf(names + used, sizeof(names) - used,
					 " %s", name);
	}
	if (missing)
		error_note("not every capability can be given:%s", names);
}

/*
 * The kernel gives a process what its parent has, and lets become ambient
 * only what is permitted and inheritable (capabilities(7)).  So what is wanted
 * is first cut down to what can be had: any excess would be EPERM.
 */
static int process_set_caps(const struct process *process)
{
	const struct process_user *user = &process->user;
	const struct caps_sets *wanted = &process->caps;
	uint64_t available = caps_available(
		wanted->bounding | wanted->permitted | wanted->inheritable);
	uint64_t usable = available & wanted->permitted & wanted->inheritable;
	struct caps_sets sets = {
		.bounding = wanted->bounding & available,
		.permitted = wanted->permitted & available,
		.effective = wanted->effective & available & wanted->permitted,
		.inheritable = wanted->inheritable & available,
		.ambient = wanted->ambient & usable,
	};

	process_note_missing((wanted->bounding & ~sets.bounding) |
			     (wanted->permitted & ~sets.permitted) |
			     (wanted->ambient & ~sets.ambient));
	if (caps_drop_bounding(sets.bounding) < 0 ||
	    groups_set(user->group_count, user->groups) < 0 ||
	    caps_change_user(user->uid, user->gid) < 0)
		return -1;
	/* With fs.suid_dumpable=1 a change of ids shows who was hidden.  Now,
	   before the capabilities go: until then few may look. */
	harden_hide();
	if (caps_set_three(&sets) < 0)
		return -1;
	return caps_set_ambient(sets.ambient);
}

static int process_load_filter(const struct filter *filter)
{
	int listener = filter_load(filter);

	return listener < 0 ? -1 : listener_send(filter, listener);
}

/*
 * Who is not our parent cannot see how we end, and is told so that we came this
 * far.
 */
void process_say_last(const struct process *process, int channel)
{
	if (process->says_last)
		sync_send(channel, SYNC_EXEC);
}

/*
 * A filter may be loaded by who has CAP_SYS_ADMIN or no_new_privs (seccomp(2),
 * EACCES).  With the latter it comes last, so that it need not allow our own
 * last steps.  Without, it has to come before the capabilities go, and must
 * allow capset(2), setresuid(2) and what else is left to do.
 */
static int process_drop_rights(const struct process *process,
			       const struct filter *filter, int channel)
{
	bool early = filter->program.len > 0 && !process->no_new_privs;
	bool late = filter->program.len > 0 && process->no_new_privs;

	if (lsm_setup(&process->lsm) < 0)
		return -1;
	if (process->no_new_privs && caps_forbid_new_privs() < 0)
		return -1;
	if (early)
		process_say_last(process, channel);
	if (early && process_load_filter(filter) < 0)
		return -1;
	if (process_set_caps(process) < 0)
		return -1;
	if (late)
		process_say_last(process, channel);
	if (late && process_load_filter(filter) < 0)
		return -1;
	return 0;
}

/* After `start`.  From here on only the program's own rights are left. */
int process_become(const struct process *process, const struct filter *filter,
		   const struct memory_policy *memory,
		   const struct personality *persona, int channel)
{
	const int kept[] = { channel, process->lsm.profile_file,
			     process->lsm.label_file, filter->socket };

	if (memory_policy_apply(memory) < 0 || personality_apply(persona) < 0 ||
	    rlimits_apply(&process->limits) < 0 ||
	    schedule_apply(&process->schedule) < 0)
		return -1;
	if (process->umask != NO_UMASK)
		umask(process->umask);
	if (harden_close_others(3 + process->preserve_fds, kept, 4) < 0)
		return -1;
	return process_drop_rights(process, filter, channel);
}

/* execvp(3) searches in the new environment's PATH, as process_find() did. */
int process_run(const struct process *process)
{
	static char *no_variables[] = { NULL };

	environ = process->env ? process->env : no_variables;
	return child_exec(process->args);
}

/* Strings are the document's; only the vectors are our own. */
void process_free(struct process *process)
{
	free(process->args);
	free(process->env);
	free((gid_t *)process->user.groups);
}

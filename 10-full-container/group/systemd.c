/*
 * Run busctl or systemctl for the right manager: the system's, or the user's.
 *
 * Not a part of a container's own life, so it takes its time: a process for a
 * call.  Nobody pays for it who does not ask for systemd.
 */
#include "10-full-container/group/systemd.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "08-netns/beyond/tool.h"
#include "10-full-container/guard/privilege.h"

static const char cgroupfs_hint[] =
	"without systemd the groups are made by this program: leave out "
	"--systemd-cgroup. podman: --cgroup-manager cgroupfs; containerd: "
	"SystemdCgroup = false; Docker: native.cgroupdriver=cgroupfs";

/* The directory is there if systemd is process 1: see sd_booted(3). */
static int systemd_check(void)
{
	if (access("/run/systemd/system", F_OK) == 0)
		return 0;
	return error_input(cgroupfs_hint,
			   "ask systemd for a group: it does not run this "
			   "machine (there is no /run/systemd/system)");
}

/*
 * The user's manager is found by XDG_RUNTIME_DIR, which su(1) and some
 * services do not set.  pam_systemd(8) makes the directory at login.
 */
static int systemd_find_user(void)
{
	char *directory = NULL;
	int result = 0;

	if (getenv("XDG_RUNTIME_DIR") || getenv("DBUS_SESSION_BUS_ADDRESS"))
		return 0;
	if (asprintf(&directory, "/run/user/%u", geteuid()) < 0)
		return error_call(NULL, "look for the user's manager");
	if (access(directory, X_OK) == 0)
		setenv("XDG_RUNTIME_DIR", directory, 1);
	else
		result = error_input("log in as this user, or have it started "
				     "at boot: loginctl enable-linger USER",
				     "ask systemd for a group: there is no "
				     "manager for user %u (no %s)",
				     geteuid(), directory);
	free(directory);
	return result;
}

/*
 * See 08-netns/beyond/tool.h: no shell, and its messages come back in `text`.  The
 * words can be a user's, and none of them is an option: "--address=unixexec:"
 * would have busctl run a program.
 */
int systemd_run(const char *tool, const char *const words[], char **text)
{
	int is_root = privilege_is_root();
	const char **all;
	size_t count = 0;
	int status;

	*text = NULL;
	if (is_root < 0 || systemd_check() < 0 ||
	    (!is_root && systemd_find_user() < 0))
		return -1;
	while (words[count])
		count++;
	all = calloc(count + 4, sizeof(char *));
	if (!all)
		return error_call(NULL, "run %s", tool);
	all[0] = tool;
	all[1] = is_root ? "--system" : "--user";
	all[2] = "--";
	for (size_t i = 0; i < count; i++)
		all[i + 3] = words[i];
	status = tool_run(all, NULL, text);
	free(all);
	if (status == 127)
		return error_input("install the package systemd",
				   "ask systemd for a group: %s is not "
				   "installed",
				   tool);
	return status;
}

/*
 * Tell a security module what the next exec is to become.
 *
 * One file of the process each, in /proc/thread-self: attr/apparmor/exec (since
 * Linux 5.1), and attr/exec for SELinux.  A write that went to some other file
 * would succeed and confine nobody (CVE-2019-16884): so the file is opened
 * while /proc is the host's, and only on the way down from its top.
 */
#include "09-seccomp/beyond/lsm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "habits/hints.h"
#include "habits/look.h"
#include "habits/whole.h"
#include "09-seccomp/beyond/procfs.h"

static const struct hint apparmor_hints[] = {
	{ ENOENT, "no profile of this name is loaded: aa-status lists them, "
		  "apparmor_parser -r FILE loads one" },
	{ EACCES, "this program is confined itself, and its profile does not "
		  "allow the change" },
	{ EPERM, "this program is confined itself, and its profile does not "
		 "allow the change" },
	{ 0, NULL },
};

static const struct hint selinux_hints[] = {
	{ EINVAL, "the policy has no such label: user:role:type:level" },
	{ EACCES, "the policy does not let this program choose it: "
		  "ausearch -m avc says why" },
	{ 0, NULL },
};

const struct option_entry lsm_options[] = {
	{ 0, "apparmor", "PROFILE", "confine the command by this profile",
	  option_string, offsetof(struct lsm, profile) },
	{ 0, "selinux", "LABEL", "run the command with this label",
	  option_string, offsetof(struct lsm, label) },
	{ 0 },
};

/* Does this file have a line that ends with `word`?  -1 after a message. */
static int lsm_file_has(const char *path, const char *word)
{
	FILE *file = fopen(path, "re");
	char line[256];
	int found = file ? 0 : look_answer(-1);

	while (file && !found && fgets(line, sizeof(line), file)) {
		size_t length = strcspn(line, "\n");

		line[length] = '\0';
		found = length >= strlen(word) &&
			strcmp(line + length - strlen(word), word) == 0;
	}
	if (!found && file && ferror(file))
		found = -1;
	if (found < 0)
		error_call(NULL, "read %s", path);
	if (file)
		fclose(file);
	return found;
}

int lsm_has_apparmor(void)
{
	return lsm_file_has("/sys/module/apparmor/parameters/enabled", "Y");
}

/* Its file system is registered only where the module is in use. */
int lsm_has_selinux(void)
{
	return lsm_file_has("/proc/filesystems", "\tselinuxfs");
}

/* The text for the next exec goes in there. */
static int lsm_open_file(const char *path)
{
	CLEANUP_CLOSE int proc = procfs_root();
	int file;

	if (proc < 0)
		return -1;
	file = procfs_open_below(proc, path, O_WRONLY);
	return file < 0 ? error_call(NULL, "open /proc/%s", path) : file;
}

/* A module that is not there is no reason to go on without it. */
static int lsm_check(const char *name, const char *module, int is_there)
{
	if (is_there != 0)
		return is_there < 0 ? -1 : 0;
	return error_input(hint_modules,
			   "confine the command by %s: this machine has no %s",
			   name, module);
}

/* In the child, before the root changes. */
int lsm_open(struct lsm *lsm)
{
	if (lsm->profile) {
		if (lsm_check(lsm->profile, "AppArmor", lsm_has_apparmor()) < 0)
			return -1;
		lsm->profile_file =
			lsm_open_file("thread-self/attr/apparmor/exec");
		if (lsm->profile_file < 0)
			return -1;
	}
	if (lsm->label) {
		if (lsm_check(lsm->label, "SELinux", lsm_has_selinux()) < 0)
			return -1;
		lsm->label_file = lsm_open_file("thread-self/attr/exec");
		if (lsm->label_file < 0)
			return -1;
	}
	return 0;
}

/* The kernel wants all of it in one write(2), and the file is done with. */
static int lsm_write(int file, const char *text)
{
	int result = whole_tell(file, text);
	int error = errno;

	close(file);
	errno = error;
	return result;
}

/*
 * In the child, after the capabilities.  It needs none: a process may always
 * ask, and the module decides.
 */
int lsm_setup(const struct lsm *lsm)
{
	CLEANUP_FREE char *command = NULL;

	if (lsm->profile && (asprintf(&command, "exec %s", lsm->profile) < 0 ||
			     lsm_write(lsm->profile_file, command) < 0))
		return error_call(apparmor_hints,
				  "choose the AppArmor "
				  "profile %s",
				  lsm->profile);
	if (lsm->label && lsm_write(lsm->label_file, lsm->label) < 0)
		return error_call(selinux_hints, "choose the SELinux label %s",
				  lsm->label);
	return 0;
}

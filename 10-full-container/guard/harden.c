/*
 * A file that is executed cannot be written; but it can be opened, held, and
 * written when we have ended.  So the program runs again from a mount of its
 * file that is read-only, or from a sealed copy.
 */
#include "10-full-container/guard/harden.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/keyctl.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "03-mount/syscalls.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

#define SELF      "/proc/self/exe"
#define ALL_SEALS (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)

static const struct hint keyring_hints[] = {
	{ EDQUOT, "this user has too many keys: see /proc/key-users" },
	{ EACCES, "a security module refuses it; see --no-new-keyring" },
	{ 0, NULL },
};

/* The lowest of `kept` that is not below `first`; UINT_MAX: none. */
static unsigned int harden_next(unsigned int first, const int *kept,
				size_t count)
{
	unsigned int next = UINT_MAX;

	for (size_t i = 0; i < count; i++)
		if (kept[i] >= 0 && (unsigned int)kept[i] >= first &&
		    (unsigned int)kept[i] < next)
			next = (unsigned int)kept[i];
	return next;
}

int harden_close_others(unsigned int first, const int *kept, size_t count)
{
	unsigned int next;

	for (unsigned int fd = 3; fd < first; fd++) {
		int flags = fcntl((int)fd, F_GETFD);

		if (flags >= 0 && flags & FD_CLOEXEC &&
		    harden_next(fd, kept, count) != fd)
			close((int)fd);
	}
	for (;; first = next + 1) {
		next = harden_next(first, kept, count);
		if (next > first &&
		    syscall(SYS_close_range, first, next - 1, 0) < 0)
			return error_call(NULL, "close what is the host's");
		if (next == UINT_MAX)
			return 0;
	}
}

/*
 * Without a name: one with a name could be another container's, which has
 * opened its own to everybody.  A kernel without keys (ENOSYS), or a filter
 * that hides them (EPERM), leaves none to take.
 */
int harden_leave_keyring(void)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 &&
	    errno != ENOSYS && errno != EPERM)
		return error_call(keyring_hints, "make a session keyring");
	return 0;
}

/*
 * prctl(2), PR_SET_DUMPABLE: /proc/self then belongs to root, and nobody but
 * the host's root may trace us or look at our descriptors.
 */
void harden_hide(void)
{
	prctl(PR_SET_DUMPABLE, 0);
}

bool harden_is_hidden(void)
{
	return prctl(PR_GET_DUMPABLE) == 0;
}

/*
 * Was this started from a descriptor?  Its file is then /dev/fd/N to the
 * kernel (getauxval(3)): no variable in the environment says so, that could
 * come from anybody.
 */
static bool harden_is_again(void)
{
	const char *file = (const char *)getauxval(AT_EXECFN);

	return file && strncmp(file, "/dev/fd/", strlen("/dev/fd/")) == 0;
}

/*
 * A mount that only happens to be read-only, as /usr may be, is not ours: it
 * can become writable, and who has the file open by then writes.
 */
static bool harden_is_done(void)
{
	CLEANUP_CLOSE int fd = -1;
	struct statvfs mount;

	if (harden_is_again() && statvfs(SELF, &mount) == 0 &&
	    mount.f_flag & ST_RDONLY)
		return true;
	fd = open(SELF, O_RDONLY | O_CLOEXEC);
	return fcntl(fd, F_GET_SEALS) == ALL_SEALS;
}

/* A read-only mount of just this file; it has no place and needs none. */
static int harden_mount(void)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	int fd = open_tree(AT_FDCWD, SELF, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	if (fd < 0 ||
	    mount_setattr(fd, "", AT_EMPTY_PATH, &attr, sizeof(attr)) == 0)
		return fd;
	close(fd);
	return -1;
}

/*
 * A copy in memory, sealed against any change.  Where vm.memfd_noexec is set
 * one has to say that it is to be executed (MFD_EXEC, Linux 6.3); an older
 * kernel does not know the word.
 */
static int harden_copy(void)
{
	CLEANUP_CLOSE int self = open(SELF, O_RDONLY | O_CLOEXEC);
	unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create("runtime", flags | MFD_EXEC);
	struct stat status;

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("runtime", flags);

	if (fd >= 0 && fstat(self, &status) == 0 &&
	    sendfile(fd, self, NULL, (size_t)status.st_size) ==
		    status.st_size &&
	    fcntl(fd, F_ADD_SEALS, ALL_SEALS) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Comes back if it cannot be. */
static void harden_run(int fd, char **argv)
{
	if (fd < 0)
		return;
	syscall(SYS_execveat, fd, "", argv, environ, AT_EMPTY_PATH);
	close(fd);
}

/*
 * Failing is not the end: a kernel or a filter may forbid it.  But it is said.
 */
void harden_self(char **argv)
{
	if (harden_is_done()) {
		/* It would be called after the descriptor's number. */
		prctl(PR_SET_NAME, program_invocation_short_name);
		return;
	}
	harden_run(harden_mount(), argv);
	harden_run(harden_copy(), argv);
	error_note("the file of this program can be written from inside");
}

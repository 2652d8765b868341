/*
 * For each call two instructions: is it its number?  Then stop.  Where only
 * some of a call's uses matter, its arguments are looked at as well.
 *
 * The kernel remembers which calls a filter allows whatever their arguments
 * are (since 5.11), so that all others cost next to nothing.
 */
#include "tools/explain/stop_filter.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "09-seccomp/beyond/syscalls.h"
#include "09-seccomp/compile.h"
#include "tools/explain/calls.h"

#define STOP       (SECCOMP_RET_TRACE | STOP_FILTER_DATA)
#define LENGTH_MAX 512
#define SHORT      1024 /* a write of a setting is not longer */
#define SHORT_LINE 32   /* ... to standard output, as a shell does it */

struct stop_filter {
	struct sock_filter code[LENGTH_MAX];
	unsigned short length;
};

static void stop_add(struct stop_filter *f, uint16_t code, uint32_t k,
		     size_t yes, size_t no)
{
	f->code[f->length++] = (struct sock_filter)BPF_JUMP(
		code, k, (uint8_t)yes, (uint8_t)no);
}

static void stop_load(struct stop_filter *f, size_t offset)
{
	stop_add(f, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* The lower half of an argument: all of them are small numbers. */
static void stop_load_argument(struct stop_filter *f, size_t i)
{
	stop_load(f, offsetof(struct seccomp_data, args) + i * sizeof(__u64));
}

static void stop_answer(struct stop_filter *f, uint32_t action)
{
	stop_add(f, BPF_RET | BPF_K, action, 0, 0);
}

/* Stop if it is this value. */
static void stop_if(struct stop_filter *f, uint32_t value)
{
	stop_add(f, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
	stop_answer(f, STOP);
}

/* A short write; on standard output a very short one; never on another. */
static void stop_if_short(struct stop_filter *f)
{
	stop_load_argument(f, 2);
	stop_add(f, BPF_JMP | BPF_JGE | BPF_K, SHORT, 0, 1);
	stop_answer(f, SECCOMP_RET_ALLOW);
	stop_load_argument(f, 0);
	stop_add(f, BPF_JMP | BPF_JGT | BPF_K, STDERR_FILENO, 0, 1);
	stop_answer(f, STOP);
	stop_add(f, BPF_JMP | BPF_JEQ | BPF_K, STDOUT_FILENO, 1, 0);
	stop_answer(f, SECCOMP_RET_ALLOW);
	stop_load_argument(f, 2);
	stop_add(f, BPF_JMP | BPF_JGT | BPF_K, SHORT_LINE, 1, 0);
	stop_answer(f, STOP);
}

static void stop_arguments(struct stop_filter *f, enum call_only only)
{
	switch (only) {
	case ALWAYS:
		stop_answer(f, STOP);
		return;
	case ONLY_NETLINK:
		stop_load_argument(f, 0);
		stop_if(f, AF_NETLINK);
		break;
	case ONLY_KNOWN:
		stop_load_argument(f, 0);
		for (const int *option = call_prctl_options; *option; option++)
			stop_if(f, (uint32_t)*option);
		break;
	case ONLY_TRACE:
		stop_load_argument(f, 0);
		stop_if(f, PTRACE_TRACEME);
		stop_if(f, PTRACE_ATTACH);
		stop_if(f, PTRACE_SEIZE);
		break;
	case ONLY_NEW: /* a pointer: its halves are not both 0 */
		stop_load_argument(f, 2);
		stop_add(f, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
		stop_answer(f, STOP);
		break;
	case ONLY_SHORT:
		stop_if_short(f);
		break;
	}
	stop_answer(f, SECCOMP_RET_ALLOW);
}

static void stop_build(struct stop_filter *f)
{
	stop_load(f, offsetof(struct seccomp_data, arch));
	stop_add(f, BPF_JMP | BPF_JEQ | BPF_K, COMPILE_ARCH, 1, 0);
	stop_answer(f, SECCOMP_RET_ALLOW);
	stop_load(f, offsetof(struct seccomp_data, nr));
	for (const struct call_row *row = call_rows; row->name; row++) {
		int number = syscall_number(row->name, strlen(row->name));
		unsigned short jump = f->length;

		if (number < 0)
			continue;
		stop_add(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 0);
		stop_arguments(f, row->only);
		f->code[jump].jf = (uint8_t)(f->length - jump - 1);
	}
	stop_answer(f, SECCOMP_RET_ALLOW);
}

/* SPEC_ALLOW: a filter that guards nothing need not slow the processor. */
int stop_filter_load(bool *is_weak)
{
	struct stop_filter filter = { 0 };
	struct sock_fprog program = { 0, filter.code };

	stop_build(&filter);
	program.len = filter.length;
	*is_weak = false;
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0)
		return 0;
	if (errno != EACCES)
		return -1;
	*is_weak = true;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			    SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program);
}

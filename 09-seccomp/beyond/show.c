/*
 * A disassembler, for the part of BPF that the compiler writes.
 *
 * The kernel has no way to show a filter that is loaded to an ordinary process
 * (ptrace(2), PTRACE_SECCOMP_GET_FILTER, is for root); so it is printed
 * before.
 */
#include "09-seccomp/beyond/show.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "habits/count.h"
#include "habits/error.h"
#include "09-seccomp/beyond/syscalls.h"

static const struct show_action {
	unsigned int action;
	const char *name;
} show_actions[] = {
	{ SECCOMP_RET_KILL_PROCESS, "kill the process" },
	{ SECCOMP_RET_KILL_THREAD, "kill the thread" },
	{ SECCOMP_RET_TRAP, "send SIGSYS" },
	{ SECCOMP_RET_ERRNO, "answer" },
	{ SECCOMP_RET_USER_NOTIF, "ask the listener" },
	{ SECCOMP_RET_TRACE, "ask the tracer" },
	{ SECCOMP_RET_LOG, "allow, and log it" },
	{ SECCOMP_RET_ALLOW, "allow" },
};

#define SHOW_ACTIONS COUNT(show_actions)

/* Of the 16 bits of data only an errno has a meaning to everybody. */
static void show_return(unsigned int value)
{
	const char *error = strerrorname_np((int)(value & SECCOMP_RET_DATA));
	unsigned int action = value & SECCOMP_RET_ACTION_FULL;

	for (size_t i = 0; i < SHOW_ACTIONS; i++)
		if (show_actions[i].action == action)
			printf("%s", show_actions[i].name);
	printf(" %s\n", action == SECCOMP_RET_ERRNO && error ? error : "");
}

/* Only three things can be loaded: the offset says which. */
static void show_load(unsigned int offset)
{
	size_t argument = offset - offsetof(struct seccomp_data, args);

	if (offset == offsetof(struct seccomp_data, nr))
		printf("load the number\n");
	else if (offset == offsetof(struct seccomp_data, arch))
		printf("load the architecture\n");
	else
		printf("load the %s half of argument %zu\n",
		       argument % 8 ? "upper" : "lower", argument / 8);
}

/* A test says where it leads: to the first line if it holds, or the second. */
static void show_test(const struct sock_filter *i, size_t next, bool is_number)
{
	const char *name = is_number ? syscall_name((int)i->k) : NULL;

	switch (BPF_OP(i->code)) {
	case BPF_JEQ:
		printf("== ");
		break;
	case BPF_JGT:
		printf("> ");
		break;
	case BPF_JGE:
		printf(">= ");
		break;
	default:
		printf("go to %zu\n", next + i->k);
		return;
	}
	if (name)
		printf("%s", name);
	else
		printf("%#x", i->k);
	printf(" ? %zu : %zu\n", next + i->jt, next + i->jf);
}

/*
 * The same test may be about a call's number or an argument.  What the register
 * holds is handed on along the jumps; as all lead forward, one pass is enough.
 */
int show_program(const struct sock_fprog *program)
{
	static bool is_number[BPF_MAXINSNS + 1];

	for (size_t pc = 0, next = 1; pc < program->len; pc++, next++) {
		const struct sock_filter *i = &program->filter[pc];

		printf("%4zu: ", pc);
		switch (BPF_CLASS(i->code)) {
		case BPF_LD:
			show_load(i->k);
			is_number[next] =
				i->k == offsetof(struct seccomp_data, nr);
			break;
		case BPF_ALU:
			printf("and %#x\n", i->k);
			break;
		case BPF_JMP:
			show_test(i, next, is_number[pc]);
			is_number[next + i->jt] = is_number[pc];
			is_number[next + i->jf] = is_number[pc];
			break;
		default:
			show_return(i->k);
		}
	}
	if (fflush(stdout) != 0 || ferror(stdout))
		return error_call(NULL, "print the filter");
	return 0;
}

/* A seccomp filter: how long it is, and which calls it refuses. */
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/count.h"
#include "09-seccomp/beyond/syscalls.h"
#include "tools/explain/filter_run.h"
#include "tools/explain/tell.h"
#include "tools/explain/unseen.h"

/* Of those that are refused, these are named first: chapters speak of them. */
static const char *const known[] = {
	"unshare", "mount",       "setns",  "ptrace", "bpf",
	"keyctl",  "init_module", "swapon", "reboot", "kexec_load",
};

#define NAMED_FIRST 5

static bool tell_refuses(const struct sock_filter *filter, size_t length,
			 int number)
{
	uint32_t action =
		filter_run(filter, length, number) & SECCOMP_RET_ACTION_FULL;

	return action != SECCOMP_RET_ALLOW && action != SECCOMP_RET_LOG &&
	       action != SECCOMP_RET_TRACE;
}

static void tell_refused(struct step *step, const struct sock_filter *filter,
			 size_t length)
{
	int refused = 0, all = 0, named = 0;
	char names[96] = "";

	for (int number = 0; number <= syscall_highest(); number++)
		if (syscall_name(number)) {
			all++;
			refused += tell_refuses(filter, length, number);
		}
	for (size_t i = 0; i < COUNT(known) && named < NAMED_FIRST; i++) {
		int number = syscall_number(known[i], strlen(known[i]));

		if (number < 0 || !tell_refuses(filter, length, number))
			continue;
		snprintf(names + strlen(names), sizeof(names) - strlen(names),
			 "%s%s", named++ ? ", " : "", known[i]);
	}
	step_words(step, "that refuses %d of %d%s%s%s", refused, all,
		   named ? ": " : "", names,
		   refused > named && named ? " ..." : "");
}

void tell_seccomp(struct call *call)
{
	bool is_prctl = strcmp(call->step.call, "prctl") == 0;
	struct sock_fprog program;
	struct sock_filter *filter;

	if (call->argument[0] != SECCOMP_SET_MODE_FILTER && !is_prctl)
		return;
	step_is(&call->step, "seccomp");
	if (call_read(call, call->argument[2], &program, sizeof(program)) < 0)
		return;
	step_what(&call->step, "%u instructions", program.len);
	filter = calloc(program.len, sizeof(*filter));
	if (filter && call_read(call, (uintptr_t)program.filter, filter,
				program.len * sizeof(*filter)) == 0)
		tell_refused(&call->step, filter, program.len);
	free(filter);
	unseen_note(UNSEEN_FILTER);
}

void tell_io_uring(struct call *call)
{
	step_is(&call->step, "io_uring");
	unseen_note(UNSEEN_RING);
}

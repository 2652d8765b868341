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
	"unshare",     "mount",  "setns",  "ptrace",     "bpf",   "keyctl",
	"init_module", "swapon", "reboot", "kexec_load", "clone", "socket",
};

#define NAMED_FIRST 5
#define CALLS_MAX   1024

/* The answers to each call, by number. */
struct answers {
	unsigned char to[CALLS_MAX];
	int count;
};

/* How many calls have just these answers. */
static int tell_count(const struct answers *answers, unsigned char which)
{
	int count = 0;

	for (int number = 0; number < answers->count; number++)
		count += syscall_name(number) && answers->to[number] == which;
	return count;
}

/* " of 362: unshare, mount ..." */
static void tell_names(struct step *step, const struct answers *answers,
		       unsigned char which)
{
	int named = 0, all = tell_count(answers, which);
	char names[96] = "";

	for (size_t i = 0; i < COUNT(known) && named < NAMED_FIRST; i++) {
		int number = syscall_number(known[i], strlen(known[i]));

		if (number < 0 || number >= answers->count ||
		    answers->to[number] != which)
			continue;
		snprintf(names + strlen(names), sizeof(names) - strlen(names),
			 "%s%s", named++ ? ", " : ": ", known[i]);
	}
	snprintf(step->words + strlen(step->words),
		 WORDS_SIZE - strlen(step->words), "%s%s", names,
		 all > named && named ? " ..." : "");
}

/* Calls that are refused always, sometimes, or as somebody else says. */
static void tell_refused(struct step *step, const struct answers *answers)
{
	const unsigned char some = FILTER_ALLOWS | FILTER_REFUSES;
	int all = 0, asked = 0;

	for (int number = 0; number < answers->count; number++) {
		all += syscall_name(number) != NULL;
		asked += syscall_name(number) &&
			 answers->to[number] & FILTER_ASKS;
	}
	step_words(step, "that refuses %d of %d",
		   tell_count(answers, FILTER_REFUSES), all);
	tell_names(step, answers, FILTER_REFUSES);
	if (tell_count(answers, some)) {
		step_words(step, "and %d for some arguments",
			   tell_count(answers, some));
		tell_names(step, answers, some);
	}
	if (asked)
		step_words(step, "and asks another process of %d", asked);
}

static void tell_filter(struct call *call, const struct sock_fprog *program)
{
	struct answers answers = { .count = syscall_highest() + 1 };
	struct sock_filter *filter = calloc(program->len, sizeof(*filter));

	if (answers.count > CALLS_MAX)
		answers.count = CALLS_MAX;
	if (filter &&
	    call_read(call, (uintptr_t)program->filter, filter,
		      program->len * sizeof(*filter)) == 0 &&
	    filter_try(filter, program->len, (size_t)answers.count,
		       answers.to) == 0)
		tell_refused(&call->step, &answers);
	free(filter);
}

void tell_seccomp(struct call *call)
{
	bool is_prctl = strcmp(call->step.call, "prctl") == 0;
	struct sock_fprog program;

	if (call->argument[0] != SECCOMP_SET_MODE_FILTER && !is_prctl)
		return;
	step_is(&call->step, "seccomp");
	if (call_read(call, call->argument[2], &program, sizeof(program)) < 0)
		return;
	step_what(&call->step, "%u instructions", program.len);
	tell_filter(call, &program);
	unseen_note(UNSEEN_FILTER);
}

void tell_io_uring(struct call *call)
{
	step_is(&call->step, "io_uring");
	unseen_note(UNSEEN_RING);
}

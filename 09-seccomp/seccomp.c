/*
 * The whole list of rules, and the one call that loads it.
 *
 * The filter is run for each call, of every thread, before the call does
 * anything.
 */
#include "09-seccomp/seccomp.h"

#include <asm/unistd.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/error.h"
#include "09-seccomp/beyond/show.h"
#include "09-seccomp/beyond/syscalls.h"
#include "09-seccomp/policy.h"

static const struct hint seccomp_hints[] = {
	{ EACCES, "a filter needs no_new_privs (leave --allow-new-privs out) "
		  "or CAP_SYS_ADMIN" },
	{ EINVAL, "the kernel has no seccomp filters, or not one of the "
		  "actions" },
	{ ENOMEM, "all filters of a process together are too long" },
	{ 0, NULL },
};

/* The whole list, the user's wishes on top: the first match decides. */
static size_t seccomp_rules(const struct seccomp *s, uint64_t capabilities,
			    struct seccomp_rule *rules)
{
	size_t count = s->rule_count;

	memcpy(rules, s->rules, count * sizeof(*rules));
#ifdef __X32_SYSCALL_BIT
	/* The same calls by other numbers.  -1 is what a debugger writes to
	   have a call skipped. */
	rules[count++] = (struct seccomp_rule){
		.first = __X32_SYSCALL_BIT,
		.last = UINT32_MAX - 1,
		.action = SECCOMP_RET_KILL_PROCESS,
	};
#endif
	if (s->is_without_policy)
		return count;
	count += policy_default(capabilities, rules + count);
	/* A program that is told ENOSYS goes back to an older call.  After
	   EPERM it would give up. */
	rules[count++] = (struct seccomp_rule){
		.first = (uint32_t)syscall_highest() + 1,
		.last = UINT32_MAX,
		.action = SECCOMP_RET_ERRNO | ENOSYS,
	};
	return count;
}

/* The C library has no wrapper for this call. */
static int seccomp_install(const struct sock_fprog *program)
{
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, program) == 0)
		return 0;
	return error_call(seccomp_hints,
			  "load a seccomp filter of %u instructions",
			  program->len);
}

/*
 * Rules to program to kernel, and the program is freed: the kernel has its
 * copy, which it translates to machine code.
 */
int seccomp_setup(const struct seccomp *s, uint64_t capabilities)
{
	struct seccomp_rule rules[SECCOMP_OPTIONS_MAX + POLICY_RULES_MAX + 2];
	uint32_t otherwise =
		s->is_without_policy ? SECCOMP_RET_ALLOW : POLICY_OTHERWISE;
	struct sock_fprog program;
	int status = 0;
	size_t count;

	if (s->is_without_policy && s->rule_count == 0)
		return 0;
	count = seccomp_rules(s, capabilities, rules);
	if (compile_rules(rules, count, otherwise, &program) < 0)
		return -1;
	if (s->is_shown)
		status = show_program(&program);
	if (status == 0)
		status = seccomp_install(&program);
	free(program.filter);
	return status;
}

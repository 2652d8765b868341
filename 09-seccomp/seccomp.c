/*
 * The options, the whole table, and the one call that loads it.
 *
 * The filter is checked for each call, of every thread, before the call does
 * anything.  It sees numbers only, so it cannot tell one path from another:
 * bpf.h says why.
 */
#include "09-seccomp/seccomp.h"

#include <asm/unistd.h>
#include <errno.h>
#include <linux/audit.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "09-seccomp/beyond/show.h"
#include "09-seccomp/beyond/syscalls.h"
#include "09-seccomp/policy.h"

/* The one set of numbers that is let in: that of this program. */
#if defined(__x86_64__)
#define SECCOMP_NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define SECCOMP_NATIVE AUDIT_ARCH_AARCH64
#elif defined(__i386__)
#define SECCOMP_NATIVE AUDIT_ARCH_I386
#endif /* another machine: add its constant */

static const struct hint seccomp_hints[] = {
	{ EACCES, "a filter needs no_new_privs (leave --allow-new-privs out) "
		  "or CAP_SYS_ADMIN" },
	{ EINVAL, "the kernel has no seccomp filters, or not one of the flags "
		  "or actions" },
	{ ENOMEM, "all filters of a process together are too long" },
	{ EBUSY, "another filter of this process has a listener already" },
	{ 0, NULL },
};

/*
 * One more call with an answer of the user's own.  A second answer to the same
 * call is refused: which of the two was meant?
 */
static int seccomp_parse_call(struct seccomp_rule *rules, size_t *count,
			      const char *name, const char *value,
			      uint32_t action)
{
	int number = syscall_number(value, strlen(value));

	if (number < 0)
		return error_input(
			"syscalls(2) lists the names; a C function's name may "
			"differ (umount is umount2, fstatat is newfstatat)",
			"option --%s: this machine has no system call \"%s\"",
			name, value);
	for (size_t i = 0; i < *count; i++)
		if (rules[i].first == (uint32_t)number &&
		    rules[i].action != action)
			return error_input("give each call one answer",
					   "option --%s: another option says "
					   "something else about \"%s\"",
					   name, value);
	if (*count == SECCOMP_OPTIONS_MAX)
		return error_input(NULL, "option --%s: more than %d calls",
				   name, SECCOMP_OPTIONS_MAX);
	rules[(*count)++] = (struct seccomp_rule){
		.first = (uint32_t)number,
		.last = (uint32_t)number,
		.action = action,
	};
	return 0;
}

/*
 * All three come before the policy in the table, so they can widen it or
 * narrow it.
 */
static int seccomp_parse_allow(void *field, const char *name, const char *value)
{
	struct seccomp *s = field;

	return seccomp_parse_call(s->rules, &s->rule_count, name, value,
				  SECCOMP_RET_ALLOW);
}

static int seccomp_parse_deny(void *field, const char *name, const char *value)
{
	struct seccomp *s = field;

	return seccomp_parse_call(s->rules, &s->rule_count, name, value,
				  SECCOMP_RET_ERRNO | EPERM);
}

/*
 * The whole process, not just the thread: SIGSYS, exit status 159.  Linux
 * 4.14.
 */
static int seccomp_parse_kill(void *field, const char *name, const char *value)
{
	struct seccomp *s = field;

	return seccomp_parse_call(s->rules, &s->rule_count, name, value,
				  SECCOMP_RET_KILL_PROCESS);
}

/* With "none", what no option names is allowed: for trying a single rule. */
static int seccomp_parse_policy(void *field, const char *name,
				const char *value)
{
	struct seccomp *s = field;

	s->is_without_policy = strcmp(value, "none") == 0;
	if (s->is_without_policy || strcmp(value, "default") == 0)
		return 0;
	return error_input("default is Docker's policy",
			   "option --%s: \"%s\" is neither default nor none",
			   name, value);
}

const struct option_entry seccomp_options[] = {
	{ 0, "seccomp", "POLICY", "system call filter: default or none",
	  seccomp_parse_policy, 0 },
	{ 0, "allow", "CALL", "allow this system call (repeat)",
	  seccomp_parse_allow, 0 },
	{ 0, "deny", "CALL", "answer EPERM to this system call (repeat)",
	  seccomp_parse_deny, 0 },
	{ 0, "kill", "CALL", "kill who makes this system call (repeat)",
	  seccomp_parse_kill, 0 },
	{ 0, "show-filter", NULL, "print the filter's program", option_flag,
	  offsetof(struct seccomp, is_shown) },
	{ 0 },
};

/* The whole table, the user's wishes on top: the first match decides. */
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

/*
 * Rules to program to kernel, and the program is freed: the kernel has its
 * copy, which it translates to machine code.
 */
int seccomp_setup(const struct seccomp *s, uint64_t capabilities)
{
	struct seccomp_rule rules[SECCOMP_OPTIONS_MAX + POLICY_RULES_MAX + 2];
	struct seccomp_arch native = {
		.audit_arch = SECCOMP_NATIVE,
		.rules = rules,
		.otherwise = s->is_without_policy ? SECCOMP_RET_ALLOW
						  : POLICY_OTHERWISE,
	};
	struct sock_fprog program;
	int status = 0;

	if (s->is_without_policy && s->rule_count == 0)
		return 0;
	native.rule_count = seccomp_rules(s, capabilities, rules);
	if (seccomp_compile(&native, 1, SECCOMP_RET_KILL_PROCESS, &program) < 0)
		return -1;
	if (s->is_shown)
		status = show_program(&program);
	if (status == 0)
		status = seccomp_install(&program, 0);
	free(program.filter);
	return status;
}

/* The C library has no wrapper for this call. */
int seccomp_install(const struct sock_fprog *program, unsigned int flags)
{
	long result =
		syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);

	if (result < 0)
		return error_call(seccomp_hints,
				  "load a seccomp filter of %u instructions",
				  program->len);
	/* Not an error to the kernel: the id of a thread, see seccomp(2). */
	if (result > 0 && (flags & SECCOMP_FILTER_FLAG_TSYNC) &&
	    !(flags & SECCOMP_FILTER_FLAG_NEW_LISTENER))
		return error_input(NULL,
				   "load a seccomp filter into all threads: "
				   "thread %ld has another one",
				   result);
	return (int)result;
}

/*
 * What --seccomp, --allow, --deny and --kill understand.
 *
 * Each call that an option names is a rule more, and these come before the
 * policy in the list: so they can widen it or narrow it.
 */
#include <errno.h>
#include <string.h>

#include "habits/error.h"
#include "09-seccomp/beyond/syscalls.h"
#include "09-seccomp/seccomp.h"

/*
 * One more call with an answer of the user's own.  A second answer to the same
 * call is refused: which of the two was meant?
 */
static int seccomp_parse_call(struct seccomp *s, const char *name,
			      const char *value, uint32_t action)
{
	int number = syscall_number(value, strlen(value));

	if (number < 0)
		return error_input(
			"syscalls(2) lists the names; a C function's name may "
			"differ (umount is umount2, fstatat is newfstatat)",
			"option --%s: this machine has no system call \"%s\"",
			name, value);
	for (size_t i = 0; i < s->rule_count; i++)
		if (s->rules[i].first == (uint32_t)number &&
		    s->rules[i].action != action)
			return error_input("give each call one answer",
					   "option --%s: another option says "
					   "something else about \"%s\"",
					   name, value);
	if (s->rule_count == SECCOMP_OPTIONS_MAX)
		return error_input(NULL, "option --%s: more than %d calls",
				   name, SECCOMP_OPTIONS_MAX);
	s->rules[s->rule_count++] = (struct seccomp_rule){
		.first = (uint32_t)number,
		.last = (uint32_t)number,
		.action = action,
	};
	return 0;
}

static int seccomp_parse_allow(void *field, const char *name, const char *value)
{
	return seccomp_parse_call(field, name, value, SECCOMP_RET_ALLOW);
}

static int seccomp_parse_deny(void *field, const char *name, const char *value)
{
	return seccomp_parse_call(field, name, value,
				  SECCOMP_RET_ERRNO | EPERM);
}

/*
 * The whole process, not just the thread: SIGSYS, exit status 159.  Linux
 * 4.14.
 */
static int seccomp_parse_kill(void *field, const char *name, const char *value)
{
	return seccomp_parse_call(field, name, value, SECCOMP_RET_KILL_PROCESS);
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

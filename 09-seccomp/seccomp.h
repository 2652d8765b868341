/*
 * seccomp: a filter in front of the system calls.
 *
 * Namespaces and capabilities say what a process may do with the kernel's
 * objects.  A filter makes less of the kernel reachable in the first place: a
 * bug in a call that cannot be made cannot be used.  Once loaded a filter
 * stays: exec, fork and a user id of 0 inherit it, and a further filter can
 * only take more away.
 *
 *     rules (policy.c, --deny) -> BPF program (compile.c) -> kernel (here)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "habits/options.h"
#include "09-seccomp/compile.h"

#define SECCOMP_OPTIONS_MAX 64

struct seccomp {
	bool is_without_policy; /* allow what no option denies */
	bool is_shown;          /* print the program before loading it */
	struct seccomp_rule rules[SECCOMP_OPTIONS_MAX]; /* before the policy */
	size_t rule_count;
};

extern const struct option_entry seccomp_options[];

/*
 * In the child, as the last step before exec: build the filter for a
 * container that keeps `capabilities` (bit N is capability number N) and load
 * it.  Needs no_new_privs or CAP_SYS_ADMIN: a filter could make a set-user-ID
 * program believe that it had given up its privileges when it had not.
 * See seccomp(2).
 */
int seccomp_setup(const struct seccomp *seccomp, uint64_t capabilities);

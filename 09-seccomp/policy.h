/*
 * Docker's default policy: what a program in a container may ask the kernel.
 *
 * It is a list of what is allowed, some 300 calls of 360.  A list of what is
 * forbidden would miss every call that a later kernel brings.  Left out are
 * calls that reach beyond a container (load a module, kexec, set the clock,
 * use the kernel's keys) and io_uring, whose requests no filter sees.  A
 * capability that the container keeps brings the calls back that need it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "09-seccomp/compile.h"

#define POLICY_RULES_MAX 512

/* The action for what the policy does not name. */
#define POLICY_OTHERWISE (SECCOMP_RET_ERRNO | EPERM)

/*
 * The rules for a container that keeps `capabilities` (bit N is capability
 * number N), for the architecture this program is built for.  Names that its
 * headers do not know are left out.  Returns how many rules there are.
 */
size_t policy_default(uint64_t capabilities,
		      struct seccomp_rule rules[POLICY_RULES_MAX]);

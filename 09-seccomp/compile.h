/*
 * From a list of rules to BPF, the language of seccomp filters.
 *
 * It comes from the packet filters of 1992: one register, loads from struct
 * seccomp_data, tests, and jumps that only go forward.  A program therefore
 * always ends, which is why the kernel accepts it.  It sees the number of the
 * call, the architecture whose numbers these are, and the six arguments as
 * they are in the registers.  It cannot follow a pointer: what it would find
 * there may have changed by the time the kernel looks.  See seccomp(2).
 */
#pragma once

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>

/* The one set of numbers that is let in: that of this program. */
#if defined(__x86_64__)
#define COMPILE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define COMPILE_ARCH AUDIT_ARCH_AARCH64
#elif defined(__i386__)
#define COMPILE_ARCH AUDIT_ARCH_I386
#endif /* another machine: add its constant */

/* The first rule of a list that matches decides, as in a firewall. */
struct seccomp_rule {
	uint32_t first, last; /* system call numbers, both included */
	uint32_t action;      /* SECCOMP_RET_*, plus its 16 bits of data */
	/* And (first argument & mask) == value, as the kernel reads an int:
	   the upper half does not count.  No mask: whatever it is. */
	uint32_t mask, value;
};

/*
 * Compile the rules; `otherwise` is the action where none matches.  A call of
 * another architecture than this program's kills the process: there the same
 * number means another call.
 * Returns 0, the caller then frees program->filter; or -1 after a message.
 */
int compile_rules(const struct seccomp_rule *rules, size_t count,
		  uint32_t otherwise, struct sock_fprog *program);

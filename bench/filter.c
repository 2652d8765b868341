/*
 * Stage 09's filter as constants, for the floor: what the runtime compiles
 * from config.json at each start, it has from the beginning.
 */
#include <asm/unistd.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdio.h>

#include "09-seccomp/beyond/syscalls.h"
#include "09-seccomp/compile.h"
#include "09-seccomp/policy.h"
#include "bench/floor.h"

#if defined(__x86_64__)
#define FILTER_NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define FILTER_NATIVE AUDIT_ARCH_AARCH64
#endif

int main(void)
{
	static struct seccomp_rule rules[POLICY_RULES_MAX + 2];
	struct seccomp_arch arch = { .audit_arch = FILTER_NATIVE,
				     .otherwise = POLICY_OTHERWISE,
				     .rules = rules };
	struct sock_fprog program;

	arch.rule_count = policy_default(FLOOR_CAPS, rules);
#ifdef __X32_SYSCALL_BIT
	rules[arch.rule_count++] = (struct seccomp_rule){
		.first = __X32_SYSCALL_BIT,
		.last = UINT32_MAX - 1,
		.action = SECCOMP_RET_KILL_PROCESS,
	};
#endif
	rules[arch.rule_count++] = (struct seccomp_rule){
		.first = (uint32_t)syscall_highest() + 1,
		.last = UINT32_MAX,
		.action = SECCOMP_RET_ERRNO | ENOSYS,
	};
	if (seccomp_compile(&arch, 1, SECCOMP_RET_KILL_PROCESS, &program) < 0)
		return 1;
	for (int i = 0; i < program.len; i++)
		printf("\t{ %d, %d, %d, 0x%x },\n", program.filter[i].code,
		       program.filter[i].jt, program.filter[i].jf,
		       program.filter[i].k);
	return 0;
}

/*
 * A filter of the program's own may hand calls to a tracer (SECCOMP_RET_TRACE).
 * Without one they fail with ENOSYS; with us they would be made, and so be
 * allowed what is forbidden without us.  A call of number -1 is not made: see
 * ptrace(2), and seccomp(2) for SECCOMP_RET_TRACE.
 */
#include "tools/explain/refuse.h"

#include <elf.h>
#include <errno.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#if defined(__aarch64__)
/* Here the result is not set by the kernel: it is what the register has. */
void refuse_call(pid_t tid)
{
	struct user_regs_struct registers;
	struct iovec all = { &registers, sizeof(registers) };
	int none = -1;
	struct iovec number = { &none, sizeof(none) };

	ptrace(PTRACE_SETREGSET, tid, NT_ARM_SYSTEM_CALL, &number);
	if (ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &all) < 0)
		return;
	registers.regs[0] = (unsigned long long)-ENOSYS;
	ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &all);
}
#else
#if defined(__x86_64__)
#define NUMBER offsetof(struct user, regs.orig_rax)
#else
#define NUMBER offsetof(struct user, regs.orig_eax)
#endif

void refuse_call(pid_t tid)
{
	ptrace(PTRACE_POKEUSER, tid, NUMBER, -1L);
}
#endif

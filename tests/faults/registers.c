/*
 * What differs between processors: the names of the registers, and that x86
 * has the number of the call in one of them, while arm64 keeps it apart.
 */
#include "tests/faults/registers.h"

#include <elf.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

static int registers_get(pid_t pid, struct user_regs_struct *all)
{
	struct iovec place = { all, sizeof(*all) };

	return (int)ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &place);
}

static int registers_set(pid_t pid, struct user_regs_struct *all)
{
	struct iovec place = { all, sizeof(*all) };

	return (int)ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &place);
}

#if defined(__x86_64__)

const unsigned long registers_trap = 0xcc, registers_trap_mask = 0xff;

int registers_skip_call(pid_t pid)
{
	struct user_regs_struct all;

	if (registers_get(pid, &all) < 0)
		return -1;
	all.orig_rax = (unsigned long long)-1;
	return registers_set(pid, &all);
}

int registers_set_result(pid_t pid, long result)
{
	struct user_regs_struct all;

	if (registers_get(pid, &all) < 0)
		return -1;
	all.rax = (unsigned long long)result;
	return registers_set(pid, &all);
}

int registers_return_to(pid_t pid, uintptr_t address)
{
	struct user_regs_struct all;

	if (registers_get(pid, &all) < 0)
		return -1;
	all.rip = address;
	return registers_set(pid, &all);
}

#elif defined(__aarch64__)

/* brk #0 */
const unsigned long registers_trap = 0xd4200000;
const unsigned long registers_trap_mask = 0xffffffff;

int registers_skip_call(pid_t pid)
{
	int none = -1;
	struct iovec place = { &none, sizeof(none) };

	return (int)ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &place);
}

int registers_set_result(pid_t pid, long result)
{
	struct user_regs_struct all;

	if (registers_get(pid, &all) < 0)
		return -1;
	all.regs[0] = (unsigned long long)result;
	return registers_set(pid, &all);
}

int registers_return_to(pid_t pid, uintptr_t address)
{
	struct user_regs_struct all;

	if (registers_get(pid, &all) < 0)
		return -1;
	all.pc = address;
	return registers_set(pid, &all);
}

#elif defined(__i386__)

const unsigned long registers_trap = 0xcc, registers_trap_mask = 0xff;

int registers_skip_call(pid_t pid)
{
	struct user_regs_struct all;

	if (registers_get(pid, &all) < 0)
		return -1;
	all.orig_eax = -1;
	return registers_set(pid, &all);
}

int registers_set_result(pid_t pid, long result)
{
	struct user_regs_struct all;

	if (registers_get(pid, &all) < 0)
		return -1;
	all.eax = result;
	return registers_set(pid, &all);
}

int registers_return_to(pid_t pid, uintptr_t address)
{
	struct user_regs_struct all;

	if (registers_get(pid, &all) < 0)
		return -1;
	all.eip = (long)address;
	return registers_set(pid, &all);
}

#else
#error "which registers does a system call have on this processor?"
#endif

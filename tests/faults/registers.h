/* The registers in which a stopped process makes a system call. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

/* At its entry: have the kernel make none; it will answer ENOSYS. */
int registers_skip_call(pid_t pid);

/* At its end: what the process shall take for the answer. */
int registers_set_result(pid_t pid, long result);

/* After a trap instruction at `address`: have it run what is there now. */
int registers_return_to(pid_t pid, uintptr_t address);

/* The trap instruction, as the lowest bytes of a word. */
extern const unsigned long registers_trap, registers_trap_mask;

/* The program that the kernel asks about devices, and how it gets there. */
#pragma once

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Load the instructions and attach them to the v2 group that `group` is open
 * on, in place of what this runtime attached there before.  Programs of
 * others stay: all of them have to agree.  See device_rules_attach().
 */
int device_program_attach(const struct bpf_insn *code, size_t length, int group,
			  bool is_quiet);

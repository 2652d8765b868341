/*
 * What a seccomp filter answers, without the kernel.
 */
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>

/* The program's answer.  `*steps` counts the instructions that were run. */
uint32_t bpf_interpret(const struct sock_fprog *program,
		       const struct seccomp_data *data, size_t *steps);

/* For what is made by chance: the same numbers in each run (xorshift64). */
uint64_t bpf_chance(void);

/* What a seccomp filter answers, tried on every call there is. */
#pragma once

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Its answer to call `number` of this machine with arguments of 0: an action
 * of seccomp(2).  What this cannot run (it is no seccomp filter) allows all.
 */
uint32_t filter_run(const struct sock_filter *filter, size_t length,
		    int number);

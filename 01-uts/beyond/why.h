/*
 * Why was no process made?
 */
#pragma once

#include <linux/sched.h>

/* clone3(2) refused `args`: say why, by errno.  Returns -1. */
int why_no_child(const struct clone_args *args);

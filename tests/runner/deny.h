/* A kernel that lacks something, played by a seccomp filter. */
#pragma once

#include "tests/runner/run.h"

/*
 * In the child, before it becomes the program: from now on the system call
 * answers with the error.
 *
 * With `denied_flags`, only a call that asks for one of these flags does.
 * That tells a program that drops a flag the kernel refuses, and goes on,
 * from one that gives up: the second attempt succeeds.
 */
void deny_call(const struct manner *manner);

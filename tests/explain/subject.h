/* Programs to be explained, made by the test that needs one. */
#pragma once

#include <sys/types.h>

/*
 * Compile it to /run/subject: what the compiler has said, "" if it is there.
 * The test is skipped where there is no compiler.
 */
char *subject(const char *options, const char *source);

/* Wait until a process has a tracer. */
void subject_joined(pid_t pid);

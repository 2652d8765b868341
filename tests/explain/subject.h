/* Programs to be explained, made by the test that needs one. */
#pragma once

#include "tests/runner/run.h"

/*
 * Compile it to /run/subject: what the compiler has said, "" if it is there.
 * The test is skipped where there is no compiler.
 */
char *subject(const char *options, const char *source);

/* As soon as it says "ready", explain joins it: then it has a tracer. */
struct running subject_attach(struct running *program);

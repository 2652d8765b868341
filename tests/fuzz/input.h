/*
 * What the fuzz targets share: the input as a file in a directory of its own.
 *
 * libFuzzer calls a function with millions of inputs and follows which code
 * each one reaches.  An input that reaches new code is changed further.  The
 * functions under test read files, so each input becomes one, in memory.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls; a target defines it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Make the input the file `name`.  Returns a descriptor of its directory,
 * which stays the same.  Messages are put together, and then dropped.
 */
int input_file(const char *name, const uint8_t *data, size_t size);

/*
 * Somebody's program: which options it has.
 *
 * An exercise asks for a few options.  A test that takes another one judges
 * nothing if the program has no such option: it is neither passed nor failed.
 */
#pragma once

#include <stdbool.h>

/*
 * Of a command line, the words between MAYBE and SAME (see run.h) are left out
 * for a program that lacks their option.
 */
#define MAYBE "\001maybe"

/* Is it somebody's program, and not ours or the ladder's? */
bool judged(void);

/*
 * `PROGRAM OPTION VALUE true` ends with 2, and without the option it does
 * not.  What the exercise asks for is never lacking: its tests fail.
 */
bool judged_lacks(const char *option);

/* Before a command line is run: end the test if it takes such an option. */
void judged_check(char *const line[]);

/* End this test: it judges nothing of this program. */
_Noreturn void not_judged(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

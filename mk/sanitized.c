/*
 * How the address sanitizer is set up, in a build with SANITIZE=1.
 *
 * The values of options, and what a start has read, live as long as their
 * program: giving back memory at its end only costs time.  So leaks are not
 * looked for.  It is said here, not by ASAN_OPTIONS, because engines start
 * stage 10 with an environment of their own.
 */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

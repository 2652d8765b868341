/*
 * Makes the x32 form of mkdir: the 64-bit number with bit 30 set, which a
 * filter that compares numbers takes for an unknown call.  Exit status 77
 * where the kernel lacks x32.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define X32(number) ((number) + 0x40000000)

int main(int argc, char **argv)
{
	(void)argv;
	/* Any argument: only say whether this kernel has x32. */
	if (argc > 1)
		return syscall(X32(SYS_getpid)) > 0 ? 0 : 77;
	if (syscall(X32(SYS_mkdir), "/tmp/owned", 0700) == 0) {
		rmdir("/tmp/owned");
		return 0;
	}
	perror("x32: mkdir");
	return 1;
}
#else
int main(void)
{
	return 77;
}
#endif

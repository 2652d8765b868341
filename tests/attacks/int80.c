/*
 * Makes the 32-bit system call mkdir, number 39 there, from a 64-bit program.
 * In the 64-bit table 39 is getpid, which every filter allows.  Exit status
 * 77 where this cannot be tried.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__x86_64__)
/* A kernel that has 32-bit calls switched off has no such interrupt. */
static void cannot_be_tried(int number)
{
	(void)number;
	_exit(77);
}

int main(void)
{
	char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	long result;

	if (low == MAP_FAILED)
		return 77;
	strcpy(low, "/tmp/owned");
	signal(SIGSEGV, cannot_be_tried);
	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(39L), "b"(low), "c"(0700L)
			 : "memory", "r8", "r9", "r10", "r11");
	if (access("/tmp/owned", F_OK) == 0) {
		rmdir("/tmp/owned");
		return 0;
	}
	if (result == -38)
		return 77; /* ENOSYS: no 32-bit calls in this kernel */
	fprintf(stderr, "int80: mkdir answered %ld\n", result);
	return 1;
}
#else
int main(void)
{
	return 77;
}
#endif

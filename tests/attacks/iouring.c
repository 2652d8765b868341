/*
 * Makes a directory through an io_uring: the kernel does it on the program's
 * behalf, and no system call mkdirat is ever made.  Exit status 77 where
 * this kernel has no io_uring for us.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static char *map(int ring, size_t size, off_t what)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_POPULATE, ring, what);
}

int main(void)
{
	struct io_uring_params params = { 0 };
	int ring = (int)syscall(SYS_io_uring_setup, 1, &params);
	struct io_uring_sqe *entry;
	char *queue;

	if (ring < 0) {
		perror("iouring: io_uring_setup");
		return errno == ENOSYS ? 77 : 1;
	}
	queue = map(ring, params.sq_off.array + 4096, IORING_OFF_SQ_RING);
	entry = (void *)map(ring, sizeof(*entry), IORING_OFF_SQES);
	if (queue == MAP_FAILED || (void *)entry == MAP_FAILED)
		return 77;
	*entry = (struct io_uring_sqe){
		.opcode = IORING_OP_MKDIRAT,
		.fd = AT_FDCWD,
		.addr = (unsigned long)"/tmp/owned",
		.len = 0700,
	};
	*(unsigned int *)(void *)(queue + params.sq_off.array) = 0;
	*(unsigned int *)(void *)(queue + params.sq_off.tail) = 1;
	syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL,
		0);
	if (rmdir("/tmp/owned") == 0)
		return 0;
	perror("iouring: the directory is not there");
	return 1;
}

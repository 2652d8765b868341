/*
 * Makes calls that no list of what a container needs has, each with arguments
 * that the kernel refuses by another error than EPERM.  So that error says:
 * the kernel has looked at it, and no filter was in the way.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALL(name, ...)             \
	{                           \
#name, SYS_##name,  \
		{                   \
			__VA_ARGS__ \
		}                   \
	}

static const struct {
	const char *name;
	long number;
	long arguments[5];
} calls[] = {
	CALL(kcmp, -1, -1, 99),
	CALL(setns, -1, 0),
	CALL(keyctl, 9999),
	CALL(request_key, 1, 1, 1),
	CALL(perf_event_open, 0, 0, -1, -1),
	CALL(io_uring_setup, 1, 0),
	CALL(open_tree, -1, 0, 0x40000000),
	CALL(mount_setattr, -1, 0, 0x40000000),
	CALL(move_pages, 0, 1, 0, 0, 0),
	CALL(set_mempolicy, 99, 0, 0),
#ifdef SYS_pidfd_getfd
	CALL(pidfd_getfd, -1, 0, 1),
#endif
#ifdef SYS_process_madvise
	CALL(process_madvise, -1, 0, 0, 0, 0xff),
#endif
};

int main(void)
{
	int reached = 0;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const long *a = calls[i].arguments;

		errno = 0;
		syscall(calls[i].number, a[0], a[1], a[2], a[3], a[4]);
		if (errno == EPERM || errno == ENOSYS)
			continue;
		fprintf(stderr, "unlisted: %s reached the kernel\n",
			calls[i].name);
		reached = 1;
	}
	return !reached;
}

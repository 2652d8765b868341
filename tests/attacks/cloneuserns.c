/*
 * Makes a user namespace by clone(2), and by clone3(2), where unshare(2) is
 * denied.  Both calls make threads as well, so a filter has to look closer.
 */
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_NEWUSER
#define CLONE_NEWUSER 0x10000000
#endif

static int is_made(const char *call, long pid)
{
	if (pid == 0)
		_exit(0);
	if (pid < 0) {
		perror(call);
		return 0;
	}
	waitpid((pid_t)pid, NULL, 0);
	fprintf(stderr, "cloneuserns: %s made a user namespace\n", call);
	return 1;
}

int main(void)
{
	struct clone_args args = { .flags = CLONE_NEWUSER,
				   .exit_signal = SIGCHLD };

	if (is_made("clone", syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0L, 0L,
				     0L, 0L)))
		return 0;
	if (is_made("clone3", syscall(SYS_clone3, &args, sizeof(args))))
		return 0;
	return 1;
}

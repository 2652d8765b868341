/*
 * Makes a user namespace, in which it has every capability again, and with
 * them a way to kernel code that is meant for root.  Proof: it can mount.
 */
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>

int main(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0) {
		perror("newuserns: unshare");
		return 1;
	}
	if (mount("owned", "/tmp", "tmpfs", 0, NULL) < 0) {
		perror("newuserns: mount");
		return 1;
	}
	return 0;
}

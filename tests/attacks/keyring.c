/*
 * Keys are in no namespace: asks the kernel for a key of the same user that
 * another process keeps, by its description (the argument).
 */
#include <linux/keyctl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc == 2 && syscall(SYS_keyctl, KEYCTL_SEARCH,
				 KEY_SPEC_USER_KEYRING, "user", argv[1], 0) > 0)
		return 0;
	perror("keyring: keyctl");
	return 1;
}

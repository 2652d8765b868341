/*
 * Is there a key of this description (the argument) in the session keyring?
 * It is inherited, by containers too, unless the runtime makes a new one.
 */
#include <linux/keyctl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc == 2 && syscall(SYS_keyctl, KEYCTL_SEARCH,
				 KEY_SPEC_SESSION_KEYRING, "user", argv[1], 0) > 0)
		return 0;
	perror("sessionkey: keyctl");
	return 1;
}

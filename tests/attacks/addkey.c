/*
 * Keeps a key for this user, with the first argument as its description; a
 * second argument removes it again.  The kernel forgets it after two hours
 * in any case.
 */
#include <linux/keyctl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SECONDS      7200
#define FOR_THE_USER 0x3f3f0000 /* what /proc/keys calls perm */

int main(int argc, char **argv)
{
	long key;

	if (argc < 2)
		return 2;
	/* A session that began with a login does not have its user's keys. */
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 ||
	    syscall(SYS_keyctl, KEYCTL_LINK, KEY_SPEC_USER_KEYRING,
		    KEY_SPEC_SESSION_KEYRING) < 0)
		key = -1;
	else
		key = syscall(SYS_add_key, "user", argv[1], "secret", 6,
			      KEY_SPEC_USER_KEYRING);
	if (key > 0 && argc == 2 &&
	    syscall(SYS_keyctl, KEYCTL_SETPERM, key, FOR_THE_USER) == 0 &&
	    syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, key, SECONDS) == 0)
		return 0;
	if (key > 0 && argc == 3 &&
	    syscall(SYS_keyctl, KEYCTL_UNLINK, key, KEY_SPEC_USER_KEYRING) == 0)
		return 0;
	perror("addkey");
	return 1;
}

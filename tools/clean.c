/*
 * clean: remove what killed programs of this kit left on the machine.
 *
 * A program that is killed cannot tidy up, and some things the kernel does
 * not tidy up for it.  Each module knows its own kind.  Whether an owner
 * still lives is asked of its lock, which the kernel drops at its death; a
 * thing that is still locked is in use, and is left alone.
 *
 *     sudo ./kit clean
 */
#include <stdio.h>

#include "01-uts/cleanup.h"
#include "05-cgroups/cgroup.h"
#include "08-netns/net.h"

/* Stage 10's: NULL where it could not be built, for want of its libraries. */
__attribute__((weak)) char *state_default_root(void);
__attribute__((weak)) int sweep_states(const char *root, int most);

/* The containers whose `run` was killed, and those half created. */
static int clean_containers(void)
{
	CLEANUP_FREE char *root = NULL;

	if (!sweep_states)
		return 0;
	root = state_default_root();
	return root ? sweep_states(root, 0) : -1;
}

int main(void)
{
	int containers = clean_containers(); /* each says what it removed */
	int groups = cgroup_sweep();
	int networks = net_sweep();

	if (containers < 0 || groups < 0 || networks < 0)
		return 1;
	if (containers == 0 && groups == 0 && networks == 0)
		puts("nothing found: no killed container left anything here");
	return 0;
}

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

#include "05-cgroups/cgroup.h"
#include "08-netns/net.h"

int main(void)
{
	int groups = cgroup_sweep(); /* each says what it removed */
	int networks = net_sweep();

	if (groups < 0 || networks < 0)
		return 1;
	if (groups == 0 && networks == 0)
		puts("nothing found: no killed container left anything here");
	return 0;
}

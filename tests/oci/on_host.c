/*
 * Run a script on a host of its own, as the tests of the stages are run: new
 * namespaces, an empty /run, a cgroup of its own in each tree as the top.
 *
 *     build/tests/oci/on_host SCRIPT [WORD]...
 *
 * What the script starts ends with it, because it is process 2 of a PID
 * namespace, and its cgroups are removed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/runner/host.h"

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: on_host SCRIPT [WORD]...\n");
		return 2;
	}
	host_cgroups_enter();
	host_make();
	if (setenv("ON_HOST", "1", 1) < 0) { /* tests/oci/engine.sh asks */
		perror("on_host: setenv");
		return 127;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 127;
}

/*
 * 01: a command with a host name of its own.
 *
 * No process is made here.  unshare(2) moves the caller itself to a new UTS
 * namespace, and execve(2) keeps the namespaces: so this program can become
 * the command.  Its exit status, its signals and its terminal are then the
 * command's without a line of code.
 */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "hostname", required_argument, NULL, 'H' },
		{ "domainname", required_argument, NULL, 'D' },
		{ 0 },
	};
	const char *host = NULL, *domain = NULL;
	int option;

	/* "+": what follows the command is the command's. */
	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (option == 'H')
			host = optarg;
		else if (option == 'D')
			domain = optarg;
		else
			exit(2);
	}
	if (optind >= argc)
		errx(2, "no command given");

	/* First the namespace: a line later it would rename the host. */
	if (unshare(CLONE_NEWUTS) < 0)
		err(125, "make a UTS namespace");
	if (host && sethostname(host, strlen(host)) < 0)
		err(125, "set the host name");
	if (domain && setdomainname(domain, strlen(domain)) < 0)
		err(125, "set the domain name");
	execvp(argv[optind], argv + optind);
	err(errno == ENOENT ? 127 : 126, "%s", argv[optind]);
}

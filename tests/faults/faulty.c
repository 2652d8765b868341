/*
 * A program that is wrong in known ways: at each step one call, and another
 * mistake in what comes of its failure.  See faulty_test.c.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPEN  O_RDONLY | O_CLOEXEC
#define PLACE "/run/faulty"

/* Another process, which is the program as well. */
static int in_a_child(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		if (eventfd(0, 0) < 0) {
			warn("in the child");
			_exit(1);
		}
		_exit(0);
	}
	return waitpid(child, &status, 0) == child && status == 0 ? 0 : -1;
}

static int with_mistakes(void)
{
	int ends[2];
	char byte;

	if (open("/dev/null", OPEN) < 0) {
		warn("right: one message");
		return 1;
	}
	if (inotify_init1(0) < 0)
		close(-1); /* right: it was not needed */
	if (pipe2(ends, 0) < 0)
		return 1; /* and says nothing */
	if (dup(0) < 0) {
		warn("once");
		warn("twice");
		return 1;
	}
	if (setpriority(PRIO_PROCESS, 0, 0) == 0)
		puts("this is what was asked for");
	if (memfd_create("x", 0) < 0)
		warn("note: without");
	else
		puts("this could be left out");
	if (socket(AF_UNIX, SOCK_STREAM, 0) < 0)
		pause();
	if (getrandom(&byte, 1, GRND_INSECURE) < 0)
		abort();
	if (mkdir(PLACE, 0700) < 0 || chdir(PLACE) < 0) {
		warn("it is left");
		return 1;
	}
	return rmdir(PLACE) == 0 && in_a_child() == 0 ? 7 : 1;
}

int main(void)
{
	int status = with_mistakes();

	return fflush(stdout) == 0 ? status : 1;
}

/*
 * A program that is wrong in known ways: at each step one call, and another
 * mistake in what comes of its failure.  See faulty_test.c.
 */
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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

/* The number after that word in a file of /proc/PID; -1: there is none. */
static long number_after(const char *word, int base, pid_t pid,
			 const char *name)
{
	char path[64], line[256], *end;
	long number = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, word, strlen(word)) == 0) {
			number = strtol(line + strlen(word), &end, base);
			if (end == line + strlen(word))
				number = -1;
		}
	if (file)
		fclose(file);
	return number;
}

/* When it waits in read(2), a signal that is ignored; then what it waits for. */
static int disturb(pid_t reader, int end)
{
	while (getppid() == reader &&
	       number_after("", 10, reader, "syscall") != SYS_read)
		sched_yield();
	kill(reader, SIGURG);
	while (getppid() == reader &&
	       number_after("ShdPnd:", 16, reader, "status") > 0)
		sched_yield();
	return write(end, "ab", 2) == 2 ? 0 : 1;
}

/* The first read is made twice, by the kernel. */
static int read_two(void)
{
	pid_t reader = getpid(), child;
	int ends[2], status;
	char bytes[2];

	if (pipe(ends) < 0 || (child = fork()) < 0)
		return -1;
	if (child == 0)
		_exit(disturb(reader, ends[1]));
	if (read(ends[0], &bytes[0], 1) != 1)
		return -1; /* and says nothing */
	if (waitpid(child, &status, 0) != child || status != 0)
		return -1;
	if (read(ends[0], &bytes[1], 1) != 1) {
		warn("right: the second read");
		return -1;
	}
	return 0;
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
	if (rmdir(PLACE) < 0 || read_two() < 0)
		return 1;
	return in_a_child() == 0 ? 7 : 1;
}

int main(void)
{
	int status = with_mistakes();

	return fflush(stdout) == 0 ? status : 1;
}

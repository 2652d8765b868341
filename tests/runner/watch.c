/*
 * What /proc says of each process of a test: its state, the processor time it
 * used, and how often it went to sleep or lost the processor.  A system call
 * that waits ends in a change of one of these; so does output.
 */
#include "tests/runner/watch.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/runner/helpers.h"

#define LOOKS          10  /* so often, while nothing happens */
#define QUIET_SECONDS  20  /* on a machine of usual speed */
#define LONGEST        300 /* also for one that does something */
#define SLOWEST        10
#define FAMILY_MAX     512
#define PROGRAMS       10   /* are started to measure, */
#define USUAL_PROGRAMS 0.02 /* in so many seconds */

struct process {
	pid_t pid, parent;
	char state;
	unsigned long changes; /* another number: it did something */
};

static double quiet_seconds = QUIET_SECONDS;

static double watch_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void watch_measure(void)
{
	double began = watch_now(), slow;

	for (int i = 0; i < PROGRAMS; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			execlp("true", "true", NULL);
			_exit(1);
		}
		waitpid(pid, NULL, 0);
	}
	slow = (watch_now() - began) / USUAL_PROGRAMS;
	quiet_seconds *= slow < 1 ? 1 : slow > SLOWEST ? SLOWEST : slow;
}

int watch_patience_ms(void)
{
	return (int)(quiet_seconds / 2 * 1000);
}

void watch_be_short(void)
{
	/* More than the snapshot waits for processes to end. */
	quiet_seconds /= 3;
}

/* A file of a process, "" if it is gone.  Check is for tests: not used here. */
static void watch_read(pid_t pid, const char *name, char text[4096])
{
	char path[64];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? 0 : read(fd, text, 4095);
	text[length > 0 ? length : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

/* false: it is gone meanwhile. */
static bool watch_look(pid_t pid, struct process *process)
{
	static const char of[] = "ctxt_switches:";
	unsigned long user = 0, kernel = 0;
	char text[4096], *at;

	*process = (struct process){ .pid = pid };
	watch_read(pid, "stat", text);
	at = strrchr(text, ')');
	if (!at ||
	    sscanf(at, ") %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
		   &process->state, &process->parent, &user, &kernel) != 4)
		return false;
	process->changes = user + kernel;
	watch_read(pid, "status", text);
	for (at = text; (at = strstr(at, of));) {
		at += sizeof(of) - 1;
		process->changes += strtoul(at, NULL, 10);
	}
	return true;
}

/*
 * `top` and all below it.  A process that lost its parent belongs to the
 * host's first one.
 */
static size_t watch_family(pid_t top, struct process *family)
{
	static struct process all[32768];
	size_t count = 0, found = 0;
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc)))
		if (strtol(entry->d_name, NULL, 10) > 0 && count < 32768)
			count += watch_look(
				(pid_t)strtol(entry->d_name, NULL, 10),
				&all[count]);
	if (proc)
		closedir(proc);
	for (size_t i = 0; i < count; i++)
		if (all[i].pid == top)
			family[found++] = all[i];
	for (size_t of = 0; of < found; of++)
		for (size_t i = 0; i < count && found < FAMILY_MAX; i++)
			if (all[i].parent == family[of].pid)
				family[found++] = all[i];
	return found;
}

/* Does nobody run, wait for a processor, or for a disk? */
static bool watch_all_sleep(const struct process *family, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strchr("RD", family[i].state))
			return false;
	return true;
}

static bool watch_same(const struct process *a, size_t a_count,
		       const struct process *b, size_t b_count)
{
	if (a_count != b_count)
		return false;
	for (size_t i = 0; i < a_count; i++)
		if (a[i].pid != b[i].pid || a[i].changes != b[i].changes)
			return false;
	return true;
}

/* The last ones are the deepest: who they are, and where in the kernel. */
static void watch_tell(const struct process *family, size_t count, char *why,
		       size_t size)
{
	size_t used = strlen(why);

	for (size_t i = count > 3 ? count - 3 : 0; i < count; i++) {
		char name[4096], place[4096];

		watch_read(family[i].pid, "comm", name);
		watch_read(family[i].pid, "wchan", place);
		chomp(name);
		used += (size_t)snprintf(why + used, size - used,
					 "\n      %.20s (%c) waits in %.40s",
					 name, family[i].state, place);
		if (used >= size)
			return;
	}
}

/* Its first process ends the whole PID namespace with it. */
static void watch_kill(const struct process *family, size_t count, pid_t pid)
{
	kill(count > 1 ? family[1].pid : pid, SIGKILL);
}

/* 0, or how long nothing has happened, or all of it has taken. */
static const char *watch_is_over(double quiet, double whole, double *seconds)
{
	*seconds = quiet;
	if (quiet >= quiet_seconds)
		return "no output, no child, no system call";
	*seconds = whole;
	return whole >= LONGEST * quiet_seconds / QUIET_SECONDS ? "no end"
								: NULL;
}

int watch_wait(pid_t pid, char *why, size_t size)
{
	struct pollfd end = { .events = POLLIN };
	static struct process family[2][FAMILY_MAX];
	double step = quiet_seconds / LOOKS, quiet = 0, whole = 0, seconds;
	size_t count[2] = { 0, 0 };
	const char *what;
	int status = 0, now = 0;

	end.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	/* Counted in looks: who stops the tests (Ctrl-Z) stops this, too. */
	while (end.fd >= 0 && poll(&end, 1, (int)(step * 1000)) == 0) {
		now = !now;
		count[now] = watch_family(pid, family[now]);
		quiet = watch_all_sleep(family[now], count[now]) &&
					watch_same(family[0], count[0],
						   family[1], count[1])
				? quiet + step
				: 0;
		whole += step;
		what = watch_is_over(quiet, whole, &seconds);
		if (!what)
			continue;
		snprintf(why, size, "%s for %.0f s", what, seconds);
		watch_tell(family[now], count[now], why, size);
		watch_kill(family[now], count[now], pid);
		break;
	}
	close(end.fd);
	waitpid(pid, &status, 0);
	return status;
}

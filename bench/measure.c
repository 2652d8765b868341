/*
 * measure: how long commands take, in turns.
 *
 *     measure ROUNDS LOG <PLAN
 *
 * A machine is never equally fast for a minute.  So nothing is measured on
 * its own: a round runs each line of the plan once, the next round begins
 * with another line, and only medians over all rounds are compared.
 *
 * A line of the plan is: NAME EVERY TOTAL AT-ONCE COMMAND...  It is run in
 * every EVERY-th round, TOTAL times, AT-ONCE of them at the same time.  A
 * word "@" of the command becomes a new id.  "next" begins the next step
 * once this one's command has ended, "finally" once all that it left behind
 * has ended as well.  What the commands print goes to LOG.
 *
 * For each a line comes out: NAME TOTAL WALL-us CPU-us PEAK-KiB FAILED.  CPU
 * time is that of all processes, also of those that outlive their command:
 * they become children of this program (PR_SET_CHILD_SUBREAPER).
 *
 * The peak is the one that the kernel keeps (ru_maxrss).  A program starts
 * with the peak of who called exec(2); hence this one is small, and linked
 * statically.  Nothing is measured as less than it needs itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LINES_MAX  64
#define WORDS_MAX  256
#define ATONCE_MAX 1000

struct line {
	char *name;
	int every, total, at_once;
	char *words[WORDS_MAX]; /* ends with NULL */
};

/* One of those that run at the same time. */
struct job {
	pid_t pid;   /* of the step's command; 0: none runs */
	char **step; /* where its words begin */
	char id[32];
};

/* Over all jobs of a line. */
struct result {
	long peak;
	int failed;
};

static struct line lines[LINES_MAX];
static struct job jobs[ATONCE_MAX];
static int log_fd;

static int measure_fail(const char *what)
{
	fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
	return -1;
}

static long long measure_us(struct timeval t)
{
	return t.tv_sec * 1000000LL + t.tv_usec;
}

static long long measure_wall(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

/* Of all children that were waited for. */
static long long measure_cpu(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return measure_us(usage.ru_utime) + measure_us(usage.ru_stime);
}

/* Of a step: the end of the line, or what stands between two. */
static int measure_is_end(const char *word)
{
	return !word || strcmp(word, "next") == 0 ||
	       strcmp(word, "finally") == 0;
}

/* posix_spawn(3) copies no memory, so it costs every runtime the same. */
static int job_spawn(struct job *job)
{
	char *command[WORDS_MAX];
	posix_spawn_file_actions_t actions;
	int count = 0, error;

	for (; !measure_is_end(job->step[count]); count++)
		command[count] = strcmp(job->step[count], "@") == 0
					 ? job->id
					 : job->step[count];
	command[count] = NULL;
	errno = EINVAL;
	if (count == 0)
		return measure_fail("an empty step");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, log_fd, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, log_fd, STDERR_FILENO);
	error = posix_spawnp(&job->pid, command[0], &actions, NULL, command,
			     environ);
	posix_spawn_file_actions_destroy(&actions);
	errno = error;
	return error ? measure_fail(command[0]) : 0;
}

/* The id is new, so that nothing that was left behind is in the way. */
static int job_start(struct job *job, struct line *line)
{
	static int number;

	snprintf(job->id, sizeof(job->id), "bench-%d-%d", getpid(), number++);
	job->step = line->words;
	return job_spawn(job);
}

/* Wait for one process; *job is whose command it was, NULL if nobody's. */
static int measure_reap(int running, struct job **job, struct result *result)
{
	struct rusage usage;
	int status;
	pid_t pid = wait4(-1, &status, 0, &usage);

	*job = NULL;
	if (pid < 0)
		return -1;
	if (usage.ru_maxrss > result->peak)
		result->peak = usage.ru_maxrss;
	for (int i = 0; i < running && !*job; i++)
		if (jobs[i].pid == pid)
			*job = &jobs[i];
	if (*job) {
		(*job)->pid = 0;
		result->failed += status != 0;
	}
	return 0;
}

/* The next step of a job whose command has ended.  1: there was none. */
static int job_continue(struct job *job, int running, struct result *result)
{
	char **end = job->step;
	struct job *other;

	while (!measure_is_end(*end))
		end++;
	if (!*end)
		return 1;
	job->step = end + 1;
	while (strcmp(*end, "finally") == 0 &&
	       measure_reap(running, &other, result) == 0)
		;
	return job_spawn(job);
}

/* Each end starts the next, so that AT-ONCE of them are always running. */
static int line_run(struct line *line, struct result *result)
{
	int started = 0, ended = 0, next;
	struct job *job;

	for (; started < line->at_once; started++)
		if (job_start(&jobs[started], line) < 0)
			return -1;
	while (ended < line->total &&
	       measure_reap(line->at_once, &job, result) == 0) {
		next = job ? job_continue(job, line->at_once, result) : 0;
		ended += next == 1;
		if (next == 1 && started < line->total)
			next = job_start(job, line) < 0 ? -1 : started++;
		if (next < 0)
			return -1;
	}
	return ended == line->total ? 0 : measure_fail(line->name);
}

/* Wall time ends with the last command, CPU time with what that has left. */
static int line_measure(struct line *line)
{
	struct result result = { 0 };
	long long wall = measure_wall(), cpu = measure_cpu();
	struct job *other;

	if (line_run(line, &result) < 0)
		return -1;
	wall = measure_wall() - wall;
	while (measure_reap(0, &other, &result) == 0)
		;
	printf("%s %d %lld %lld %ld %d\n", line->name, line->total, wall,
	       measure_cpu() - cpu, result.peak, result.failed);
	fflush(stdout);
	return 0;
}

/* Cuts up the text; the line keeps pointing into it. */
static int line_read(struct line *line, char *text)
{
	char *words[4] = { NULL }, *word, *state = NULL;
	int count = 0;

	for (word = strtok_r(text, " \n", &state); word;
	     word = strtok_r(NULL, " \n", &state)) {
		if (count < 4)
			words[count] = word;
		else if (count < WORDS_MAX + 3)
			line->words[count - 4] = word;
		count++;
	}
	if (count < 5)
		return -1;
	line->name = words[0];
	line->every = (int)strtol(words[1], NULL, 10);
	line->total = (int)strtol(words[2], NULL, 10);
	line->at_once = (int)strtol(words[3], NULL, 10);
	return line->every < 1 || line->at_once < 1 ||
			       line->at_once > ATONCE_MAX ||
			       line->total < line->at_once
		       ? -1
		       : 0;
}

/* Returns how many lines there are, or -1. */
static int measure_read_plan(void)
{
	char *text = NULL;
	size_t size = 0;
	int count = 0;

	for (; count < LINES_MAX && getline(&text, &size, stdin) > 0; count++) {
		errno = EINVAL;
		if (line_read(&lines[count], text) < 0)
			return measure_fail(text);
		text = NULL; /* the words are in it */
	}
	return count;
}

int main(int argc, char **argv)
{
	int rounds = argc == 3 ? (int)strtol(argv[1], NULL, 10) : 0;
	int count = rounds > 0 ? measure_read_plan() : -1;

	if (count <= 0) {
		fputs("usage: measure ROUNDS LOG <PLAN\n", stderr);
		return 2;
	}
	log_fd = open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (log_fd < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return measure_fail(argv[2]) ? 1 : 0;
	for (int round = 0; round < rounds; round++)
		for (int i = 0; i < count; i++) {
			struct line *line = &lines[(round + i) % count];

			if (round % line->every == 0 && line_measure(line) < 0)
				return 1;
		}
	return 0;
}

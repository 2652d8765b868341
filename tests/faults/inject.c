/*
 * Make each system call of each verb and stage fail, one at a time, and judge
 * what comes of it.
 *
 *     sudo ./kit faults                       all of it, and docs/FAULTS.md
 *     sudo ./kit faults CASES=exec,update     only these, no document
 *     sudo ./kit faults SEED=$(git rev-parse HEAD) TIME=240   a part of all
 *
 * Two workers share the work, each on a host of its own (tests/runner/host.c).  It
 * can be interrupted: what was found is in build/faults/, and is not tried
 * again with the same programs.
 */
#include <err.h>
#include <fcntl.h>
#include <getopt.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "tests/faults/apart.h"
#include "tests/faults/command.h"
#include "tests/faults/faulty_test.h"
#include "tests/faults/plan.h"
#include "tests/faults/results.h"
#include "tests/faults/world.h"
#include "tests/runner/host.h"

#define LIST        WORLD_OUT "/list"
#define WORKERS_MAX 8

struct options {
	const char *cases; /* NULL: all */
	const char *passes;
	const char *kept; /* the directory of the results */
	char *tools;      /* ... of inside.c's program */
	const char *seed;
	const char *only; /* this address alone, and say all about it */
	long seconds;     /* for all cases together; 0: as long as it takes */
	long workers;
	int report; /* who could not go on, and why: for the last lines */
	bool is_faulty;
};

static const struct option long_options[] = {
	{ "cases", required_argument, NULL, 'c' },
	{ "passes", required_argument, NULL, 'p' },
	{ "seed", required_argument, NULL, 's' },
	{ "only", required_argument, NULL, 'o' },
	{ "seconds", required_argument, NULL, 't' },
	{ "workers", required_argument, NULL, 'w' },
	{ "kept", required_argument, NULL, 'k' },
	{ "faulty", no_argument, NULL, 'f' },
	{ 0 },
};

static int options_read(struct options *options, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		switch (option) {
		case 'c':
			options->cases = optarg[0] ? optarg : NULL;
			break;
		case 'k':
			options->kept = optarg;
			break;
		case 'p':
			options->passes = optarg;
			break;
		case 's':
			options->seed = optarg[0] ? optarg : NULL;
			break;
		case 'o':
			options->only = optarg;
			break;
		case 't':
			options->seconds = strtol(optarg, NULL, 10);
			break;
		case 'w':
			options->workers = strtol(optarg, NULL, 10);
			break;
		case 'f':
			options->is_faulty = true;
			options->workers = 1;
			break;
		default:
			return -1;
		}
	return optind == argc && options->workers <= WORKERS_MAX ? 0 : -1;
}

static bool is_wanted(const struct options *options, const char *name)
{
	const char *place = options->cases;
	size_t length = strlen(name);

	for (; place && *place; place += *place == ',') {
		if (strncmp(place, name, length) == 0 &&
		    strchr(",", place[length]))
			return true;
		place += strcspn(place, ",");
	}
	return !options->cases;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/*
 * Which worker's it is: by its name, as two lists of the same calls are not
 * always the same.
 */
static long plan_share(const struct planned *p, long workers)
{
	uint64_t key = text_key(TEXT_KEY, p->address, strlen(p->address));

	return (long)((key ^ key >> 32) % (uint64_t)workers);
}

/* A call that was not made this time may be made the next. */
static struct judgement try(struct judge *judge, const struct fault *fault,
			    struct outcome *outcome)
{
	struct judgement judgement = judge_fault(judge, fault, outcome);

	for (int i = 0; i < 2 && judgement.verdict == UNREACHED; i++) {
		free(judgement.why);
		judgement = judge_fault(judge, fault, outcome);
	}
	return judgement;
}

/* One worker's part of one case. */
static void work(const struct options *options, struct judge *judge,
		 const struct plan *plan, int worker, double end)
{
	struct results results;

	results_open(&results, options->kept, judge->scene.of->name,
		     judge->scene.program);
	for (size_t i = 0; i < plan->count && now() < end; i++) {
		const struct planned *p = &plan->each[i];
		struct judgement judgement;
		struct outcome outcome;

		if (worker != plan_share(p, options->workers))
			continue;
		if (options->only ? strcmp(options->only, p->address) != 0
				  : results_have(&results, p->pass, p->address))
			continue;
		judgement = try(judge, &p->fault, &outcome);
		if (!options->only)
			results_add(&results, p->pass, p->address, &p->fault,
				    &outcome, &judgement);
		if (options->only || judgement.verdict > SAID)
			printf("%s %s %s %s: %s: %s\n", judge->scene.of->name,
			       p->pass, p->address,
			       verdict_names[judgement.verdict], outcome.what,
			       judgement.why);
		fflush(stdout);
		free(judgement.why);
	}
	results_close(&results);
}

static int work_case(const struct options *options, const struct fault_case *of,
		     int worker, double seconds)
{
	double begin = now();
	struct judge judge;
	struct plan plan;
	int list = command_output(LIST);
	int result = judge_init(&judge, of, list);

	close(list);
	if (result == 0) {
		plan = plan_make(LIST, options->passes, options->seed);
		if (worker == 0)
			results_plan(options->kept, of->name, plan.count);
		work(options, &judge, &plan, worker,
		     seconds > 0 ? begin + seconds : begin + 1e9);
		if (worker == 0)
			printf("%s: %zu faults, %.0f s\n", of->name, plan.count,
			       now() - begin);
		fflush(stdout);
		plan_free(&plan);
	}
	return result;
}

static void work_apart(const struct options *options,
		       const struct fault_case *of, int worker, double seconds)
{
	CLEANUP_FREE char *who = text_format("%s, worker %d", of->name, worker);
	struct apart apart;

	if (apart_start(&apart) == 0)
		_exit(work_case(options, of, worker, seconds) < 0);
	apart_end(&apart, options->report, who);
}

/* What time one case does not need, those after it have. */
static double share(double end, int cases)
{
	double seconds = (end - now()) / cases;

	return seconds > 1 ? seconds : 1;
}

/* On a host of its own: all cases, and of each its part. */
static void work_all(const struct options *options, int worker)
{
	double end = now() + (double)options->seconds;
	int left = 0;

	for (const struct fault_case *c = fault_cases; c->name; c++)
		left += is_wanted(options, c->name);
	world_make(options->tools);
	for (const struct fault_case *c = fault_cases; c->name; c++)
		if (is_wanted(options, c->name))
			work_apart(options, c, worker,
				   options->seconds ? share(end, left--) : 0);
}

/* The worker's host has a root that is read-only: this leads out of it. */
static const char *kept_outside(const char *kept)
{
	int fd = open(kept, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", kept);
	return text_format("/proc/self/fd/%d", fd);
}

/* How its own end was: what its cases could not do is in the report. */
static int worker_do(const struct options *options, int worker)
{
	struct options own = *options;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (!own.is_faulty)
		own.kept = kept_outside(own.kept);
	host_cgroups_enter();
	host_make();
	if (own.is_faulty)
		return faulty_test(own.tools);
	work_all(&own, worker);
	return 0;
}

/* False: something could not be tried. */
static bool workers_do(const struct options *options)
{
	struct apart apart[WORKERS_MAX];
	bool is_whole = true;

	for (int i = 0; i < options->workers; i++)
		if (apart_start(&apart[i]) == 0)
			exit(worker_do(options, i) < 0);
	for (int i = 0; i < options->workers; i++) {
		CLEANUP_FREE char *who = text_format("worker %d", i);

		if (apart_end(&apart[i], options->report, who) < 0)
			is_whole = false;
	}
	return is_whole && lseek(options->report, 0, SEEK_END) == 0;
}

/* Of the faulty program nothing is kept. */
static int report_open(const struct options *options)
{
	CLEANUP_FREE char *path = text_format("%s/report", options->kept);

	return options->is_faulty ? memfd_create("report", MFD_CLOEXEC)
				  : command_output(path);
}

int main(int argc, char **argv)
{
	struct options options = { .passes = "fit,eintr",
				   .kept = "build/faults",
				   .workers = 2 };

	if (options_read(&options, argc, argv) < 0)
		errx(2, "see the head of tests/faults/inject.c");
	options.tools = dirname(strdup(argv[0])); /* it changes its word */
	options.report = report_open(&options);
	return workers_do(&options) ? 0 : 1;
}

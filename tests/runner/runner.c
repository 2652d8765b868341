#include "tests/runner/runner.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/host.h"
#include "tests/runner/results.h"
#include "tests/runner/typed.h"
#include "tests/runner/watch.h"

/* FAIL if nobody says otherwise */
enum verdict { FAIL, PASS, SKIP, NOT_JUDGED };

/* What a test, in processes of its own, tells the runner: shared memory. */
static struct report {
	const char *tag;
	bool reached_the_end;
	char skipped[512];
	bool is_not_judged; /* and that is why it was skipped */
	char not_comparable[512];
	char step[512];
	char ran[1024]; /* what was last, of the program that is judged */
	enum verdict verdict;
	char message[4096];
	char place[256]; /* of the assertion that failed */
} * report;

#define CORE "core "

static int count[4]; /* of tests, by verdict */
static char *before;

void runner_skip(const char *reason)
{
	snprintf(report->skipped, sizeof(report->skipped), "%s", reason);
}

void runner_not_judged(const char *reason)
{
	report->is_not_judged = true;
	runner_skip(text("not judged: %s", reason));
}

void runner_not_comparable(const char *reason)
{
	if (!report->not_comparable[0])
		snprintf(report->not_comparable, sizeof(report->not_comparable),
			 "%s", reason);
}

void runner_step(const char *what, char *const words[])
{
	int used = snprintf(report->step, sizeof(report->step), "%s", what);

	for (; words && *words && used < (int)sizeof(report->step); words++)
		used += snprintf(report->step + used,
				 sizeof(report->step) - (size_t)used, " %s",
				 *words);
	for (char *end; (end = strchr(report->step, '\n'));)
		*end = ' ';
}

void runner_ran(char *const words[])
{
	snprintf(report->ran, sizeof(report->ran), "%s", typed(words));
}

bool runner_is_isolation(void)
{
	return strcmp(report->tag, "isolation") == 0;
}

static bool is_core(const struct test *test)
{
	return strncmp(test->tag, CORE, sizeof(CORE) - 1) == 0;
}

static const char *tag_of(const struct test *test)
{
	return test->tag + (is_core(test) ? sizeof(CORE) - 1 : 0);
}

static void set_up(void)
{
	before = host_snapshot();
	report->step[0] = '\0';
}

/* Nothing may be left; on the ladder, the stage before may well leave it. */
static void tear_down(void)
{
	char *after;

	report->reached_the_end = true;
	if (on_ladder())
		return;
	after = host_snapshot();
	if (strcmp(before, after) != 0)
		ck_abort_msg("this was left on the host:\n%.3500s",
			     host_difference(before, after));
}

static void take_result(SRunner *runner)
{
	TestResult **failures;

	if (srunner_ntests_failed(runner) > 0) {
		failures = srunner_failures(runner);
		snprintf(report->message, sizeof(report->message), "%s",
			 tr_msg(failures[0]));
		snprintf(report->place, sizeof(report->place), "%s:%d",
			 tr_lfile(failures[0]), tr_lno(failures[0]));
		free(failures);
	} else if (report->skipped[0]) {
		memcpy(report->message, report->skipped,
		       sizeof(report->skipped));
		report->verdict = report->is_not_judged ? NOT_JUDGED : SKIP;
	} else if (!report->reached_the_end) {
		strcpy(report->message, "the test ended before its end");
	} else {
		report->verdict = PASS;
	}
}

/* On a new host: the test and what comes before and after, by Check. */
static void run_here(const struct test *test)
{
	Suite *suite = suite_create(stage_name);
	TCase *tcase = tcase_create((*test->test)->name);
	SRunner *runner;

	tcase_set_tags(tcase, test->tag);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, *test->test);
	tcase_set_timeout(tcase, 0); /* watch_wait() sees to that */
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_SILENT);
	take_result(runner);
	srunner_free(runner);
}

static void tell_hang(const char *why)
{
	report->verdict = FAIL;
	report->place[0] = '\0';
	snprintf(report->message, sizeof(report->message),
		 "the test hung: %.1000s\n      its last step was %s", why,
		 report->step[0] ? report->step : "before any program");
}

/* With `rung`, a program, the test runs on the ladder against that. */
static void run_one(const struct test *test, const char *rung)
{
	char why[1024] = "";
	int status;
	pid_t pid;

	*report = (struct report){ .tag = tag_of(test),
				   .message = "its host came to an end" };
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		if (rung) {
			setenv("LADDER", "1", 1);
			setenv("PROGRAM", rung, 1);
		}
		host_make();
		run_here(test);
		_exit(0);
	}
	status = watch_wait(pid, why, sizeof(why));
	if (why[0])
		tell_hang(why);
	else if (status != 0 && report->verdict == FAIL && !report->place[0])
		snprintf(report->message, sizeof(report->message),
			 "its host came to an end, with status %d (128 + N: by "
			 "signal N)",
			 WIFEXITED(status) ? WEXITSTATUS(status)
					   : 128 + WTERMSIG(status));
	host_cgroups_clean();
}

static const char *const verdicts[] = { "FAIL", "pass", "skip", "n/a" };

static void print_verdict(const struct test *test, enum verdict verdict)
{
	count[verdict]++;
	printf("%-4s  %.2s %s", verdicts[verdict], stage_name,
	       (*test->test)->name);
}

static double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* One program of many must not take the time of all: BUDGET, in seconds. */
static bool is_too_late(void)
{
	static double first;
	const char *budget = getenv("BUDGET");

	if (first <= 0)
		first = seconds_now();
	if (!budget || seconds_now() - first < strtod(budget, NULL))
		return false;
	*report = (struct report){ .verdict = FAIL };
	snprintf(report->message, sizeof(report->message),
		 "not tried: the tests before it took more than %s s", budget);
	return true;
}

/* Somebody who has failed can try it by hand. */
static void tell_command(void)
{
	size_t used = strlen(report->message);

	if (report->verdict == FAIL && report->ran[0] && !own_program())
		snprintf(report->message + used, sizeof(report->message) - used,
			 "\n      ran: %s", typed_here(report->ran));
}

static void judge(const struct test *test)
{
	double began = seconds_now();

	if (!is_too_late())
		run_one(test, NULL);
	tell_command();
	results_add(&(struct said){
		.verdict = verdicts[report->verdict],
		.part = is_core(test) ? "core" : "rest",
		.stage = stage_name,
		.name = (*test->test)->name,
		.seconds = seconds_now() - began,
		.place = report->place,
		.message = report->verdict == PASS ? "" : report->message });
	print_verdict(test, report->verdict);
	if (report->verdict == FAIL)
		printf("\n      %s%s%s", report->place,
		       report->place[0] ? ": " : "", report->message);
	else if (report->verdict != PASS)
		printf(": %s", report->message);
	printf("\n");
}

/*
 * The stage before must run the command, and then fail the assertion of
 * isolation, and no other.
 */
static enum verdict judge_rung(const char **why)
{
	static const size_t length = sizeof(ISOLATION) - 1;

	*why = report->message;
	if (report->not_comparable[0]) {
		*why = text("the stage before does not run it: %s",
			    chomp(report->not_comparable));
		return FAIL;
	}
	if (report->verdict == SKIP)
		return SKIP;
	if (report->verdict == PASS) {
		*why = "the stage before passes as well";
		return FAIL;
	}
	if (strncmp(report->message, ISOLATION, length) == 0) {
		*why += length;
		return PASS;
	}
	*why = text("another assertion fails, %s: %s", report->place,
		    report->message);
	return FAIL;
}

/* A line of the ladder: what our program does, and the one before. */
static void climb(const struct test *test, const char *rung)
{
	static const char *const words[] = { "HOLE", "falls", "skip" };
	const char *name = (*test->test)->name, *why;
	enum verdict own, verdict;
	char *own_message;

	run_one(test, NULL);
	own = report->verdict;
	own_message = text("%s: %s", report->place, report->message);
	run_one(test, rung);
	verdict = judge_rung(&why);
	printf("  %-56s  %s  %-5s  %.*s\n", name,
	       own == PASS   ? "pass"
	       : own == SKIP ? "skip"
			     : "FAIL",
	       words[verdict], (int)strcspn(why, "\n"), why);
	if (own == FAIL)
		printf("      %s\n", own_message);
	count[own == PASS ? verdict : own]++;
}

/* A wrong test, which has to fail and to say so: its tag. */
static void judge_faulty(const struct test *test)
{
	run_one(test, NULL);
	if (report->verdict == FAIL && has(report->message, test->tag)) {
		print_verdict(test, PASS);
		printf(" fails\n");
		return;
	}
	print_verdict(test, FAIL);
	printf("\n      expected \"%s\" in: %s\n", test->tag, report->message);
}

static bool is_wanted(const struct test *test, char **names)
{
	const char *name = (*test->test)->name;

	if (!*names)
		return true;
	for (; *names; names++)
		if (strcmp(*names, name) == 0 ||
		    strcmp(*names, tag_of(test)) == 0 ||
		    strcmp(*names, is_core(test) ? "core" : "rest") == 0)
			return true;
	return false;
}

static bool is_tag(const char *name)
{
	return name &&
	       (strcmp(name, "isolation") == 0 || strcmp(name, "safety") == 0 ||
		strcmp(name, "input") == 0 || strcmp(name, "core") == 0 ||
		strcmp(name, "rest") == 0);
}

/* test_05 [--ladder PROGRAM | --faulty] [TEST, TAG, core or rest]... */
int main(int argc, char **argv)
{
	bool ladder = argc > 2 && strcmp(argv[1], "--ladder") == 0;
	bool faulty = argc > 1 && strcmp(argv[1], "--faulty") == 0;
	char **names = argv + (ladder ? 3 : faulty ? 2 : 1);
	const struct test *test;
	int wanted = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);
	results_begin();
	host_cgroups_enter();
	watch_measure();
	if (faulty)
		watch_be_short();
	report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (test = tests; test->test; test++) {
		if (!is_wanted(test, names))
			continue;
		wanted++;
		if (faulty)
			judge_faulty(test);
		else if (!ladder)
			judge(test);
		else if (strcmp(tag_of(test), "isolation") == 0)
			climb(test, argv[2]);
	}
	if (wanted == 0 && !is_tag(*names))
		printf("FAIL  there is no such test\n"), count[FAIL]++;
	printf("%d passed, %d failed, %d skipped", count[PASS], count[FAIL],
	       count[SKIP]);
	printf(count[NOT_JUDGED] ? ", %d not judged\n" : "\n",
	       count[NOT_JUDGED]);
	return count[FAIL] > 0;
}

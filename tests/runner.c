#include "tests/runner.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/helpers.h"

#define SECONDS_BEFORE_HANGING 120

/* What a test, which runs in a process of its own, tells the runner. */
static struct report {
	bool reached_the_end;
	char skipped[256];
} * report;

static char *before;

void runner_skip(const char *reason)
{
	snprintf(report->skipped, sizeof(report->skipped), "%s", reason);
}

static void set_up(void)
{
	*report = (struct report){ 0 };
	before = host_snapshot();
}

/* Nothing may be left; on the ladder, the stage before may well leave it. */
static void tear_down(void)
{
	char *after = host_snapshot();

	report->reached_the_end = true;
	if (on_ladder() || strcmp(before, after) == 0)
		return;
	ck_abort_msg("something was left on the host:\n%s",
		     shell("cat > /tmp/before.$$ <<'EOF'\n%s\nEOF\n"
			   "cat > /tmp/after.$$ <<'EOF'\n%s\nEOF\n"
			   "diff /tmp/before.$$ /tmp/after.$$ | grep '^[<>]'\n"
			   "rm -f /tmp/before.$$ /tmp/after.$$",
			   before, after));
}

static const char *run_one(const struct test *test, char *message, size_t room)
{
	Suite *suite = suite_create(stage_name);
	TCase *tcase = tcase_create((*test->test)->name);
	SRunner *runner;
	TestResult **results;
	const char *verdict = "pass";

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, *test->test);
	tcase_set_timeout(tcase, SECONDS_BEFORE_HANGING);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_SILENT);
	message[0] = '\0';
	if (srunner_ntests_failed(runner) > 0) {
		results = srunner_failures(runner);
		snprintf(message, room, "%s:%d: %s", tr_lfile(results[0]),
			 tr_lno(results[0]), tr_msg(results[0]));
		verdict = "FAIL";
		free(results);
	} else if (report->skipped[0]) {
		snprintf(message, room, "%s", report->skipped);
		verdict = "skip";
	} else if (!report->reached_the_end) {
		snprintf(message, room, "the test ended before its end");
		verdict = "FAIL";
	}
	srunner_free(runner);
	return verdict;
}

/*
 * One line of the ladder: the stage before must fail, and at the isolation
 * assertion.
 */
static const char *judge_ladder(const char *verdict, const char *message)
{
	if (strcmp(verdict, "skip") == 0)
		return "skip";
	if (strcmp(verdict, "pass") == 0)
		return "HOLE";
	return strstr(message, "isolation: ") ? "falls" : "HOLE";
}

static bool is_wanted(const struct test *test, const char *name)
{
	if (name)
		return strcmp((*test->test)->name, name) == 0;
	return !on_ladder() || strcmp(test->tag, "isolation") == 0;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL, *verdict;
	int passed = 0, failed = 0, skipped = 0;
	char message[4096];

	setlinebuf(stdout);
	host_make();
	signal(SIGPIPE, SIG_IGN);
	report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (const struct test *test = tests; test->test; test++) {
		if (!is_wanted(test, name))
			continue;
		verdict = run_one(test, message, sizeof(message));
		if (on_ladder())
			verdict = judge_ladder(verdict, message);
		printf("%-5s %.2s %s%s%s\n", verdict, stage_name,
		       (*test->test)->name, message[0] ? ": " : "", message);
		if (strcmp(verdict, "skip") == 0)
			skipped++;
		else if (verdict[0] == 'p' || verdict[0] == 'f')
			passed++;
		else
			failed++;
	}
	printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
	return failed > 0;
}

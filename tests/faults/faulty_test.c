#include "tests/faults/faulty_test.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/faults/command.h"
#include "tests/faults/judge.h"
#include "tests/faults/plan.h"
#include "tests/faults/world.h"

#define LIST WORLD_OUT "/list"

static const struct {
	const char *address;
	enum verdict verdict;
	bool has_begun;
} expected[] = {
	{ "0:prlimit64#1", DONE, false }, /* the C library's */
	{ "0:openat#1", SAID, true },      { "0:inotify_init1#1", DONE, true },
	{ "0:pipe2#1", SILENT, true },     { "0:dup#1", DOUBLE, true },
	{ "0:setpriority#1", LESS, true }, { "0:memfd_create#1", NOTED, true },
	{ "0:socket#1", HANGS, true },     { "0:getrandom#2", CRASHES, true },
	{ "0:chdir#1", LEFT, true },       { "0:read#2", SAID, true },
	{ "0.1:eventfd2#1", SAID, true },
};
#define EXPECTED (sizeof(expected) / sizeof(expected[0]))

static const struct fault *fault_at(const struct plan *plan,
				    const char *address)
{
	for (size_t i = 0; i < plan->count; i++)
		if (strcmp(plan->each[i].address, address) == 0)
			return &plan->each[i].fault;
	return NULL;
}

static bool test_one(struct judge *judge, const struct plan *plan, size_t i)
{
	const struct fault *fault = fault_at(plan, expected[i].address);
	struct judgement judgement = { 0 };
	struct outcome outcome = { 0 };
	bool is_right;

	if (fault)
		judgement = judge_fault(judge, fault, &outcome);
	is_right = fault && outcome.is_hit &&
		   judgement.verdict == expected[i].verdict &&
		   outcome.has_begun == expected[i].has_begun;
	printf("%s  %s is found to be %s\n", is_right ? "pass" : "FAIL",
	       expected[i].address, verdict_names[expected[i].verdict]);
	if (!is_right)
		printf("      it is %s, %s main: %s\n",
		       fault ? verdict_names[judgement.verdict] : "not called",
		       outcome.has_begun ? "in" : "before", judgement.why);
	free(judgement.why);
	return is_right;
}

int faulty_test(const char *tools)
{
	int list, passed = 0;
	struct judge judge;
	struct plan plan;

	world_make(tools);
	list = command_output(LIST);
	if (judge_init(&judge, &faulty_case, list) < 0)
		return -1;
	close(list);
	plan = plan_make(LIST, "fit", NULL);
	for (size_t i = 0; i < EXPECTED; i++)
		passed += test_one(&judge, &plan, i);
	printf("%d passed, %d failed, 0 skipped\n", passed,
	       (int)EXPECTED - passed);
	return passed == EXPECTED ? 0 : -1;
}

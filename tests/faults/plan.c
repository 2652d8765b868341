#include "tests/faults/plan.h"

#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/faults/calls.h"
#include "tests/faults/text.h"

const char *const pass_names[] = { "fit", "eintr", "other", "kill", NULL };

/* False: this call has none in this pass. */
static bool plan_fault(const char *pass, const struct call *call,
		       struct fault *fault)
{
	fault->happens = call->happens;
	if (strcmp(pass, "fit") == 0)
		fault->error = call->error;
	else if (strcmp(pass, "other") == 0)
		fault->error = call->other;
	else if (strcmp(pass, "eintr") == 0)
		fault->error = call->is_interrupted ? EINTR : 0;
	else
		fault->is_killed = true;
	return fault->error || fault->is_killed;
}

static bool plan_has_pass(const char *passes, const char *pass)
{
	const char *place = strstr(passes, pass);

	return place && strchr(",", place[strlen(pass)]);
}

static void plan_add(struct plan *plan, const char *pass,
		     const struct fault *call)
{
	const struct call *known = call_find(call->number);
	struct planned *planned;
	struct fault fault = *call;

	if (!known || !plan_fault(pass, known, &fault))
		return;
	plan->each =
		reallocarray(plan->each, plan->count + 1, sizeof(*plan->each));
	if (!plan->each)
		err(1, "memory");
	planned = &plan->each[plan->count++];
	planned->pass = pass;
	planned->fault = fault;
	snprintf(planned->address, sizeof(planned->address), "%s:%s#%d",
		 fault.process, known->name, fault.nth);
}

static const char *plan_seed;

static uint64_t plan_rank(const struct planned *planned)
{
	uint64_t rank = text_key(TEXT_KEY, plan_seed, strlen(plan_seed));

	rank = text_key(rank, planned->address, strlen(planned->address));
	rank = text_key(rank, planned->pass, 1);
	return rank ^ rank >> 29;
}

static int plan_order(const void *a, const void *b)
{
	uint64_t left = plan_rank(a), right = plan_rank(b);

	return left < right ? -1 : left > right;
}

struct plan plan_make(const char *list, const char *passes, const char *seed)
{
	FILE *file = fopen(list, "re");
	struct plan plan = { 0 };
	struct fault call;
	char *line = NULL;
	size_t size = 0;

	if (!file)
		err(1, "%s", list);
	while (getline(&line, &size, file) > 0) {
		memset(&call, 0, sizeof(call));
		if (sscanf(line, "%47s %ld %d", call.process, &call.number,
			   &call.nth) != 3)
			continue;
		for (int i = 0; pass_names[i]; i++)
			if (plan_has_pass(passes, pass_names[i]))
				plan_add(&plan, pass_names[i], &call);
	}
	free(line);
	fclose(file);
	plan_seed = seed;
	if (seed && plan.count)
		qsort(plan.each, plan.count, sizeof(*plan.each), plan_order);
	return plan;
}

void plan_free(struct plan *plan)
{
	free(plan->each);
}

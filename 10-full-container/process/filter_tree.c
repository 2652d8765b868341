/*
 * From rules to ranges, from ranges to a search tree.
 *
 * Think of a line of all numbers, 0 to 2^32 - 1, painted with the answer to
 * each.  Rules are strokes of paint.  What is left are pieces of one colour,
 * and the piece that a number is in is found by halves.
 */
#include "10-full-container/process/filter_tree.h"

#include <linux/bpf_common.h>
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "10-full-container/process/filter_bpf.h"

/* What is to be done once the number of a call is known. */
struct tree_decision {
	uint32_t action;
	const struct filter_condition *conditions;
	size_t condition_count; /* 0: the action, always */
	size_t otherwise;       /* the decision if a condition fails */
	size_t place;           /* of its code; 0: not written yet */
};

/* The numbers from `first` up to the next range's share a decision. */
struct tree_range {
	uint32_t first;
	size_t decision;
};

struct filter_tree {
	struct bpf bpf;
	size_t decision_count;
	struct tree_range *ranges;
	size_t range_count;
	struct tree_decision decisions[BPF_MAXINSNS];
};

/* ---- Decisions: each exists once, so equal ones can be told by number ---- */

/* The number of a rule's decision, where `otherwise` applies if it does not. */
static size_t tree_decision(struct filter_tree *t, const struct filter_rule *r,
			    size_t otherwise)
{
	const struct tree_decision new = {
		.action = r->action,
		.conditions = r->condition_count ? r->conditions : NULL,
		.condition_count = r->condition_count,
		.otherwise = r->condition_count ? otherwise : 0,
	};
	struct tree_decision *d = t->decisions;
	size_t i;

	for (i = 0; i < t->decision_count; i++, d++)
		if (d->action == new.action && d->otherwise == new.otherwise &&
		    d->conditions == new.conditions &&
		    d->condition_count == new.condition_count)
			return i;
	if (i == BPF_MAXINSNS) {
		t->bpf.is_too_long = true;
		return 0;
	}
	t->decision_count++;
	*d = new;
	return i;
}

/* The place of a decision's code, which is written when first needed. */
static size_t tree_decide(struct filter_tree *t, size_t index)
{
	struct tree_decision *d = &t->decisions[index];
	const struct filter_rule always = { .action = d->action };
	size_t no;

	if (d->place == 0 && d->condition_count == 0)
		d->place = bpf_return(&t->bpf, d->action);
	if (d->place == 0) {
		no = tree_decide(t, d->otherwise);
		d->place = tree_decide(t, tree_decision(t, &always, 0));
		for (size_t i = d->condition_count; i-- > 0;)
			d->place = bpf_condition(&t->bpf, &d->conditions[i],
						 d->place, no);
	}
	d->place = bpf_near(&t->bpf, d->place);
	return d->place;
}

/* ---- From rules to ranges of numbers to a search tree ---- */

/* The index of the range that begins at `first`; it is made if need be. */
static size_t tree_split(struct filter_tree *t, uint32_t first)
{
	struct tree_range *r = t->ranges;
	size_t low = 0, high = t->range_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (r[middle].first <= first)
			low = middle;
		else
			high = middle;
	}
	if (r[low].first == first)
		return low;
	memmove(&r[high + 1], &r[high], (t->range_count - high) * sizeof(*r));
	r[high] = (struct tree_range){ first, r[low].decision };
	t->range_count++;
	return high;
}

/* Rules are painted over each other, the last first: the first stays on top. */
static void tree_paint(struct filter_tree *t, const struct filter_rule *rule)
{
	size_t i = tree_split(t, rule->first);
	size_t end = t->range_count;

	if (rule->last != UINT32_MAX)
		end = tree_split(t, rule->last + 1);
	for (; i < end; i++)
		t->ranges[i].decision =
			tree_decision(t, rule, t->ranges[i].decision);
}

/* Neighbours with the same decision are one range. */
static void tree_merge(struct filter_tree *t)
{
	size_t kept = 0;

	for (size_t i = 1; i < t->range_count; i++)
		if (t->ranges[i].decision != t->ranges[kept].decision)
			t->ranges[++kept] = t->ranges[i];
	t->range_count = kept + 1;
}

/* The ranges from `low` up to, not including, `high`: halve until one is left. */
static size_t tree_halve(struct filter_tree *t, size_t low, size_t high)
{
	size_t middle = low + (high - low) / 2;
	size_t above, below;

	if (high - low == 1)
		return tree_decide(t, t->ranges[low].decision);
	above = tree_halve(t, middle, high);
	below = tree_halve(t, low, middle);
	return bpf_test(&t->bpf, BPF_JGE, t->ranges[middle].first, above,
			below);
}

/*
 * The code for one architecture: from what holds for all numbers, rule by
 * rule, to the tree.  Returns its place, 0 without memory.
 */
static size_t tree_table(struct filter_tree *t,
			 const struct filter_table *table)
{
	const struct filter_rule rest = { .action = table->otherwise };
	CLEANUP_FREE struct tree_range *ranges = NULL;
	size_t tree;

	ranges = calloc(2 * table->count + 1, sizeof(*ranges));
	if (!ranges)
		return 0;
	ranges[0] = (struct tree_range){ 0, tree_decision(t, &rest, 0) };
	t->ranges = ranges;
	t->range_count = 1;
	for (size_t i = table->count; i-- > 0;)
		tree_paint(t, &table->rules[i]);
	tree_merge(t);
	tree = tree_halve(t, 0, t->range_count);
	t->ranges = NULL;
	if (tree != t->bpf.length)
		bpf_jump(&t->bpf, tree);
	return bpf_load(&t->bpf, offsetof(struct seccomp_data, nr));
}

/*
 * Which architecture's numbers are these?  A number means another call in
 * each: without this question int 0x80 would walk past an x86-64 filter.
 */
static int tree_tables(struct filter_tree *t, const struct filter_table *tables,
		       size_t count, uint32_t foreign)
{
	size_t next = bpf_return(&t->bpf, foreign);

	for (size_t i = count; i-- > 0;) {
		size_t place = tree_table(t, &tables[i]);

		if (place == 0)
			return -1;
		next = bpf_test(&t->bpf, BPF_JEQ, tables[i].audit, place, next);
	}
	bpf_load(&t->bpf, offsetof(struct seccomp_data, arch));
	return 0;
}

/*
 * The compiler's struct has room for the longest program that the kernel takes
 * (4096 instructions), too much for a stack.  It is needed only in here.  Most
 * of it stays unused, and is not touched, not even with zeros.
 */
int filter_compile(const struct filter_table *tables, size_t count,
		   uint32_t foreign, struct sock_fprog *program)
{
	struct filter_tree *t = malloc(sizeof(*t));
	int result = -1;

	if (t) {
		t->bpf.length = 0;
		t->bpf.is_too_long = false;
		t->decision_count = 0;
	}
	if (t && tree_tables(t, tables, count, foreign) == 0)
		result = bpf_finish(&t->bpf, program);
	else
		error_call(NULL, "compile the seccomp filter");
	free(t);
	return result;
}

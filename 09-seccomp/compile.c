/*
 * From rules to ranges, from ranges to a search tree.
 *
 * Think of a line of all numbers, 0 to 2^32 - 1, painted with the answer to
 * each.  Rules are strokes of paint.  What is left are pieces of one colour,
 * and the piece that a number is in is found by halves.
 */
#include "09-seccomp/compile.h"

#include <linux/bpf_common.h>
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "09-seccomp/bpf.h"

/* What is to be done once the number of a call is known. */
struct compile_decision {
	uint32_t action;
	const struct seccomp_condition *conditions;
	size_t condition_count; /* 0: the action, always */
	size_t otherwise;       /* the decision if a condition fails */
	size_t place;           /* of its code; 0: not written yet */
};

/* The numbers from `first` up to the next range's share a decision. */
struct compile_range {
	uint32_t first;
	size_t decision;
};

struct compiler {
	struct bpf bpf;
	size_t decision_count;
	struct compile_range *ranges;
	size_t range_count;
	struct compile_decision decisions[BPF_MAXINSNS];
};

/* ---- Decisions: each exists once, so equal ones can be told by number ---- */

/* The number of a rule's decision, where `otherwise` applies if it does not. */
static size_t compile_decision(struct compiler *c, const struct seccomp_rule *r,
			       size_t otherwise)
{
	struct compile_decision *d = c->decisions;
	size_t i;

	if (r->condition_count == 0)
		otherwise = 0;
	for (i = 0; i < c->decision_count; i++, d++)
		if (d->action == r->action && d->otherwise == otherwise &&
		    d->conditions == r->conditions &&
		    d->condition_count == r->condition_count)
			return i;
	if (i == BPF_MAXINSNS) {
		c->bpf.is_too_long = true;
		return 0;
	}
	c->decision_count++;
	*d = (struct compile_decision){
		.action = r->action,
		.conditions = r->conditions,
		.condition_count = r->condition_count,
		.otherwise = otherwise,
	};
	return i;
}

/* The place of a decision's code, which is written when first needed. */
static size_t compile_decide(struct compiler *c, size_t index)
{
	struct compile_decision *d = &c->decisions[index];
	const struct seccomp_rule always = { .action = d->action };
	size_t no;

	if (d->place == 0 && d->condition_count == 0)
		d->place = bpf_return(&c->bpf, d->action);
	if (d->place == 0) {
		no = compile_decide(c, d->otherwise);
		d->place = compile_decide(c, compile_decision(c, &always, 0));
		for (size_t i = d->condition_count; i-- > 0;)
			d->place = bpf_condition(&c->bpf, &d->conditions[i],
						 d->place, no);
	}
	d->place = bpf_near(&c->bpf, d->place);
	return d->place;
}

/* ---- From rules to ranges of numbers to a search tree ---- */

/* The index of the range that begins at `first`; it is made if need be. */
static size_t compile_split(struct compiler *c, uint32_t first)
{
	struct compile_range *r = c->ranges;
	size_t low = 0, high = c->range_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (r[middle].first <= first)
			low = middle;
		else
			high = middle;
	}
	if (r[low].first == first)
		return low;
	memmove(&r[high + 1], &r[high], (c->range_count - high) * sizeof(*r));
	r[high] = (struct compile_range){ first, r[low].decision };
	c->range_count++;
	return high;
}

/* Rules are painted over each other, the last first: the first stays on top. */
static void compile_paint(struct compiler *c, const struct seccomp_rule *rule)
{
	size_t i = compile_split(c, rule->first);
	size_t end = c->range_count;

	if (rule->last != UINT32_MAX)
		end = compile_split(c, rule->last + 1);
	for (; i < end; i++)
		c->ranges[i].decision =
			compile_decision(c, rule, c->ranges[i].decision);
}

/* Neighbours with the same decision are one range. */
static void compile_merge(struct compiler *c)
{
	size_t kept = 0;

	for (size_t i = 1; i < c->range_count; i++)
		if (c->ranges[i].decision != c->ranges[kept].decision)
			c->ranges[++kept] = c->ranges[i];
	c->range_count = kept + 1;
}

/* The ranges from `low` up to, not including, `high`: halve until one is left. */
static size_t compile_tree(struct compiler *c, size_t low, size_t high)
{
	size_t middle = low + (high - low) / 2;
	size_t above, below;

	if (high - low == 1)
		return compile_decide(c, c->ranges[low].decision);
	above = compile_tree(c, middle, high);
	below = compile_tree(c, low, middle);
	return bpf_test(&c->bpf, BPF_JGE, c->ranges[middle].first, above,
			below);
}

/*
 * The code for one architecture: from what holds for all numbers, rule by
 * rule, to the tree.  Returns its place, 0 without memory.
 */
static size_t compile_arch(struct compiler *c, const struct seccomp_arch *arch)
{
	const struct seccomp_rule rest = { .action = arch->otherwise };
	CLEANUP_FREE struct compile_range *ranges = NULL;
	size_t tree;

	ranges = calloc(2 * arch->rule_count + 1, sizeof(*ranges));
	if (!ranges)
		return 0;
	ranges[0] = (struct compile_range){ 0, compile_decision(c, &rest, 0) };
	c->ranges = ranges;
	c->range_count = 1;
	for (size_t i = arch->rule_count; i-- > 0;)
		compile_paint(c, &arch->rules[i]);
	compile_merge(c);
	tree = compile_tree(c, 0, c->range_count);
	c->ranges = NULL;
	if (tree != c->bpf.length)
		bpf_jump(&c->bpf, tree);
	return bpf_load(&c->bpf, offsetof(struct seccomp_data, nr));
}

/*
 * Which architecture's numbers are these?  A number means another call in
 * each: without this question int 0x80 would walk past an x86-64 filter.
 */
static int compile_archs(struct compiler *c, const struct seccomp_arch *archs,
			 size_t count, uint32_t foreign)
{
	size_t next = bpf_return(&c->bpf, foreign);

	for (size_t i = count; i-- > 0;) {
		size_t place = compile_arch(c, &archs[i]);

		if (place == 0)
			return -1;
		next = bpf_test(&c->bpf, BPF_JEQ, archs[i].audit_arch, place,
				next);
	}
	bpf_load(&c->bpf, offsetof(struct seccomp_data, arch));
	return 0;
}

/*
 * The compiler's struct has room for the longest program that the kernel takes
 * (4096 instructions), too much for a stack.  It is needed only in here.  Most
 * of it stays unused, and is not touched, not even with zeros.
 */
int seccomp_compile(const struct seccomp_arch *archs, size_t count,
		    uint32_t foreign, struct sock_fprog *program)
{
	struct compiler *c = malloc(sizeof(*c));
	int result = -1;

	if (c) {
		c->bpf.length = 0;
		c->bpf.is_too_long = false;
		c->decision_count = 0;
	}
	if (c && compile_archs(c, archs, count, foreign) == 0)
		result = bpf_finish(&c->bpf, program);
	else
		error_call(NULL, "compile the seccomp filter");
	free(c);
	return result;
}

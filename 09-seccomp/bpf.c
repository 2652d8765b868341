#include "09-seccomp/bpf.h"

#include <errno.h>
#include <linux/bpf_common.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"

#define BPF_JUMP_MAX 254 /* a test jumps at most 255 instructions ahead */

/* What is to be done once the number of a call is known. */
struct bpf_decision {
	uint32_t action;
	const struct seccomp_condition *conditions;
	size_t condition_count; /* 0: the action, always */
	size_t otherwise;       /* the decision if a condition fails */
	size_t place;           /* of its code; 0: not written yet */
};

/* The numbers from `first` up to the next range's share a decision. */
struct bpf_range {
	uint32_t first;
	size_t decision;
};

/*
 * The program is written from its end to its beginning: jumps only go
 * forward, so each target exists before the jump to it is written.  A
 * "place" is counted from the end, where nothing moves any more.
 */
struct bpf_builder {
	struct sock_filter code[BPF_MAXINSNS];
	size_t length;
	bool is_too_long;
	struct bpf_decision decisions[BPF_MAXINSNS];
	size_t decision_count;
	struct bpf_range *ranges;
	size_t range_count;
};

/* ---- Writing instructions ---- */

static size_t bpf_emit(struct bpf_builder *b, int code, size_t yes, size_t no,
		       uint32_t value)
{
	if (b->length == BPF_MAXINSNS) {
		b->is_too_long = true;
		return b->length;
	}
	b->length++;
	b->code[BPF_MAXINSNS - b->length] = (struct sock_filter){
		.code = (uint16_t)code,
		.jt = (uint8_t)yes,
		.jf = (uint8_t)no,
		.k = value,
	};
	return b->length;
}

static size_t bpf_load(struct bpf_builder *b, size_t offset)
{
	return bpf_emit(b, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static size_t bpf_return(struct bpf_builder *b, uint32_t action)
{
	return bpf_emit(b, BPF_RET | BPF_K, 0, 0, action);
}

static size_t bpf_jump(struct bpf_builder *b, size_t place)
{
	return bpf_emit(b, BPF_JMP | BPF_JA, 0, 0,
			(uint32_t)(b->length - place));
}

/*
 * The same code within reach of a test: where it is, or else a stepping
 * stone, which is a jump, or a copy if it is a single return.
 */
static size_t bpf_near(struct bpf_builder *b, size_t place)
{
	const struct sock_filter *target = &b->code[BPF_MAXINSNS - place];

	if (b->length - place <= BPF_JUMP_MAX)
		return place;
	if (BPF_CLASS(target->code) == BPF_RET)
		return bpf_return(b, target->k);
	return bpf_jump(b, place);
}

static size_t bpf_test(struct bpf_builder *b, int test, uint32_t value,
		       size_t yes, size_t no)
{
	yes = bpf_near(b, yes);
	no = bpf_near(b, no);
	return bpf_emit(b, BPF_JMP | test | BPF_K, b->length - yes,
			b->length - no, value);
}

/* ---- Conditions: 64 bits are tested as two halves of 32 ---- */

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "an argument's low half comes first");

static size_t bpf_low(unsigned int argument)
{
	return offsetof(struct seccomp_data, args) + argument * 8;
}

static size_t bpf_high(unsigned int argument)
{
	return bpf_low(argument) + 4;
}

static size_t bpf_half(struct bpf_builder *b, size_t offset, uint64_t mask,
		       uint64_t value, size_t yes, size_t no)
{
	if ((uint32_t)mask == 0)
		return (uint32_t)value == 0 ? yes : no;
	bpf_test(b, BPF_JEQ, (uint32_t)value, yes, no);
	if ((uint32_t)mask != UINT32_MAX)
		bpf_emit(b, BPF_ALU | BPF_AND | BPF_K, 0, 0, (uint32_t)mask);
	return bpf_load(b, offset);
}

static size_t bpf_equal(struct bpf_builder *b,
			const struct seccomp_condition *c, uint64_t mask,
			size_t yes, size_t no)
{
	size_t low = bpf_half(b, bpf_low(c->argument), mask, c->value, yes, no);

	return bpf_half(b, bpf_high(c->argument), mask >> 32, c->value >> 32,
			low, no);
}

/* `test` is BPF_JGT or BPF_JGE: the low half decides if the high is equal. */
static size_t bpf_order(struct bpf_builder *b,
			const struct seccomp_condition *c, int test, size_t yes,
			size_t no)
{
	uint32_t high = (uint32_t)(c->value >> 32);
	size_t low, equal;

	bpf_test(b, test, (uint32_t)c->value, yes, no);
	low = bpf_load(b, bpf_low(c->argument));
	equal = bpf_test(b, BPF_JEQ, high, low, no);
	bpf_test(b, BPF_JGT, high, yes, equal);
	return bpf_load(b, bpf_high(c->argument));
}

static size_t bpf_condition(struct bpf_builder *b,
			    const struct seccomp_condition *c, size_t yes,
			    size_t no)
{
	switch (c->compare) {
	case SECCOMP_NOT_EQUAL:
		return bpf_equal(b, c, UINT64_MAX, no, yes);
	case SECCOMP_LESS:
		return bpf_order(b, c, BPF_JGE, no, yes);
	case SECCOMP_LESS_EQUAL:
		return bpf_order(b, c, BPF_JGT, no, yes);
	case SECCOMP_GREATER:
		return bpf_order(b, c, BPF_JGT, yes, no);
	case SECCOMP_GREATER_EQUAL:
		return bpf_order(b, c, BPF_JGE, yes, no);
	case SECCOMP_MASKED_EQUAL:
		return bpf_equal(b, c, c->mask, yes, no);
	case SECCOMP_EQUAL:
	default:
		return bpf_equal(b, c, UINT64_MAX, yes, no);
	}
}

/* ---- Decisions: each exists once, so equal ones can be told by number ---- */

static size_t bpf_decision(struct bpf_builder *b, const struct seccomp_rule *r,
			   size_t otherwise)
{
	struct bpf_decision *d = b->decisions;
	size_t i;

	if (r->condition_count == 0)
		otherwise = 0;
	for (i = 0; i < b->decision_count; i++, d++)
		if (d->action == r->action && d->otherwise == otherwise &&
		    d->conditions == r->conditions &&
		    d->condition_count == r->condition_count)
			return i;
	if (i == BPF_MAXINSNS) {
		b->is_too_long = true;
		return 0;
	}
	b->decision_count++;
	*d = (struct bpf_decision){
		.action = r->action,
		.conditions = r->conditions,
		.condition_count = r->condition_count,
		.otherwise = otherwise,
	};
	return i;
}

static size_t bpf_decide(struct bpf_builder *b, size_t index)
{
	struct bpf_decision *d = &b->decisions[index];
	const struct seccomp_rule always = { .action = d->action };
	size_t no;

	if (d->place == 0 && d->condition_count == 0)
		d->place = bpf_return(b, d->action);
	if (d->place == 0) {
		no = bpf_decide(b, d->otherwise);
		d->place = bpf_decide(b, bpf_decision(b, &always, 0));
		for (size_t i = d->condition_count; i-- > 0;)
			d->place = bpf_condition(b, &d->conditions[i], d->place,
						 no);
	}
	d->place = bpf_near(b, d->place);
	return d->place;
}

/* ---- From rules to ranges of numbers to a search tree ---- */

/* The index of the range that begins at `first`; it is made if need be. */
static size_t bpf_split(struct bpf_builder *b, uint32_t first)
{
	struct bpf_range *r = b->ranges;
	size_t low = 0, high = b->range_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (r[middle].first <= first)
			low = middle;
		else
			high = middle;
	}
	if (r[low].first == first)
		return low;
	memmove(&r[high + 1], &r[high], (b->range_count - high) * sizeof(*r));
	r[high] = (struct bpf_range){ first, r[low].decision };
	b->range_count++;
	return high;
}

/* Rules are painted over each other, the last first: the first stays on top. */
static void bpf_paint(struct bpf_builder *b, const struct seccomp_rule *rule)
{
	size_t i = bpf_split(b, rule->first);
	size_t end = b->range_count;

	if (rule->last != UINT32_MAX)
		end = bpf_split(b, rule->last + 1);
	for (; i < end; i++)
		b->ranges[i].decision =
			bpf_decision(b, rule, b->ranges[i].decision);
}

/* Neighbours with the same decision are one range. */
static void bpf_merge(struct bpf_builder *b)
{
	size_t kept = 0;

	for (size_t i = 1; i < b->range_count; i++)
		if (b->ranges[i].decision != b->ranges[kept].decision)
			b->ranges[++kept] = b->ranges[i];
	b->range_count = kept + 1;
}

/* The ranges from `low` up to, not including, `high`: halve until one is left. */
static size_t bpf_tree(struct bpf_builder *b, size_t low, size_t high)
{
	size_t middle = low + (high - low) / 2;
	size_t above, below;

	if (high - low == 1)
		return bpf_decide(b, b->ranges[low].decision);
	above = bpf_tree(b, middle, high);
	below = bpf_tree(b, low, middle);
	return bpf_test(b, BPF_JGE, b->ranges[middle].first, above, below);
}

/* The code for one architecture.  Returns its place, 0 without memory. */
static size_t bpf_arch(struct bpf_builder *b, const struct seccomp_arch *arch)
{
	const struct seccomp_rule rest = { .action = arch->otherwise };
	CLEANUP_FREE struct bpf_range *ranges = NULL;
	size_t tree;

	ranges = calloc(2 * arch->rule_count + 1, sizeof(*ranges));
	if (!ranges)
		return 0;
	ranges[0] = (struct bpf_range){ 0, bpf_decision(b, &rest, 0) };
	b->ranges = ranges;
	b->range_count = 1;
	for (size_t i = arch->rule_count; i-- > 0;)
		bpf_paint(b, &arch->rules[i]);
	bpf_merge(b);
	tree = bpf_tree(b, 0, b->range_count);
	b->ranges = NULL;
	if (tree != b->length)
		bpf_jump(b, tree);
	return bpf_load(b, offsetof(struct seccomp_data, nr));
}

/* Which architecture's numbers are these?  The same number differs in each. */
static int bpf_archs(struct bpf_builder *b, const struct seccomp_arch *archs,
		     size_t count, uint32_t foreign)
{
	CLEANUP_FREE size_t *places = calloc(count + 1, sizeof(*places));
	size_t next = bpf_return(b, foreign);

	if (!places)
		return -1;
	for (size_t i = count; i-- > 0;) {
		places[i] = bpf_arch(b, &archs[i]);
		if (places[i] == 0)
			return -1;
	}
	for (size_t i = count; i-- > 0;)
		next = bpf_test(b, BPF_JEQ, archs[i].audit_arch, places[i],
				next);
	bpf_load(b, offsetof(struct seccomp_data, arch));
	return 0;
}

int seccomp_compile(const struct seccomp_arch *archs, size_t count,
		    uint32_t foreign, struct sock_fprog *program)
{
	CLEANUP_FREE struct bpf_builder *b = calloc(1, sizeof(*b));
	size_t size;

	if (!b || bpf_archs(b, archs, count, foreign) < 0) {
		errno = ENOMEM;
		return error_call(NULL, "compile the seccomp filter");
	}
	if (b->is_too_long)
		return error_input("use fewer rules, or fewer conditions",
				   "the seccomp filter is longer than %d "
				   "instructions, which the kernel refuses",
				   BPF_MAXINSNS);
	size = b->length * sizeof(b->code[0]);
	program->filter = malloc(size);
	if (!program->filter)
		return error_call(NULL, "keep the seccomp filter");
	memcpy(program->filter, &b->code[BPF_MAXINSNS - b->length], size);
	program->len = (unsigned short)b->length;
	return 0;
}

/*
 * Instructions, written from the last one to the first.
 *
 * An instruction is 8 bytes: a code, two jump distances and a constant.  A
 * distance counts the instructions that are skipped, so it is known only when
 * the target exists; hence the backward order.  And it has 8 bits: what is
 * farther away needs a stepping stone (bpf_near()).
 */
#include "10-full-container/process/filter_bpf.h"

#include <linux/bpf_common.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "habits/error.h"

#define BPF_JUMP_MAX 254 /* a test jumps at most 255 instructions ahead */

/* Running out of space is noted here and told by bpf_finish(). */
static size_t bpf_emit(struct bpf *b, int code, size_t yes, size_t no,
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

/* Into the one register, the accumulator: 32 bits, from struct seccomp_data. */
size_t bpf_load(struct bpf *b, size_t offset)
{
	return bpf_emit(b, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

/* The answer: SECCOMP_RET_*, with an errno in its lower 16 bits. */
size_t bpf_return(struct bpf *b, uint32_t action)
{
	return bpf_emit(b, BPF_RET | BPF_K, 0, 0, action);
}

/* Always, and with 32 bits: this one reaches everywhere. */
size_t bpf_jump(struct bpf *b, size_t place)
{
	return bpf_emit(b, BPF_JMP | BPF_JA, 0, 0,
			(uint32_t)(b->length - place));
}

/* A jump reaches any place, a test only the next 255 instructions. */
size_t bpf_near(struct bpf *b, size_t place)
{
	const struct sock_filter *target = &b->code[BPF_MAXINSNS - place];

	if (b->length - place <= BPF_JUMP_MAX)
		return place;
	if (BPF_CLASS(target->code) == BPF_RET)
		return bpf_return(b, target->k);
	return bpf_jump(b, place);
}

/*
 * Where a place is too far, its stepping stone is written first.  The one for
 * `no` puts `yes` one farther away: BPF_JUMP_MAX leaves room for that.
 */
size_t bpf_test(struct bpf *b, int test, uint32_t value, size_t yes, size_t no)
{
	yes = bpf_near(b, yes);
	no = bpf_near(b, no);
	return bpf_emit(b, BPF_JMP | test | BPF_K, b->length - yes,
			b->length - no, value);
}

/* ---- Conditions: 64 bits are tested as two halves of 32 ---- */

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "an argument's low half comes first");

/* Where the halves of an argument are in struct seccomp_data. */
static size_t bpf_low(unsigned int argument)
{
	return offsetof(struct seccomp_data, args) + (size_t)argument * 8;
}

static size_t bpf_high(unsigned int argument)
{
	return bpf_low(argument) + 4;
}

/*
 * (half & mask) == value?  Written backwards: the test, the mask that comes
 * before it, the load that comes first.  No bits to look at: no code.
 */
static size_t bpf_half(struct bpf *b, size_t offset, uint64_t mask,
		       uint64_t value, size_t yes, size_t no)
{
	if ((uint32_t)mask == 0)
		return (uint32_t)value == 0 ? yes : no;
	bpf_test(b, BPF_JEQ, (uint32_t)value, yes, no);
	if ((uint32_t)mask != UINT32_MAX)
		bpf_emit(b, BPF_ALU | BPF_AND | BPF_K, 0, 0, (uint32_t)mask);
	return bpf_load(b, offset);
}

/* The high half is looked at first, and most often says no. */
static size_t bpf_equal(struct bpf *b, const struct filter_condition *c,
			uint64_t mask, size_t yes, size_t no)
{
	size_t low = bpf_half(b, bpf_low(c->argument), mask, c->value, yes, no);

	if (c->is_narrow)
		return low;
	return bpf_half(b, bpf_high(c->argument), mask >> 32, c->value >> 32,
			low, no);
}

/* BPF_JGT or BPF_JGE: where the high halves are equal the low ones decide. */
static size_t bpf_order(struct bpf *b, const struct filter_condition *c,
			int test, size_t yes, size_t no)
{
	uint32_t high = (uint32_t)(c->value >> 32);
	size_t low, equal;

	bpf_test(b, test, (uint32_t)c->value, yes, no);
	low = bpf_load(b, bpf_low(c->argument));
	if (c->is_narrow)
		return low;
	equal = bpf_test(b, BPF_JEQ, high, low, no);
	bpf_test(b, BPF_JGT, high, yes, equal);
	return bpf_load(b, bpf_high(c->argument));
}

/* Not equal, less and less or equal are opposites: yes and no change places. */
size_t bpf_condition(struct bpf *b, const struct filter_condition *c,
		     size_t yes, size_t no)
{
	switch (c->compare) {
	case FILTER_NOT_EQUAL:
		return bpf_equal(b, c, UINT64_MAX, no, yes);
	case FILTER_LESS:
		return bpf_order(b, c, BPF_JGE, no, yes);
	case FILTER_LESS_EQUAL:
		return bpf_order(b, c, BPF_JGT, no, yes);
	case FILTER_GREATER:
		return bpf_order(b, c, BPF_JGT, yes, no);
	case FILTER_GREATER_EQUAL:
		return bpf_order(b, c, BPF_JGE, yes, no);
	case FILTER_MASKED_EQUAL:
		return bpf_equal(b, c, c->mask, yes, no);
	case FILTER_EQUAL:
	default:
		return bpf_equal(b, c, UINT64_MAX, yes, no);
	}
}

/*
 * The code grew from the end of the array; it is copied so that it begins at
 * 0.
 */
int bpf_finish(const struct bpf *b, struct sock_fprog *program)
{
	size_t size = b->length * sizeof(b->code[0]);

	if (b->is_too_long)
		return error_input("use fewer rules, or fewer conditions",
				   "the seccomp filter is longer than %d "
				   "instructions, which the kernel refuses",
				   BPF_MAXINSNS);
	program->filter = malloc(size);
	if (!program->filter)
		return error_call(NULL, "keep the seccomp filter");
	memcpy(program->filter, &b->code[BPF_MAXINSNS - b->length], size);
	program->len = (unsigned short)b->length;
	return 0;
}

/*
 * A filter is a program with one register, which only jumps forward.  It is run
 * for each call with arguments that are not known: of a word some bits are, for
 * instance those that an AND has cleared.  Where a test is not decided by them,
 * both ways are gone; where ways meet, known is what is the same on both.  So
 * each instruction is looked at once.  See 09-seccomp/compile.h.
 */
#include "tools/explain/filter_run.h"

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "09-seccomp/compile.h"

#define ALL UINT32_MAX

struct word {
	uint32_t is, known; /* a bit that is not known is 0 in `is` */
};

struct machine {
	bool is_reached;
	struct word a, x, memory[BPF_MEMWORDS];
};

static struct word word_known(uint32_t is)
{
	return (struct word){ is, ALL };
}

static uint32_t word_most(struct word w)
{
	return w.is | ~w.known;
}

static struct word word_meet(struct word a, struct word b)
{
	uint32_t known = a.known & b.known & ~(a.is ^ b.is);

	return (struct word){ a.is & known, known };
}

/* 1: the test holds; 0: it does not; -1: that depends. */
static int filter_holds(uint16_t code, struct word a, struct word k)
{
	uint32_t both = a.known & k.known;

	switch (BPF_OP(code)) {
	case BPF_JEQ:
		return (a.is ^ k.is) & both ? 0 : both == ALL ? 1 : -1;
	case BPF_JGT:
		return a.is > word_most(k) ? 1 : word_most(a) > k.is ? -1 : 0;
	case BPF_JGE:
		return a.is >= word_most(k) ? 1 : word_most(a) >= k.is ? -1 : 0;
	default: /* BPF_JSET */
		return a.is & k.is ? 1 : word_most(a) & word_most(k) ? -1 : 0;
	}
}

static uint32_t filter_number(uint16_t code, uint32_t a, uint32_t k)
{
	switch (BPF_OP(code)) {
	case BPF_ADD:
		return a + k;
	case BPF_SUB:
		return a - k;
	case BPF_MUL:
		return a * k;
	case BPF_DIV:
		return k ? a / k : 0;
	case BPF_XOR:
		return a ^ k;
	case BPF_LSH:
		return k < 32 ? a << k : 0;
	case BPF_RSH:
		return k < 32 ? a >> k : 0;
	default: /* BPF_NEG */
		return -a;
	}
}

static struct word filter_compute(uint16_t code, struct word a, struct word k)
{
	uint32_t zero, one;

	if (BPF_OP(code) == BPF_AND) {
		zero = (a.known & ~a.is) | (k.known & ~k.is);
		return (struct word){ a.is & k.is, zero | (a.known & k.known) };
	}
	if (BPF_OP(code) == BPF_OR) {
		one = a.is | k.is;
		return (struct word){ one, one | (a.known & k.known) };
	}
	if (a.known != ALL || (BPF_OP(code) != BPF_NEG && k.known != ALL))
		return (struct word){ 0, 0 };
	return word_known(filter_number(code, a.is, k.is));
}

/* Of a call its number and its machine are known. */
static struct word filter_load(const struct sock_filter *i, int number,
			       const struct machine *m)
{
	switch (BPF_MODE(i->code)) {
	case BPF_ABS:
		if (i->k == offsetof(struct seccomp_data, nr))
			return word_known((uint32_t)number);
		if (i->k == offsetof(struct seccomp_data, arch))
			return word_known(COMPILE_ARCH);
		return (struct word){ 0, 0 };
	case BPF_MEM:
		return m->memory[i->k % BPF_MEMWORDS];
	case BPF_LEN:
		return word_known(sizeof(struct seccomp_data));
	default: /* BPF_IMM */
		return word_known(i->k);
	}
}

static struct word filter_operand(const struct sock_filter *i,
				  const struct machine *m)
{
	return BPF_SRC(i->code) == BPF_X ? m->x : word_known(i->k);
}

/* One instruction that is no jump and no answer. */
static void filter_step(const struct sock_filter *i, int number,
			struct machine *m)
{
	switch (BPF_CLASS(i->code)) {
	case BPF_LD:
		m->a = filter_load(i, number, m);
		break;
	case BPF_LDX:
		m->x = filter_load(i, number, m);
		break;
	case BPF_ST:
		m->memory[i->k % BPF_MEMWORDS] = m->a;
		break;
	case BPF_STX:
		m->memory[i->k % BPF_MEMWORDS] = m->x;
		break;
	case BPF_ALU:
		m->a = filter_compute(i->code, m->a, filter_operand(i, m));
		break;
	default: /* BPF_MISC */
		if (BPF_MISCOP(i->code) == BPF_TAX)
			m->x = m->a;
		else
			m->a = m->x;
	}
}

static unsigned char filter_answer(const struct sock_filter *i, struct word a)
{
	struct word w = BPF_RVAL(i->code) == BPF_A ? a : word_known(i->k);

	if ((w.known & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ACTION_FULL)
		return FILTER_ALLOWS | FILTER_REFUSES;
	switch (w.is & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
		return FILTER_ALLOWS;
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_USER_NOTIF:
		return FILTER_ASKS;
	default:
		return FILTER_REFUSES;
	}
}

/* Another way leads to where `to` is. */
static void filter_go(struct machine *to, const struct machine *from)
{
	if (!to->is_reached) {
		*to = *from;
		return;
	}
	to->a = word_meet(to->a, from->a);
	to->x = word_meet(to->x, from->x);
	for (int i = 0; i < BPF_MEMWORDS; i++)
		to->memory[i] = word_meet(to->memory[i], from->memory[i]);
}

static void filter_jump(const struct sock_filter *i, const struct machine *m,
			struct machine *next, size_t left)
{
	int holds = filter_holds(i->code, m->a, filter_operand(i, m));

	if (BPF_OP(i->code) == BPF_JA) {
		if (i->k < left)
			filter_go(next + i->k, m);
		return;
	}
	if (holds != 0 && i->jt < left)
		filter_go(next + i->jt, m);
	if (holds != 1 && i->jf < left)
		filter_go(next + i->jf, m);
}

/* `machines` are where each instruction begins; none is reached. */
static unsigned char filter_run(const struct sock_filter *filter, size_t length,
				int number, struct machine *machines)
{
	unsigned char answers = 0;

	machines[0] = (struct machine){ .is_reached = true,
					.a = word_known(0),
					.x = word_known(0) };
	for (size_t pc = 0; pc < length; pc++) {
		const struct sock_filter *i = &filter[pc];
		struct machine *m = &machines[pc];

		if (!m->is_reached)
			continue;
		if (BPF_CLASS(i->code) == BPF_RET) {
			answers |= filter_answer(i, m->a);
		} else if (BPF_CLASS(i->code) == BPF_JMP) {
			filter_jump(i, m, m + 1, length - pc - 1);
		} else if (pc + 1 < length) {
			filter_step(i, number, m);
			filter_go(m + 1, m);
		}
		m->is_reached = false;
	}
	return answers;
}

int filter_try(const struct sock_filter *filter, size_t length, size_t count,
	       unsigned char answers[])
{
	struct machine *machines = calloc(length + 1, sizeof(*machines));

	if (!machines)
		return -1;
	for (size_t i = 0; i < count; i++)
		answers[i] = filter_run(filter, length, (int)i, machines);
	free(machines);
	return 0;
}

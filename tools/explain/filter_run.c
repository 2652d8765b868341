/*
 * A filter is a program with one register, which only jumps forward; a small
 * interpreter is enough to ask it what it would say.  See 09-seccomp/compile.h.
 */
#include "tools/explain/filter_run.h"

#include <linux/seccomp.h>
#include <stdbool.h>
#include <string.h>

#include "09-seccomp/compile.h"

struct machine {
	uint32_t a, x, memory[BPF_MEMWORDS];
};

static bool filter_holds(uint16_t code, uint32_t a, uint32_t k)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ:
		return a == k;
	case BPF_JGT:
		return a > k;
	case BPF_JGE:
		return a >= k;
	default: /* BPF_JSET */
		return a & k;
	}
}

static uint32_t filter_compute(uint16_t code, uint32_t a, uint32_t k)
{
	switch (BPF_OP(code)) {
	case BPF_ADD:
		return a + k;
	case BPF_SUB:
		return a - k;
	case BPF_AND:
		return a & k;
	case BPF_OR:
		return a | k;
	case BPF_XOR:
		return a ^ k;
	case BPF_LSH:
		return k < 32 ? a << k : 0;
	case BPF_RSH:
		return k < 32 ? a >> k : 0;
	default: /* BPF_NEG; nobody multiplies */
		return -a;
	}
}

static uint32_t filter_load(const struct sock_filter *i,
			    const struct seccomp_data *data,
			    const struct machine *m)
{
	uint32_t word = 0;

	switch (BPF_MODE(i->code)) {
	case BPF_ABS:
		if (i->k <= sizeof(*data) - sizeof(word))
			memcpy(&word, (const char *)data + i->k, sizeof(word));
		return word;
	case BPF_MEM:
		return i->k < BPF_MEMWORDS ? m->memory[i->k] : 0;
	case BPF_LEN:
		return sizeof(*data);
	default: /* BPF_IMM */
		return i->k;
	}
}

static uint32_t filter_operand(const struct sock_filter *i,
			       const struct machine *m)
{
	return BPF_SRC(i->code) == BPF_X ? m->x : i->k;
}

/* One instruction that is no jump and no answer. */
static void filter_step(const struct sock_filter *i,
			const struct seccomp_data *data, struct machine *m)
{
	switch (BPF_CLASS(i->code)) {
	case BPF_LD:
		m->a = filter_load(i, data, m);
		break;
	case BPF_LDX:
		m->x = filter_load(i, data, m);
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

uint32_t filter_run(const struct sock_filter *filter, size_t length, int number)
{
	struct seccomp_data data = { .nr = number, .arch = COMPILE_ARCH };
	struct machine m = { 0 };

	for (size_t pc = 0; pc < length; pc++) {
		const struct sock_filter *i = &filter[pc];

		if (BPF_CLASS(i->code) == BPF_RET)
			return BPF_RVAL(i->code) == BPF_A ? m.a : i->k;
		if (BPF_CLASS(i->code) != BPF_JMP)
			filter_step(i, &data, &m);
		else if (BPF_OP(i->code) == BPF_JA)
			pc += i->k < length ? i->k : length; /* never back */
		else if (filter_holds(i->code, m.a, filter_operand(i, &m)))
			pc += i->jt;
		else
			pc += i->jf;
	}
	return SECCOMP_RET_ALLOW;
}

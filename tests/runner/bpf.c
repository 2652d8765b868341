/* An interpreter for the instructions of a seccomp filter. */
#include "tests/runner/bpf.h"

#include <check.h>
#include <linux/bpf_common.h>
#include <stdbool.h>
#include <string.h>

static bool holds(const struct sock_filter *i, uint32_t a)
{
	switch (BPF_OP(i->code)) {
	case BPF_JEQ:
		return a == i->k;
	case BPF_JGT:
		return a > i->k;
	case BPF_JGE:
		return a >= i->k;
	default:
		ck_abort_msg("unknown test 0x%x", i->code);
		return false;
	}
}

uint32_t bpf_interpret(const struct sock_fprog *p,
		       const struct seccomp_data *data, size_t *steps)
{
	uint32_t a = 0;

	for (size_t pc = 0; pc < p->len; pc++) {
		const struct sock_filter *i = &p->filter[pc];

		++*steps;
		switch (BPF_CLASS(i->code)) {
		case BPF_LD:
			ck_assert_uint_le(i->k, sizeof(*data) - sizeof(a));
			memcpy(&a, (const char *)data + i->k, sizeof(a));
			break;
		case BPF_ALU:
			ck_assert_uint_eq(i->code, BPF_ALU | BPF_AND | BPF_K);
			a &= i->k;
			break;
		case BPF_JMP:
			if (BPF_OP(i->code) == BPF_JA)
				pc += i->k;
			else
				pc += holds(i, a) ? i->jt : i->jf;
			break;
		case BPF_RET:
			return i->k;
		default:
			ck_abort_msg("unknown instruction 0x%x", i->code);
		}
	}
	ck_abort_msg("the program runs past its end");
	return 0;
}

uint64_t bpf_chance(void)
{
	static uint64_t state = 88172645463325252;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

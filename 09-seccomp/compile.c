/*
 * Rule by rule, in the order of the list.
 *
 *      load the architecture
 *      ours?                        no: kill the process
 *      load the number
 *      == mkdir?                    no: skip 1
 *      answer EPERM
 *      == clone?                    no: skip 5
 *      load argument 0
 *      and CLONE_NEWUSER | ...
 *      == 0?                        no: skip 1
 *      allow
 *      load the number              it was lost: there is one register
 *      ...
 *      answer `otherwise`
 *
 * An instruction has a code, a constant, and for a test how many of the next
 * instructions are skipped if it holds, and if not.  No rule jumps farther
 * than to the next one.
 */
#include "09-seccomp/compile.h"

#include <stdlib.h>

#include "habits/error.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "an argument's lower half comes first");

/* One more instruction.  One too many is counted, and told at the end. */
static void compile_add(struct sock_fprog *p, struct sock_filter instruction)
{
	if (p->len < BPF_MAXINSNS)
		p->filter[p->len] = instruction;
	if (p->len <= BPF_MAXINSNS)
		p->len++;
}

/* Into the one register, the accumulator: 32 bits, from struct seccomp_data. */
static void compile_load(struct sock_fprog *p, size_t offset)
{
	compile_add(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						    (uint32_t)offset));
}

/* `test` is BPF_JEQ, BPF_JGT or BPF_JGE: the register compared to `value`. */
static void compile_test(struct sock_fprog *p, uint16_t test, uint32_t value,
			 uint8_t skip_if, uint8_t skip_if_not)
{
	compile_add(p,
		    (struct sock_filter)BPF_JUMP(BPF_JMP | test | BPF_K, value,
						 skip_if, skip_if_not));
}

/* The answer: SECCOMP_RET_*, with an errno in its lower 16 bits. */
static void compile_return(struct sock_fprog *p, uint32_t action)
{
	compile_add(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* The number is in the register before and after it. */
static void compile_rule(struct sock_fprog *p, const struct seccomp_rule *rule)
{
	uint8_t rest = rule->mask ? 5 : 1; /* instructions after the number's */

	if (rule->first == rule->last) {
		compile_test(p, BPF_JEQ, rule->first, 0, rest);
	} else {
		compile_test(p, BPF_JGE, rule->first, 0, rest + 1);
		compile_test(p, BPF_JGT, rule->last, rest, 0);
	}
	if (rule->mask) {
		compile_load(p, offsetof(struct seccomp_data, args[0]));
		compile_add(p, (struct sock_filter)BPF_STMT(
				       BPF_ALU | BPF_AND | BPF_K, rule->mask));
		compile_test(p, BPF_JEQ, rule->value, 0, 1);
	}
	compile_return(p, rule->action);
	if (rule->mask)
		compile_load(p, offsetof(struct seccomp_data, nr));
}

/*
 * Whose numbers are these?  Without this question int 0x80 would walk past an
 * x86-64 filter.
 */
int compile_rules(const struct seccomp_rule *rules, size_t count,
		  uint32_t otherwise, struct sock_fprog *program)
{
	*program = (struct sock_fprog){
		.filter = calloc(BPF_MAXINSNS, sizeof(struct sock_filter)),
	};
	if (!program->filter)
		return error_call(NULL, "compile the seccomp filter");
	compile_load(program, offsetof(struct seccomp_data, arch));
	compile_test(program, BPF_JEQ, COMPILE_ARCH, 1, 0);
	compile_return(program, SECCOMP_RET_KILL_PROCESS);
	compile_load(program, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < count; i++)
		compile_rule(program, &rules[i]);
	compile_return(program, otherwise);
	if (program->len <= BPF_MAXINSNS)
		return 0;
	free(program->filter);
	return error_input("use fewer rules",
			   "the seccomp filter is longer than %d "
			   "instructions, which the kernel refuses",
			   BPF_MAXINSNS);
}

/*
 * Device rules on cgroup v2: a program of eBPF instructions, compiled here.
 *
 * The last rule that matches decides.  So the program asks the last rule
 * first: if all that it says is true of the access, it answers, and else it
 * goes on with the rule before.
 */
#include "10-full-container/group/device_rules.h"

#include <linux/bpf.h>
#include <stdlib.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "10-full-container/group/device_program.h"

#define RULE_LENGTH 10 /* instructions that one rule takes at most */

/* The registers of the program; R1 is its argument. */
enum { R0, R1, TYPE, ACCESS, MAJOR, MINOR };

struct rules_program {
	struct bpf_insn *code;
	size_t length;
};

static void rules_emit(struct rules_program *p, int code, int to, int from,
		       int offset, int64_t value)
{
	p->code[p->length++] = (struct bpf_insn){
		.code = (uint8_t)code,
		.dst_reg = (uint8_t)(to & 15),
		.src_reg = (uint8_t)(from & 15),
		.off = (int16_t)offset,
		.imm = (int32_t)value,
	};
}

/* struct bpf_cgroup_dev_ctx: the type in the lower half, the access above. */
static void rules_load(struct rules_program *p)
{
	rules_emit(p, BPF_LDX | BPF_MEM | BPF_W, TYPE, R1, 0, 0);
	rules_emit(p, BPF_LDX | BPF_MEM | BPF_W, ACCESS, R1, 0, 0);
	rules_emit(p, BPF_ALU | BPF_AND | BPF_K, TYPE, 0, 0, 0xffff);
	rules_emit(p, BPF_ALU | BPF_RSH | BPF_K, ACCESS, 0, 0, 16);
	rules_emit(p, BPF_LDX | BPF_MEM | BPF_W, MAJOR, R1, 4, 0);
	rules_emit(p, BPF_LDX | BPF_MEM | BPF_W, MINOR, R1, 8, 0);
}

/* Jump out of the rule, to where the next one will begin. */
static void rules_unless_equal(struct rules_program *p, int reg, int64_t value)
{
	rules_emit(p, BPF_JMP | BPF_JNE | BPF_K, reg, 0, 0, value);
}

/*
 * What is allowed must be covered whole by the rule; what is forbidden is
 * forbidden if any of it is.
 */
static void rules_test_access(struct rules_program *p,
			      const struct device_rule *rule)
{
	unsigned int mask =
		rule->allow ? DEVICE_ALL & ~rule->access : rule->access;

	rules_emit(p, BPF_ALU64 | BPF_MOV | BPF_X, R1, ACCESS, 0, 0);
	rules_emit(p, BPF_ALU | BPF_AND | BPF_K, R1, 0, 0, mask);
	rules_emit(p, BPF_JMP | (rule->allow ? BPF_JNE : BPF_JEQ) | BPF_K, R1,
		   0, 0, 0);
}

/* 1 lets the access pass, 0 makes it EPERM. */
static void rules_answer(struct rules_program *p, bool allow)
{
	rules_emit(p, BPF_ALU64 | BPF_MOV | BPF_K, R0, 0, 0, allow);
	rules_emit(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

/* Returns whether it decides about everything that gets here. */
static bool rules_compile_one(struct rules_program *p,
			      const struct device_rule *rule)
{
	size_t start = p->length;

	if (rule->type == 'c')
		rules_unless_equal(p, TYPE, BPF_DEVCG_DEV_CHAR);
	if (rule->type == 'b')
		rules_unless_equal(p, TYPE, BPF_DEVCG_DEV_BLOCK);
	if (rule->access != DEVICE_ALL)
		rules_test_access(p, rule);
	if (rule->major != DEVICE_ANY)
		rules_unless_equal(p, MAJOR, rule->major);
	if (rule->minor != DEVICE_ANY)
		rules_unless_equal(p, MINOR, rule->minor);
	rules_answer(p, rule->allow);
	if (p->length == start + 2)
		return true;
	for (size_t i = start; i < p->length; i++)
		if (p->code[i].code == (BPF_JMP | BPF_JNE | BPF_K) ||
		    p->code[i].code == (BPF_JMP | BPF_JEQ | BPF_K))
			p->code[i].off = (int16_t)(p->length - i - 1);
	return false;
}

/*
 * A rule about everything makes all before it unreachable: compiling stops
 * there.  Without one the end of the program is a no.
 */
int device_rules_attach(const struct device_rule *rules, size_t count,
			int group, bool is_quiet)
{
	CLEANUP_FREE struct bpf_insn *code =
		calloc(count * RULE_LENGTH + 8, sizeof(struct bpf_insn));
	struct rules_program program = { .code = code };
	bool is_decided = false;

	if (!code)
		return error_call(NULL, "compile the device rules");
	rules_load(&program);
	for (size_t i = count; i-- > 0 && !is_decided;)
		is_decided = rules_compile_one(&program, &rules[i]);
	if (!is_decided) /* the kernel refuses code that is never reached */
		rules_answer(&program, false);
	return device_program_attach(program.code, program.length, group,
				     is_quiet);
}

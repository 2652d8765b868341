/*
 * Device rules on cgroup v2: a program of eBPF instructions, compiled here.
 *
 * The last rule that matches decides.  So the program asks the last rule
 * first: if all that it says is true of the access, it answers, and else it
 * goes on with the rule before.
 *
 * The kernel proves, before it takes a program, that each way through it
 * ends with an answer.  Then the program belongs to the group, and goes when
 * the group is removed.  See bpf(2).
 */
#include "10-full-container/group/device_rules.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"

#define PROGRAM_NAME "ten_steps" /* 15 letters, digits, _ and . at most */
#define PROGRAMS_MAX 64          /* that one group can have (Linux 4.15) */

static const struct hint program_hints[] = {
	{ EPERM, "eBPF needs CAP_SYS_ADMIN, or CAP_BPF and CAP_NET_ADMIN" },
	{ EINVAL, "the kernel was built without CONFIG_CGROUP_BPF" },
	{ ENOSYS, "the kernel has no bpf(2)" },
	{ E2BIG, "other programs are attached: see bpftool cgroup list" },
	{ 0, NULL },
};

/* Commands of one call, which has no wrapper in the C library. */
static int program_bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* Which programs are attached; -1 without a message, and then none. */
static int program_list(int group, uint32_t ids[PROGRAMS_MAX])
{
	union bpf_attr attr = {
		.query = { .target_fd = (uint32_t)group,
			   .attach_type = BPF_CGROUP_DEVICE,
			   .prog_ids = (uintptr_t)ids,
			   .prog_cnt = PROGRAMS_MAX },
	};

	return program_bpf(BPF_PROG_QUERY, &attr) < 0
		       ? -1
		       : (int)attr.query.prog_cnt;
}

/*
 * By its name: systemd attaches programs of its own to a scope, and those stay.
 * All programs of a group have to say yes (BPF_F_ALLOW_MULTI).
 */
static bool program_is_ours(int program)
{
	struct bpf_prog_info info = { 0 };
	union bpf_attr attr = {
		.info = { .bpf_fd = (uint32_t)program,
			  .info_len = sizeof(info),
			  .info = (uintptr_t)&info },
	};

	return program_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) == 0 &&
	       strcmp(info.name, PROGRAM_NAME) == 0;
}

/* Those of `ids` that this runtime made.  They were there before. */
static int program_detach(int group, const uint32_t ids[], int count)
{
	for (int i = 0; i < count; i++) {
		union bpf_attr by_id = { .prog_id = ids[i] };
		CLEANUP_CLOSE int program =
			program_bpf(BPF_PROG_GET_FD_BY_ID, &by_id);
		union bpf_attr detach = {
			.target_fd = (uint32_t)group,
			.attach_bpf_fd = (uint32_t)program,
			.attach_type = BPF_CGROUP_DEVICE,
		};

		if (program < 0 || !program_is_ours(program))
			continue;
		if (program_bpf(BPF_PROG_DETACH, &detach) < 0)
			return error_call(program_hints,
					  "detach the old device rules");
	}
	return 0;
}

static int program_fail(bool is_quiet, const char *what)
{
	return is_quiet ? -1 : error_call(program_hints, "%s", what);
}

/*
 * Load the instructions and attach them to the group.  First the new one, then
 * not the old one: at no moment there is none.
 */
static int program_attach(const struct bpf_insn *code, size_t length, int group,
			  bool is_quiet)
{
	uint32_t old[PROGRAMS_MAX];
	int count = program_list(group, old);
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insns = (uintptr_t)code,
		.insn_cnt = (uint32_t)length,
		.license = (uintptr_t) "MIT",
		.prog_name = PROGRAM_NAME,
	};
	CLEANUP_CLOSE int program = program_bpf(BPF_PROG_LOAD, &load);
	union bpf_attr attach = {
		.target_fd = (uint32_t)group,
		.attach_bpf_fd = (uint32_t)program,
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = BPF_F_ALLOW_MULTI,
	};

	if (program < 0)
		return program_fail(is_quiet, "load the device rules (eBPF)");
	if (program_bpf(BPF_PROG_ATTACH, &attach) < 0)
		return program_fail(is_quiet,
				    "attach the device rules to the group");
	return program_detach(group, old, count);
}

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
int device_rules_attach(const struct device_rules *rules, int group,
			bool is_quiet)
{
	CLEANUP_FREE struct bpf_insn *code =
		calloc(rules->count * RULE_LENGTH + 8, sizeof(struct bpf_insn));
	struct rules_program program = { .code = code };
	bool is_decided = false;

	if (!code)
		return error_call(NULL, "compile the device rules");
	rules_load(&program);
	for (size_t i = rules->count; i-- > 0 && !is_decided;)
		is_decided = rules_compile_one(&program, &rules->list[i]);
	if (!is_decided) /* the kernel refuses code that is never reached */
		rules_answer(&program, false);
	return program_attach(program.code, program.length, group, is_quiet);
}

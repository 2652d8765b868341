/*
 * The compiler of stage 09, judged without the kernel: each program runs in
 * an interpreter here, and its answer is compared with reading the rule table
 * from top to bottom.  Nothing here needs root.
 */
#include <check.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "09-seccomp/beyond/syscalls.h"
#include "09-seccomp/compile.h"
#include "09-seccomp/policy.h"
#include "tests/runner/bpf.h"

#define ALLOW  SECCOMP_RET_ALLOW
#define KILL   SECCOMP_RET_KILL_PROCESS
#define EPERMS (SECCOMP_RET_ERRNO | EPERM)

/* ---- The reference: the table, from top to bottom ---- */

static bool matches(const struct seccomp_condition *c,
		    const struct seccomp_data *data)
{
	uint64_t value = data->args[c->argument];

	switch (c->compare) {
	case SECCOMP_EQUAL:
		return value == c->value;
	case SECCOMP_NOT_EQUAL:
		return value != c->value;
	case SECCOMP_LESS:
		return value < c->value;
	case SECCOMP_LESS_EQUAL:
		return value <= c->value;
	case SECCOMP_GREATER:
		return value > c->value;
	case SECCOMP_GREATER_EQUAL:
		return value >= c->value;
	case SECCOMP_MASKED_EQUAL:
	default:
		return (value & c->mask) == c->value;
	}
}

static bool rule_matches(const struct seccomp_rule *r,
			 const struct seccomp_data *data)
{
	if ((uint32_t)data->nr < r->first || (uint32_t)data->nr > r->last)
		return false;
	for (size_t i = 0; i < r->condition_count; i++)
		if (!matches(&r->conditions[i], data))
			return false;
	return true;
}

static uint32_t reference(const struct seccomp_arch *archs, size_t count,
			  const struct seccomp_data *data)
{
	const struct seccomp_arch *a = archs;

	for (; a < archs + count; a++)
		if (a->audit_arch == data->arch)
			break;
	if (a == archs + count)
		return KILL;
	for (size_t i = 0; i < a->rule_count; i++)
		if (rule_matches(&a->rules[i], data))
			return a->rules[i].action;
	return a->otherwise;
}

/* Runs both; returns the number of instructions it took. */
static size_t same(const struct sock_fprog *p, const struct seccomp_arch *archs,
		   size_t count, const struct seccomp_data *data)
{
	size_t steps = 0;
	uint32_t found = bpf_interpret(p, data, &steps);
	uint32_t expected = reference(archs, count, data);

	ck_assert_msg(found == expected,
		      "arch %x, call %d, arguments %llx %llx: the program says "
		      "%x, the table %x",
		      data->arch, data->nr, data->args[0], data->args[1], found,
		      expected);
	return steps;
}

/* ---- Docker's policy, which has a rule for each of 300 calls ---- */

static struct seccomp_rule rules[POLICY_RULES_MAX];

static struct seccomp_arch default_arch(uint64_t capabilities)
{
	return (struct seccomp_arch){
		.audit_arch = AUDIT_ARCH_X86_64,
		.otherwise = EPERMS,
		.rules = rules,
		.rule_count = policy_default(capabilities, rules),
	};
}

static uint32_t answer(uint64_t capabilities, const char *name, uint64_t first)
{
	struct seccomp_arch arch = default_arch(capabilities);
	struct seccomp_data data = {
		.nr = syscall_number(name, strlen(name)),
		.arch = AUDIT_ARCH_X86_64,
		.args = { first },
	};
	struct sock_fprog p;
	size_t steps = 0;
	uint32_t action;

	ck_assert_int_ge(data.nr, 0);
	ck_assert_int_eq(seccomp_compile(&arch, 1, KILL, &p), 0);
	action = bpf_interpret(&p, &data, &steps);
	free(p.filter);
	return action;
}

START_TEST(a_short_tree_agrees_with_the_table_for_every_number)
{
	struct seccomp_arch arch = default_arch(0);
	struct seccomp_data data = { .arch = AUDIT_ARCH_X86_64 };
	struct sock_fprog p;

	ck_assert_int_eq(seccomp_compile(&arch, 1, KILL, &p), 0);
	ck_assert_uint_lt(p.len, arch.rule_count / 2);
	for (int nr = -1; nr < 1024; nr++) {
		data.nr = nr;
		ck_assert_uint_le(same(&p, &arch, 1, &data), 30);
		data.nr = nr | 0x40000000;
		same(&p, &arch, 1, &data);
	}
	free(p.filter);
}
END_TEST

START_TEST(calls_of_another_architecture_are_foreign)
{
	struct seccomp_arch arch = default_arch(0);
	struct seccomp_data data = { .arch = AUDIT_ARCH_I386 };
	struct sock_fprog p;
	size_t steps = 0;

	ck_assert_int_eq(seccomp_compile(&arch, 1, KILL, &p), 0);
	ck_assert_uint_eq(bpf_interpret(&p, &data, &steps), KILL);
	free(p.filter);
}
END_TEST

START_TEST(a_capability_brings_its_calls_back)
{
	uint64_t admin = UINT64_C(1) << CAP_SYS_ADMIN;

	ck_assert_uint_eq(answer(0, "read", 0), ALLOW);
	ck_assert_uint_eq(answer(0, "unshare", 0), EPERMS);
	ck_assert_uint_eq(answer(admin, "unshare", 0), ALLOW);
	ck_assert_uint_eq(answer(admin, "clone3", 0), ALLOW);
	ck_assert_uint_eq(answer(admin, "clone", CLONE_NEWNET), ALLOW);
	ck_assert_uint_eq(answer(admin, "init_module", 0), EPERMS);
	ck_assert_uint_eq(answer(~0ull, "io_uring_setup", 0), EPERMS);
}
END_TEST

START_TEST(a_thread_may_start_but_no_namespace)
{
	ck_assert_uint_eq(answer(0, "clone", CLONE_VM | CLONE_THREAD), ALLOW);
	ck_assert_uint_eq(answer(0, "clone", CLONE_NEWUSER), EPERMS);
	ck_assert_uint_eq(answer(0, "clone", CLONE_VM | CLONE_NEWNS), EPERMS);
	ck_assert_uint_eq(answer(0, "clone3", 0), SECCOMP_RET_ERRNO | ENOSYS);
}
END_TEST

START_TEST(bits_the_kernel_ignores_do_not_hide_a_value)
{
	ck_assert_uint_eq(answer(0, "socket", AF_INET), ALLOW);
	ck_assert_uint_eq(answer(0, "socket", AF_VSOCK), EPERMS);
	ck_assert_uint_eq(answer(0, "socket", 0x700000000 | AF_VSOCK), EPERMS);
	ck_assert_uint_eq(answer(0, "personality", 0), ALLOW);
	ck_assert_uint_eq(answer(0, "personality", 0x40000), EPERMS);
	ck_assert_uint_eq(answer(0, "personality", ~0ull), ALLOW);
}
END_TEST

/* ---- Tables made by chance, the same ones every time ---- */

enum { MADE_RULES = 400, MADE_CONDITIONS = 24, MADE_ARCHS = 3 };

static uint64_t chance(void)
{
	static uint64_t state = 88172645463325252;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Few values, close to each other, in either half: so that tests do meet. */
static uint64_t word(void)
{
	static const uint64_t halves[] = { 0,          1,          2,
					   0x7fffffff, 0x80000000, 0xfffffffe,
					   0xffffffff };

	return halves[chance() % 7] << 32 | halves[chance() % 7];
}

static void make_conditions(struct seccomp_condition *conditions)
{
	for (size_t i = 0; i < MADE_CONDITIONS; i++)
		conditions[i] = (struct seccomp_condition){
			.argument = (unsigned int)(chance() % 6),
			.compare = (enum seccomp_compare)(chance() % 7),
			.value = word(),
			.mask = word(),
		};
}

static void make_rules(struct seccomp_rule *made, size_t count,
		       const struct seccomp_condition *conditions, int in_ten)
{
	static const uint32_t actions[] = { ALLOW, EPERMS, KILL,
					    SECCOMP_RET_TRACE | 7 };

	for (size_t i = 0; i < count; i++) {
		uint32_t first = (uint32_t)(chance() % 480);

		if (chance() % 16 == 0)
			first |= 0x40000000;
		made[i] = (struct seccomp_rule){
			.first = first,
			.last = chance() % 8 ? first : first + 20,
			.action = actions[chance() % 4],
		};
		if (chance() % 64 == 0)
			made[i].last = UINT32_MAX;
		if (chance() % 10 >= (uint64_t)in_ten)
			continue;
		made[i].condition_count = 1 + chance() % 4;
		made[i].conditions = conditions + chance() % 20;
	}
}

static void compare_made(const struct seccomp_arch *archs)
{
	struct sock_fprog p;
	struct seccomp_data data;

	ck_assert_int_eq(seccomp_compile(archs, MADE_ARCHS, KILL, &p), 0);
	for (int nr = -2; nr < 512; nr++)
		for (size_t i = 0; i < 4 * (MADE_ARCHS + 1); i++) {
			data = (struct seccomp_data){
				.nr = chance() % 4 ? nr : nr | 0x40000000,
				.arch = (uint32_t)(i % (MADE_ARCHS + 1)),
			};
			for (size_t n = 0; n < 6; n++)
				data.args[n] = word();
			same(&p, archs, MADE_ARCHS, &data);
		}
	free(p.filter);
}

/* `size` is the most rules that an architecture has. */
static void try_tables(size_t size, int conditions_in_ten)
{
	static struct seccomp_condition conditions[MADE_CONDITIONS];
	static struct seccomp_rule made[MADE_ARCHS][MADE_RULES];
	struct seccomp_arch archs[MADE_ARCHS];

	make_conditions(conditions);
	for (size_t i = 0; i < MADE_ARCHS; i++) {
		size_t count = (size_t)(chance() % (size + 1));

		make_rules(made[i], count, conditions, conditions_in_ten);
		archs[i] = (struct seccomp_arch){
			.audit_arch = (uint32_t)i,
			.otherwise = chance() % 2 ? ALLOW : EPERMS,
			.rules = made[i],
			.rule_count = count,
		};
	}
	compare_made(archs);
}

START_TEST(any_table_compiles_to_what_it_says)
{
	for (size_t size = 0; size < 10; size++)
		try_tables(size, 5);
	for (int round = 0; round < 30; round++)
		try_tables(MADE_RULES, round % 3);
}
END_TEST

START_TEST(a_table_too_long_for_the_kernel_is_refused)
{
	static struct seccomp_rule many[BPF_MAXINSNS];
	struct seccomp_arch arch = { .rules = many,
				     .rule_count = BPF_MAXINSNS };
	struct sock_fprog p;

	for (uint32_t i = 0; i < BPF_MAXINSNS; i++)
		many[i] = (struct seccomp_rule){
			.first = 2 * i,
			.last = 2 * i,
			.action = SECCOMP_RET_ERRNO | i,
		};
	close(STDERR_FILENO); /* the message is for people */
	ck_assert_int_eq(seccomp_compile(&arch, 1, KILL, &p), -1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("bpf");
	TCase *group = tcase_create("compiler");
	SRunner *runner = srunner_create(suite);
	int count, failed;

	suite_add_tcase(suite, group);
	tcase_add_test(group,
		       a_short_tree_agrees_with_the_table_for_every_number);
	tcase_add_test(group, calls_of_another_architecture_are_foreign);
	tcase_add_test(group, a_capability_brings_its_calls_back);
	tcase_add_test(group, a_thread_may_start_but_no_namespace);
	tcase_add_test(group, bits_the_kernel_ignores_do_not_hide_a_value);
	tcase_add_test(group, any_table_compiles_to_what_it_says);
	tcase_add_test(group, a_table_too_long_for_the_kernel_is_refused);
	tcase_set_timeout(group, 60);
	srunner_run_all(runner, CK_VERBOSE);
	count = srunner_ntests_run(runner);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	printf("%d passed, %d failed, 0 skipped\n", count - failed, failed);
	return failed > 0;
}

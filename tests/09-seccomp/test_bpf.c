/*
 * The compiler of stage 09 and its policy, judged without the kernel: each
 * program runs in an interpreter here, and its answer is compared with reading
 * the list of rules from top to bottom.  Nothing here needs root.
 */
#include <check.h>
#include <errno.h>
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

/* ---- The reference: the list, from top to bottom ---- */

static bool rule_matches(const struct seccomp_rule *r,
			 const struct seccomp_data *data)
{
	return (uint32_t)data->nr >= r->first &&
	       (uint32_t)data->nr <= r->last &&
	       (!r->mask || ((uint32_t)data->args[0] & r->mask) == r->value);
}

static void same(const struct sock_fprog *p, const struct seccomp_rule *rules,
		 size_t count, const struct seccomp_data *data)
{
	size_t steps = 0;
	uint32_t found = bpf_interpret(p, data, &steps);
	uint32_t expected = EPERMS;

	for (size_t i = count; i-- > 0;)
		if (rule_matches(&rules[i], data))
			expected = rules[i].action;
	ck_assert_msg(
		found == expected,
		"call %d, argument %llx: the program says %x, the list %x",
		data->nr, data->args[0], found, expected);
}

/* ---- Docker's policy, which has a rule for each of 300 calls ---- */

static struct seccomp_rule rules[POLICY_RULES_MAX];

static uint32_t answer(uint64_t capabilities, const char *name, uint64_t first)
{
	struct seccomp_data data = {
		.nr = syscall_number(name, strlen(name)),
		.arch = COMPILE_ARCH,
		.args = { first },
	};
	struct sock_fprog p;
	size_t steps = 0;
	uint32_t action;

	ck_assert_int_ge(data.nr, 0);
	ck_assert_int_eq(compile_rules(rules,
				       policy_default(capabilities, rules),
				       EPERMS, &p),
			 0);
	action = bpf_interpret(&p, &data, &steps);
	free(p.filter);
	return action;
}

START_TEST(the_program_agrees_with_the_policy_for_every_number)
{
	struct seccomp_data data = { .arch = COMPILE_ARCH };
	size_t count = policy_default(0, rules);
	struct sock_fprog p;

	ck_assert_int_eq(compile_rules(rules, count, EPERMS, &p), 0);
	for (int nr = -1; nr < 1024; nr++) {
		data.nr = nr;
		same(&p, rules, count, &data);
		data.nr = nr | 0x40000000;
		same(&p, rules, count, &data);
	}
	free(p.filter);
}
END_TEST

START_TEST(a_call_of_another_architecture_kills)
{
	static const uint32_t others[] = { AUDIT_ARCH_X86_64, AUDIT_ARCH_I386,
					   AUDIT_ARCH_ARM, 0 };
	struct seccomp_data data = { 0 };
	struct sock_fprog p;
	size_t steps = 0;

	ck_assert_int_eq(compile_rules(NULL, 0, ALLOW, &p), 0);
	for (size_t i = 0; i < 4; i++) {
		data.arch = others[i];
		if (others[i] != COMPILE_ARCH)
			ck_assert_uint_eq(bpf_interpret(&p, &data, &steps),
					  KILL);
	}
	data.arch = COMPILE_ARCH;
	ck_assert_uint_eq(bpf_interpret(&p, &data, &steps), ALLOW);
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

/* ---- Lists made by chance, the same ones every time ---- */

enum { MADE_RULES = 400 };

/* Few values, close to each other: so that tests do meet. */
static uint32_t word(void)
{
	static const uint32_t words[] = { 0,          1,          2,
					  0x7fffffff, 0x80000000, 0xfffffffe,
					  0xffffffff };

	return words[bpf_chance() % 7];
}

static void make_rules(struct seccomp_rule *made, size_t count)
{
	static const uint32_t actions[] = { ALLOW, EPERMS, KILL,
					    SECCOMP_RET_TRACE | 7 };

	for (size_t i = 0; i < count; i++) {
		uint32_t first = (uint32_t)(bpf_chance() % 480);

		made[i] = (struct seccomp_rule){
			.first = first,
			.last = bpf_chance() % 8 ? first : first + 20,
			.action = actions[bpf_chance() % 4],
			.mask = bpf_chance() % 2 ? word() : 0,
			.value = word(),
		};
		if (bpf_chance() % 64 == 0)
			made[i].last = UINT32_MAX;
	}
}

START_TEST(any_list_compiles_to_what_it_says)
{
	static struct seccomp_rule made[MADE_RULES];
	struct seccomp_data data = { .arch = COMPILE_ARCH };
	struct sock_fprog p;

	for (size_t round = 0; round < 40; round++) {
		size_t count = (size_t)(bpf_chance() % MADE_RULES);

		if (round < 10)
			count = round;
		make_rules(made, count);
		ck_assert_int_eq(compile_rules(made, count, EPERMS, &p), 0);
		for (int nr = -2; nr < 512; nr++)
			for (int i = 0; i < 8; i++) {
				data.nr = nr;
				data.args[0] = (uint64_t)word() << 32 | word();
				same(&p, made, count, &data);
			}
		free(p.filter);
	}
}
END_TEST

START_TEST(a_list_too_long_for_the_kernel_is_refused)
{
	static struct seccomp_rule many[BPF_MAXINSNS];
	struct sock_fprog p;

	ck_assert_int_eq(compile_rules(many, BPF_MAXINSNS / 2 - 3, 0, &p), 0);
	ck_assert_int_eq(p.len, BPF_MAXINSNS - 1);
	free(p.filter);
	close(STDERR_FILENO); /* the message is for people */
	ck_assert_int_eq(compile_rules(many, BPF_MAXINSNS / 2, 0, &p), -1);
	ck_assert_int_eq(compile_rules(many, BPF_MAXINSNS, 0, &p), -1);
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
		       the_program_agrees_with_the_policy_for_every_number);
	tcase_add_test(group, a_call_of_another_architecture_kills);
	tcase_add_test(group, a_capability_brings_its_calls_back);
	tcase_add_test(group, a_thread_may_start_but_no_namespace);
	tcase_add_test(group, bits_the_kernel_ignores_do_not_hide_a_value);
	tcase_add_test(group, any_list_compiles_to_what_it_says);
	tcase_add_test(group, a_list_too_long_for_the_kernel_is_refused);
	tcase_set_timeout(group, 60);
	srunner_run_all(runner, CK_VERBOSE);
	count = srunner_ntests_run(runner);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	printf("%d passed, %d failed, 0 skipped\n", count - failed, failed);
	return failed > 0;
}

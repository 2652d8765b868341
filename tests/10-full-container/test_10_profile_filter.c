/*
 * linux.seccomp: what is not libseccomp's to decide.  As in test_10_filter.c,
 * programs are compiled here and run by an interpreter.
 */
#include <check.h>
#include <errno.h>
#include <jansson.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>

#include "habits/count.h"
#include "10-full-container/process/filter.h"
#include "tests/runner/bpf.h"

#define X32_BIT 0x40000000

static uint32_t answer(const char *profile, uint32_t arch, int number,
		       uint64_t first)
{
	struct seccomp_data call = { .arch = arch,
				     .nr = number,
				     .args = { first } };
	struct filter filter = { 0 };
	struct value root = { .key = "profile" }, seccomp;
	size_t steps = 0;
	uint32_t found;
	json_t *document;

	document = json_loads(profile, 0, NULL);
	ck_assert_ptr_nonnull(document);
	root.value = document;
	seccomp = value_member(&root, "seccomp");
	ck_assert_int_eq(filter_read(&seccomp, &filter), 0);
	found = bpf_interpret(&filter.program, &call, &steps);
	free(filter.program.filter);
	json_decref(document);
	return found;
}

#define PROFILE(otherwise, archs, action, call, args)                      \
	"{\"seccomp\": {\"defaultAction\": \"SCMP_ACT_" otherwise          \
	"\", \"architectures\": [" archs "], \"syscalls\": [{\"action\": " \
	"\"SCMP_ACT_" action "\", \"names\": [\"" call "\"]" args "}]}}"
#define IF_FIRST_IS_5 \
	", \"args\": [{\"index\": 0, \"op\": \"SCMP_CMP_EQ\", \"value\": 5}]"
#define X86_64 AUDIT_ARCH_X86_64
#define X86    AUDIT_ARCH_I386

START_TEST(x32_is_no_way_around_the_rules)
{
	static const char without[] =
		PROFILE("ALLOW", "\"SCMP_ARCH_X86_64\"", "ERRNO", "read", "");
	static const char with[] = PROFILE("ALLOW", "\"SCMP_ARCH_X32\"",
					   "ERRNO", "read", IF_FIRST_IS_5);

	ck_assert_uint_eq(answer(without, X86_64, X32_BIT, 5),
			  SECCOMP_RET_KILL_PROCESS);
	ck_assert_uint_eq(answer(without, X86_64, X32_BIT | 39, 0),
			  SECCOMP_RET_KILL_PROCESS);
	ck_assert_uint_eq(answer(with, X86_64, X32_BIT, 5),
			  SECCOMP_RET_ERRNO | EPERM);
	/* The kernel reads the lower half only. */
	ck_assert_uint_eq(answer(with, X86_64, X32_BIT, 0x100000005),
			  SECCOMP_RET_ERRNO | EPERM);
	ck_assert_uint_eq(answer(with, X86_64, 0, 0x100000005),
			  SECCOMP_RET_ALLOW);
}
END_TEST

START_TEST(a_foreign_architecture_is_killed)
{
	static const char only[] = PROFILE("ALLOW", "", "ERRNO", "read", "");
	static const char listed[] =
		PROFILE("ALLOW", "\"SCMP_ARCH_X86\", \"SCMP_ARCH_S390X\"",
			"ERRNO", "read", "");

	ck_assert_uint_eq(answer(only, X86, 20, 0), SECCOMP_RET_KILL_PROCESS);
	ck_assert_uint_eq(answer(only, AUDIT_ARCH_S390X, 20, 0),
			  SECCOMP_RET_KILL_PROCESS);
	ck_assert_uint_eq(answer(listed, X86, 20, 0), SECCOMP_RET_ALLOW);
	ck_assert_uint_eq(answer(listed, X86, 3, 0), SECCOMP_RET_ERRNO | EPERM);
	ck_assert_uint_eq(answer(listed, AUDIT_ARCH_S390X, 20, 0),
			  SECCOMP_RET_KILL_PROCESS);
}
END_TEST

START_TEST(a_call_that_is_newer_than_the_profile_is_not_there)
{
	static const char plain[] =
		PROFILE("ERRNO", "\"SCMP_ARCH_X86\"", "ALLOW", "statx", "");
	static const char kill[] =
		PROFILE("KILL_PROCESS", "", "ALLOW", "statx", "");

	ck_assert_uint_eq(answer(plain, X86_64, 332, 0), SECCOMP_RET_ALLOW);
	ck_assert_uint_eq(answer(plain, X86_64, 333, 0),
			  SECCOMP_RET_ERRNO | ENOSYS);
	ck_assert_uint_eq(answer(plain, X86_64, 9999, 0),
			  SECCOMP_RET_ERRNO | ENOSYS);
	ck_assert_uint_eq(answer(plain, X86_64, 331, 0),
			  SECCOMP_RET_ERRNO | EPERM);
	/* Its number on 32-bit x86 is another one. */
	ck_assert_uint_eq(answer(plain, X86, 383, 0), SECCOMP_RET_ALLOW);
	ck_assert_uint_eq(answer(plain, X86, 384, 0),
			  SECCOMP_RET_ERRNO | ENOSYS);
	ck_assert_uint_eq(answer(kill, X86_64, 9999, 0),
			  SECCOMP_RET_KILL_PROCESS);
}
END_TEST

START_TEST(a_socket_of_32_bit_programs_is_denied_in_both_ways)
{
	static const char profile[] =
		PROFILE("ALLOW", "\"SCMP_ARCH_X86\"", "ERRNO", "socket", "");

	ck_assert_uint_eq(answer(profile, X86, 359, 0),
			  SECCOMP_RET_ERRNO | EPERM);
	ck_assert_uint_eq(answer(profile, X86, 102, 1),
			  SECCOMP_RET_ERRNO | EPERM);
	ck_assert_uint_eq(answer(profile, X86, 102, 2), SECCOMP_RET_ALLOW);
}
END_TEST

#define ENTRY(action, args)               \
	"{\"action\": \"SCMP_ACT_" action \
	"\", \"names\": [\"read\"], \"args\": [" args "]}"
#define IF(index, op, value)                            \
	"{\"index\": " index ", \"op\": \"SCMP_CMP_" op \
	"\", \"value\": " value "}"
#define TWO(one, other)                                                       \
	"{\"seccomp\": {\"defaultAction\": \"SCMP_ACT_TRAP\", \"syscalls\": " \
	"[" one ", " other "]}}"

#define ALLOW(condition) ENTRY("ALLOW", condition)
#define DENY(condition)  ENTRY("ERRNO", condition)
#define DENIED           (SECCOMP_RET_ERRNO | EPERM)

/* What is decided about read(5, 0, 0), as every pair here has a word on it. */
static uint32_t decided(const char *profile)
{
	return answer(profile, X86_64, 0, 5);
}

/*
 * The specification does not say which; libseccomp promises no order, and it
 * decides otherwise where the conditions are about two arguments.
 */
START_TEST(of_two_conditions_that_hold_the_first_one_counts)
{
	static const struct {
		const char *profile;
		uint32_t action;
	} pairs[] = {
		{ TWO(ALLOW(IF("0", "GT", "2")), DENY(IF("0", "LT", "9"))),
		  SECCOMP_RET_ALLOW },
		{ TWO(DENY(IF("0", "LT", "9")), ALLOW(IF("0", "GT", "2"))),
		  DENIED },
		{ TWO(ALLOW(IF("0", "EQ", "5")), DENY(IF("1", "EQ", "0"))),
		  SECCOMP_RET_ALLOW },
		{ TWO(DENY(IF("1", "EQ", "0")), ALLOW(IF("0", "EQ", "5"))),
		  DENIED },
		{ TWO(ALLOW(IF("0", "EQ", "6")), DENY(IF("1", "EQ", "0"))),
		  DENIED },
	};

	for (size_t i = 0; i < COUNT(pairs); i++)
		ck_assert_msg(decided(pairs[i].profile) == pairs[i].action,
			      "pair %zu: %#x", i, decided(pairs[i].profile));
}
END_TEST

/* As libseccomp: it is the more general one, and contains the other. */
START_TEST(one_without_conditions_counts_before_those_with)
{
	ck_assert_uint_eq(decided(TWO(ALLOW(IF("0", "EQ", "5")), DENY(""))),
			  DENIED);
	ck_assert_uint_eq(decided(TWO(DENY(""), ALLOW(IF("0", "EQ", "5")))),
			  DENIED);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("10 profiles");
	TCase *tcase = tcase_create("10 profiles");
	SRunner *runner = srunner_create(suite);
	int count, failed;

	suite_add_tcase(suite, tcase);
	/* The calls of these tests are those of x86. */
	if (seccomp_arch_native() != SCMP_ARCH_X86_64) {
		puts("0 passed, 0 failed, 6 skipped");
		return 0;
	}
	tcase_add_test(tcase, x32_is_no_way_around_the_rules);
	tcase_add_test(tcase, a_foreign_architecture_is_killed);
	tcase_add_test(tcase,
		       a_call_that_is_newer_than_the_profile_is_not_there);
	tcase_add_test(tcase,
		       a_socket_of_32_bit_programs_is_denied_in_both_ways);
	tcase_add_test(tcase, of_two_conditions_that_hold_the_first_one_counts);
	tcase_add_test(tcase, one_without_conditions_counts_before_those_with);
	tcase_set_timeout(tcase, 400);
	srunner_run_all(runner, CK_VERBOSE);
	count = srunner_ntests_run(runner);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	printf("%d passed, %d failed, 0 skipped\n", count - failed, failed);
	return failed > 0;
}

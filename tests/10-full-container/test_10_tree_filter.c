/*
 * The search tree, judged without the kernel: each program runs in an
 * interpreter here, and its answer is compared with reading the rule table
 * from top to bottom.  Nothing here needs root.
 */
#include <check.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "10-full-container/process/filter_tree.h"
#include "tests/runner/bpf.h"

#define ALLOW  SECCOMP_RET_ALLOW
#define KILL   SECCOMP_RET_KILL_PROCESS
#define EPERMS (SECCOMP_RET_ERRNO | EPERM)

/* ---- The reference: the table, from top to bottom ---- */

static bool matches(const struct filter_condition *c,
		    const struct seccomp_data *data)
{
	uint64_t value = data->args[c->argument];

	switch (c->compare) {
	case FILTER_EQUAL:
		return value == c->value;
	case FILTER_NOT_EQUAL:
		return value != c->value;
	case FILTER_LESS:
		return value < c->value;
	case FILTER_LESS_EQUAL:
		return value <= c->value;
	case FILTER_GREATER:
		return value > c->value;
	case FILTER_GREATER_EQUAL:
		return value >= c->value;
	case FILTER_MASKED_EQUAL:
	default:
		return (value & c->mask) == c->value;
	}
}

static bool rule_matches(const struct filter_rule *r,
			 const struct seccomp_data *data)
{
	if ((uint32_t)data->nr < r->first || (uint32_t)data->nr > r->last)
		return false;
	for (size_t i = 0; i < r->condition_count; i++)
		if (!matches(&r->conditions[i], data))
			return false;
	return true;
}

static uint32_t reference(const struct filter_table *archs, size_t count,
			  const struct seccomp_data *data)
{
	const struct filter_table *a = archs;

	for (; a < archs + count; a++)
		if (a->audit == data->arch)
			break;
	if (a == archs + count)
		return KILL;
	for (size_t i = 0; i < a->count; i++)
		if (rule_matches(&a->rules[i], data))
			return a->rules[i].action;
	return a->otherwise;
}

/* Runs both; returns the number of instructions it took. */
static size_t same(const struct sock_fprog *p, const struct filter_table *archs,
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

/* ---- Rules for numbers in a row, which are one range ---- */

START_TEST(neighbours_make_a_short_tree)
{
	static struct filter_rule rules[300];
	struct filter_table table = { .otherwise = EPERMS,
				      .rules = rules,
				      .count = 300 };
	struct seccomp_data data = { 0 };
	struct sock_fprog p;

	for (uint32_t i = 0; i < table.count; i++)
		rules[i] = (struct filter_rule){
			.first = i + i / 10,
			.last = i + i / 10,
			.action = ALLOW,
		};
	ck_assert_int_eq(filter_compile(&table, 1, KILL, &p), 0);
	ck_assert_uint_lt(p.len, 100);
	for (int nr = -1; nr < 400; nr++) {
		data.nr = nr;
		ck_assert_uint_le(same(&p, &table, 1, &data), 12);
	}
	free(p.filter);
}
END_TEST

/* ---- Tables made by chance, the same ones every time ---- */

enum { MADE_RULES = 400, MADE_CONDITIONS = 24, MADE_ARCHS = 3 };

/* Few values, close to each other, in either half: so that tests do meet. */
static uint64_t word(void)
{
	static const uint64_t halves[] = { 0,          1,          2,
					   0x7fffffff, 0x80000000, 0xfffffffe,
					   0xffffffff };

	return halves[bpf_chance() % 7] << 32 | halves[bpf_chance() % 7];
}

static void make_conditions(struct filter_condition *conditions)
{
	for (size_t i = 0; i < MADE_CONDITIONS; i++)
		conditions[i] = (struct filter_condition){
			.argument = (unsigned int)(bpf_chance() % 6),
			.compare = (enum filter_compare)(bpf_chance() % 7),
			.value = word(),
			.mask = word(),
		};
}

static void make_rules(struct filter_rule *made, size_t count,
		       const struct filter_condition *conditions, int in_ten)
{
	static const uint32_t actions[] = { ALLOW, EPERMS, KILL,
					    SECCOMP_RET_TRACE | 7 };

	for (size_t i = 0; i < count; i++) {
		uint32_t first = (uint32_t)(bpf_chance() % 480);

		if (bpf_chance() % 16 == 0)
			first |= 0x40000000;
		made[i] = (struct filter_rule){
			.first = first,
			.last = bpf_chance() % 8 ? first : first + 20,
			.action = actions[bpf_chance() % 4],
		};
		if (bpf_chance() % 64 == 0)
			made[i].last = UINT32_MAX;
		if (bpf_chance() % 10 >= (uint64_t)in_ten)
			continue;
		made[i].condition_count = 1 + bpf_chance() % 4;
		made[i].conditions = conditions + bpf_chance() % 20;
	}
}

static void compare_made(const struct filter_table *archs)
{
	struct sock_fprog p;
	struct seccomp_data data;

	ck_assert_int_eq(filter_compile(archs, MADE_ARCHS, KILL, &p), 0);
	for (int nr = -2; nr < 512; nr++)
		for (size_t i = 0; i < 4 * (MADE_ARCHS + 1); i++) {
			data = (struct seccomp_data){
				.nr = bpf_chance() % 4 ? nr : nr | 0x40000000,
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
	static struct filter_condition conditions[MADE_CONDITIONS];
	static struct filter_rule made[MADE_ARCHS][MADE_RULES];
	struct filter_table archs[MADE_ARCHS];

	make_conditions(conditions);
	for (size_t i = 0; i < MADE_ARCHS; i++) {
		size_t count = (size_t)(bpf_chance() % (size + 1));

		make_rules(made[i], count, conditions, conditions_in_ten);
		archs[i] = (struct filter_table){
			.audit = (uint32_t)i,
			.otherwise = bpf_chance() % 2 ? ALLOW : EPERMS,
			.rules = made[i],
			.count = count,
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
	static struct filter_rule many[BPF_MAXINSNS];
	struct filter_table arch = { .rules = many, .count = BPF_MAXINSNS };
	struct sock_fprog p;

	for (uint32_t i = 0; i < BPF_MAXINSNS; i++)
		many[i] = (struct filter_rule){
			.first = 2 * i,
			.last = 2 * i,
			.action = SECCOMP_RET_ERRNO | i,
		};
	close(STDERR_FILENO); /* the message is for people */
	ck_assert_int_eq(filter_compile(&arch, 1, KILL, &p), -1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tree");
	TCase *group = tcase_create("compiler");
	SRunner *runner = srunner_create(suite);
	int count, failed;

	suite_add_tcase(suite, group);
	tcase_add_test(group, neighbours_make_a_short_tree);
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

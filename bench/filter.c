/*
 * Docker's filter, compiled outside of any container.
 *
 *     filter          as constants, for the floor: what the runtime compiles
 *                     from config.json at each start, it has from the beginning
 *     filter cost     what stage 09's list and stage 10's tree cost
 */
#include <asm/unistd.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "09-seccomp/beyond/syscalls.h"
#include "09-seccomp/compile.h"
#include "09-seccomp/policy.h"
#include "10-full-container/process/filter_tree.h"
#include "bench/floor.h"

#define FEW   60 /* rules of a program that knows what it needs */
#define LOADS 20
#define CALLS 5000
#define TIMES 400

/* The policy, and what the stages put around it. */
static size_t filter_list(struct seccomp_rule rules[POLICY_RULES_MAX + 2])
{
	size_t count = policy_default(FLOOR_CAPS, rules);

#ifdef __X32_SYSCALL_BIT
	rules[count++] = (struct seccomp_rule){
		.first = __X32_SYSCALL_BIT,
		.last = UINT32_MAX - 1,
		.action = SECCOMP_RET_KILL_PROCESS,
	};
#endif
	rules[count++] = (struct seccomp_rule){
		.first = (uint32_t)syscall_highest() + 1,
		.last = UINT32_MAX,
		.action = SECCOMP_RET_ERRNO | ENOSYS,
	};
	return count;
}

/* The same rules as stage 10 has them. */
static int filter_as_tree(const struct seccomp_rule *rules, size_t count,
			  struct sock_fprog *program)
{
	static struct filter_condition conditions[POLICY_RULES_MAX + 2];
	static struct filter_rule same[POLICY_RULES_MAX + 2];
	struct filter_table table = { COMPILE_ARCH, POLICY_OTHERWISE, same,
				      count };

	for (size_t i = 0; i < count; i++) {
		conditions[i] = (struct filter_condition){
			.compare = FILTER_MASKED_EQUAL,
			.mask = rules[i].mask,
			.value = rules[i].value,
		};
		same[i] = (struct filter_rule){
			.first = rules[i].first,
			.last = rules[i].last,
			.action = rules[i].action,
			.conditions = &conditions[i],
			.condition_count = rules[i].mask != 0,
		};
	}
	return filter_compile(&table, 1, SECCOMP_RET_KILL_PROCESS, program);
}

static double filter_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* The kernel makes machine code of it, anew each time. */
static double filter_time_load(const struct sock_fprog *program)
{
	double begin = filter_now();

	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, program))
		_exit(1);
	return (filter_now() - begin) / 1000;
}

static double filter_time_call(long number, unsigned long argument)
{
	double begin = filter_now();

	for (int i = 0; i < CALLS; i++)
		syscall(number, argument);
	return (filter_now() - begin) / CALLS;
}

/* The best of many: other programs can only make it longer. */
static double filter_best(const double *times, int count)
{
	double best = times[0];

	for (int i = 1; i < count; i++)
		if (times[i] < best)
			best = times[i];
	return best;
}

static void filter_measure_load(const struct sock_fprog *program)
{
	double times[LOADS];

	for (int i = 0; i < LOADS; i++)
		times[i] = filter_time_load(program);
	printf(" %.0f us |", filter_best(times, LOADS));
}

/*
 * Of a call that is allowed whatever its arguments the kernel (5.11) has noted
 * so when the filter was loaded, and runs no filter.  The other two are at the
 * end of the list.
 */
static void filter_measure_calls(const struct sock_fprog *program)
{
	static const struct {
		long number;
		unsigned long argument;
	} calls[] = { { SYS_getppid, 0 },
		      { SYS_personality, UINT32_MAX },
		      { SYS_io_uring_setup, 0 } };
	double times[TIMES];

	if (program->len)
		filter_time_load(program);
	for (size_t i = 0; i < 3; i++) {
		for (int n = 0; n < TIMES; n++)
			times[n] = filter_time_call(calls[i].number,
						    calls[i].argument);
		printf(" %.0f ns |", filter_best(times, TIMES));
	}
}

/* In a child: a filter cannot be taken away. */
static void filter_in_child(void (*measure)(const struct sock_fprog *),
			    const struct sock_fprog *program)
{
	fflush(stdout);
	if (fork() == 0) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		measure(program);
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

static void filter_cost(const char *name, size_t rules,
			const struct sock_fprog *program)
{
	if (!program->len)
		printf("| %s | | |", name);
	else
		printf("| %s of %zu rules | %d |", name, rules, program->len);
	if (program->len)
		filter_in_child(filter_measure_load, program);
	filter_in_child(filter_measure_calls, program);
	printf("\n");
	free(program->filter);
}

/* What the measuring itself needs, and then the policy's last ones. */
static void filter_take_few(const struct seccomp_rule *rules, size_t count,
			    struct seccomp_rule *few)
{
	static const int needed[] = { SYS_seccomp, SYS_getppid, SYS_write,
				      SYS_exit_group, SYS_clock_gettime };
	size_t first = sizeof(needed) / sizeof(*needed);

	for (size_t i = 0; i < first; i++) {
		few[i] = rules[0];
		few[i].action = SECCOMP_RET_ALLOW;
		few[i].first = few[i].last = (uint32_t)needed[i];
	}
	memcpy(few + first, rules + count - (FEW - first),
	       (FEW - first) * sizeof(*few));
}

static int filter_costs(const struct seccomp_rule *rules, size_t count)
{
	struct sock_fprog list, tree;

	if (compile_rules(rules, count, POLICY_OTHERWISE, &list) < 0 ||
	    filter_as_tree(rules, count, &tree) < 0)
		return 1;
	filter_cost("list", count, &list);
	filter_cost("tree", count, &tree);
	return 0;
}

static int filter_table_of_costs(const struct seccomp_rule *rules, size_t count)
{
	struct sock_fprog none = { 0 };
	struct seccomp_rule few[FEW];

	filter_take_few(rules, count, few);
	printf("| filter | instructions | to load it | allowed | allowed by "
	       "its argument | denied |\n| --- | --- | --- | --- | --- | --- "
	       "|\n");
	filter_cost("none", 0, &none);
	return filter_costs(few, FEW) || filter_costs(rules, count);
}

int main(int argc, char **argv)
{
	static struct seccomp_rule rules[POLICY_RULES_MAX + 2];
	size_t count = filter_list(rules);
	struct sock_fprog program;

	if (argc > 1 && strcmp(argv[1], "cost") == 0)
		return filter_table_of_costs(rules, count);
	if (filter_as_tree(rules, count, &program) < 0)
		return 1;
	for (int i = 0; i < program.len; i++)
		printf("\t{ %d, %d, %d, 0x%x },\n", program.filter[i].code,
		       program.filter[i].jt, program.filter[i].jf,
		       program.filter[i].k);
	return 0;
}

#include "10-full-container/process/filter_build.h"

#include <errno.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"

#define X32_BIT    0x40000000u
#define RULES_MORE 4 /* that are added at the end */

/* libseccomp's token, and how the kernel calls the architecture. */
static const struct {
	uint32_t token, audit;
} arch_tokens[] = {
	{ SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64 },
	{ SCMP_ARCH_X86, AUDIT_ARCH_I386 },
	{ SCMP_ARCH_X32, AUDIT_ARCH_X86_64 },
	{ SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64 },
	{ SCMP_ARCH_ARM, AUDIT_ARCH_ARM },
};

static struct filter_table *filter_table(struct filter_builder *b,
					 uint32_t audit)
{
	struct filter_table *table = b->tables;

	while (table < b->tables + b->table_count && table->audit != audit)
		table++;
	if (table < b->tables + b->table_count)
		return table;
	b->table_count++;
	table->audit = audit;
	table->otherwise = b->otherwise;
	/* Not calloc(): what is not used must not cost a page. */
	table->rules =
		reallocarray(NULL, 2 * FILTER_ARCHS * b->room + RULES_MORE,
			     sizeof(*table->rules));
	if (table->rules)
		return table;
	error_call(NULL, "make a table of %zu rules", b->room);
	return NULL;
}

int filter_add_arch(struct filter_builder *b, uint32_t token)
{
	struct filter_arch *arch = &b->archs[b->arch_count];
	size_t i = 0;

	for (size_t known = 0; known < b->arch_count; known++)
		if (b->archs[known].token == token)
			return 0;
	while (arch_tokens[i].token != token)
		i++;
	if (b->arch_count == FILTER_ARCHS)
		return error_input(NULL,
				   "linux.seccomp.architectures: more than %d",
				   FILTER_ARCHS);
	arch->token = token;
	arch->table = filter_table(b, arch_tokens[i].audit);
	b->arch_count++;
	return arch->table ? 0 : -1;
}

/*
 * A 32-bit program's argument ends where its register does.  For x32, which
 * has the registers of x86-64, the kernel looks at the lower half alone.
 */
static const struct filter_condition *
filter_narrow(struct filter_builder *b, const struct filter_rule *rule)
{
	struct filter_condition *copy = b->pool + b->pool_used;

	b->pool_used += rule->condition_count;
	for (size_t i = 0; i < rule->condition_count; i++) {
		copy[i] = rule->conditions[i];
		copy[i].is_narrow = true;
	}
	return copy;
}

/*
 * A rule that says what holds anyway says nothing, to libseccomp and so to who
 * writes profiles; except that its author knew the call.
 */
static void filter_put(struct filter_builder *b, struct filter_arch *arch,
		       int number, const struct filter_rule *rule)
{
	struct filter_rule *new = &arch->table->rules[arch->table->count];

	if (number > arch->highest)
		arch->highest = number;
	if (rule->action == b->otherwise)
		return;
	arch->table->count++;
	*new = *rule;
	new->first = new->last = (uint32_t)number;
	if (arch->token == SCMP_ARCH_X32 ||
	    !(arch->table->audit & __AUDIT_ARCH_64BIT))
		new->conditions = filter_narrow(b, rule);
}

/*
 * The same for a call that is a part of another one: the first argument says
 * which.  The others are elsewhere in memory, where no filter can look; they
 * are compared all the same, as libseccomp does.
 */
static void filter_put_shared(struct filter_builder *b,
			      struct filter_arch *arch,
			      const struct filter_shared *shared,
			      struct filter_rule rule)
{
	const struct filter_condition *old = rule.conditions;
	struct filter_condition *new = b->pool + b->pool_used;
	size_t count = 1;

	new[0] = (struct filter_condition){ .compare = FILTER_EQUAL,
					    .value = shared->part };
	for (size_t i = 0; i < rule.condition_count; i++)
		if (old[i].argument != 0)
			new[count++] = old[i];
	b->pool_used += count;
	rule.conditions = new;
	rule.condition_count = count;
	filter_put(b, arch, shared->number, &rule);
}

void filter_add_rule(struct filter_builder *b, const char *name,
		     const struct filter_rule *rule)
{
	for (size_t i = 0; i < b->arch_count; i++) {
		struct filter_arch *arch = &b->archs[i];
		int number =
			seccomp_syscall_resolve_name_arch(arch->token, name);
		struct filter_shared shared = { 0 };

		if (arch->token == SCMP_ARCH_X86)
			number = filter_split(number, &shared);
		if (number >= 0)
			filter_put(b, arch, number, rule);
		if (shared.number)
			filter_put_shared(b, arch, &shared, *rule);
	}
}

/* A mask without bits asks for nothing; so to libseccomp there is none. */
static bool filter_is_always(const struct filter_rule *rule)
{
	for (size_t i = 0; i < rule->condition_count; i++)
		if (rule->conditions[i].compare != FILTER_MASKED_EQUAL ||
		    rule->conditions[i].mask != 0 ||
		    rule->conditions[i].value != 0)
			return false;
	return true;
}

/*
 * A rule without conditions counts before those with conditions, wherever it
 * is in the list: to libseccomp, and so to who writes profiles, it contains
 * them.  Apart from that the first one in the list counts.  (Who writes two
 * conditions that both can hold, with different actions, writes it for no
 * runtime in particular: the specification names no order, and libseccomp
 * sorts them as suits its program, by argument and operator.)
 */
static int filter_order(struct filter_table *table)
{
	CLEANUP_FREE struct filter_rule *old =
		calloc(table->count + 1, sizeof(*old));
	size_t count = 0;

	if (!old)
		return error_call(NULL, "order the rules of a filter");
	memcpy(old, table->rules, table->count * sizeof(*old));
	for (int late = 0; late < 2; late++)
		for (size_t i = 0; i < table->count; i++)
			if (filter_is_always(&old[i]) != late)
				table->rules[count++] = old[i];
	return 0;
}

static void filter_add_range(struct filter_table *table, uint32_t first,
			     uint32_t last, uint32_t action)
{
	table->rules[table->count++] = (struct filter_rule){
		.first = first,
		.last = last,
		.action = action,
	};
}

/*
 * Who wrote the profile did not know calls above the highest one in it.  A
 * program that finds a call missing falls back to an older one; EPERM would
 * make it give up.  (-1 is what a debugger writes to skip a call.)
 */
static void filter_add_newer(struct filter_builder *b)
{
	uint32_t newer = SECCOMP_RET_ERRNO | ENOSYS;

	for (size_t i = 0; i < b->arch_count; i++) {
		struct filter_arch *arch = &b->archs[i];
		bool is_x32 = arch->token == SCMP_ARCH_X32;

		if ((b->otherwise & SECCOMP_RET_ACTION_FULL) ==
			    SECCOMP_RET_ERRNO &&
		    arch->highest > 0)
			filter_add_range(
				arch->table, (uint32_t)arch->highest + 1,
				is_x32 ? UINT32_MAX - 1 : X32_BIT - 1, newer);
	}
}

/* Without rules of its own, x32 is a way around those of x86-64. */
static void filter_close_x32(struct filter_builder *b)
{
	for (size_t i = 0; i < b->arch_count; i++)
		if (b->archs[i].token == SCMP_ARCH_X32)
			return;
	for (size_t i = 0; i < b->table_count; i++)
		if (b->tables[i].audit == AUDIT_ARCH_X86_64)
			filter_add_range(&b->tables[i], X32_BIT, UINT32_MAX - 1,
					 SECCOMP_RET_KILL_PROCESS);
}

int filter_build(struct filter_builder *b, struct filter *filter)
{
	for (size_t i = 0; i < b->table_count; i++)
		if (filter_order(&b->tables[i]) < 0)
			return -1;
	filter_add_newer(b);
	filter_close_x32(b);
	return filter_compile(b->tables, b->table_count,
			      SECCOMP_RET_KILL_PROCESS, &filter->program);
}

void filter_builder_free(struct filter_builder *b)
{
	for (size_t i = 0; i < b->table_count; i++)
		free(b->tables[i].rules);
	free(b->pool);
}

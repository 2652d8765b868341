#include "10-full-container/filter_build.h"

#include <errno.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdlib.h>

#include "01-uts/error.h"

#define X32_BIT    0x40000000u
#define RULES_MORE 4 /* that are added at the end */

/*
 * 32-bit x86 first had one call, socketcall, for all that has to do with
 * sockets, and one, ipc, for System V's objects.  Linux 4.3 and 5.1 gave them
 * numbers of their own; libseccomp still answers with one of its own below 0.
 */
static const struct {
	int pseudo;
	int number;
} split_calls[] = {
	{ __PNR_socket, 359 },      { __PNR_socketpair, 360 },
	{ __PNR_bind, 361 },        { __PNR_connect, 362 },
	{ __PNR_listen, 363 },      { __PNR_accept4, 364 },
	{ __PNR_getsockopt, 365 },  { __PNR_setsockopt, 366 },
	{ __PNR_getsockname, 367 }, { __PNR_getpeername, 368 },
	{ __PNR_sendto, 369 },      { __PNR_sendmsg, 370 },
	{ __PNR_recvfrom, 371 },    { __PNR_recvmsg, 372 },
	{ __PNR_shutdown, 373 },    { __PNR_semget, 393 },
	{ __PNR_semctl, 394 },      { __PNR_shmget, 395 },
	{ __PNR_shmctl, 396 },      { __PNR_shmat, 397 },
	{ __PNR_shmdt, 398 },       { __PNR_msgget, 399 },
	{ __PNR_msgsnd, 400 },      { __PNR_msgrcv, 401 },
	{ __PNR_msgctl, 402 },
};

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

/* The number of a call on an architecture, -1 if there is none. */
static int filter_number(uint32_t token, const char *name)
{
	size_t count = sizeof(split_calls) / sizeof(*split_calls);
	int number = seccomp_syscall_resolve_name_arch(token, name);

	for (size_t i = 0; token == SCMP_ARCH_X86 && i < count; i++)
		if (split_calls[i].pseudo == number)
			return split_calls[i].number;
	return number < 0 ? -1 : number;
}

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
	table->rules = calloc(FILTER_ARCHS * b->room + RULES_MORE,
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

void filter_add_rule(struct filter_builder *b, const char *name,
		     const struct seccomp_rule *rule)
{
	for (size_t i = 0; i < b->arch_count; i++) {
		struct filter_arch *arch = &b->archs[i];
		int number = filter_number(arch->token, name);
		struct seccomp_rule *new =
			&arch->table->rules[arch->table->count];

		if (number < 0)
			continue;
		*new = *rule;
		new->first = new->last = (uint32_t)number;
		arch->table->count++;
		if (number > arch->highest)
			arch->highest = number;
	}
}

static void filter_add_range(struct filter_table *table, uint32_t first,
			     uint32_t last, uint32_t action)
{
	table->rules[table->count++] = (struct seccomp_rule){
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

		if (b->otherwise == (SECCOMP_RET_ERRNO | EPERM) &&
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

int filter_compile(struct filter_builder *b, struct filter *filter)
{
	struct seccomp_arch archs[FILTER_ARCHS];

	filter_add_newer(b);
	filter_close_x32(b);
	for (size_t i = 0; i < b->table_count; i++)
		archs[i] = (struct seccomp_arch){
			.audit_arch = b->tables[i].audit,
			.otherwise = b->otherwise,
			.rules = b->tables[i].rules,
			.rule_count = b->tables[i].count,
		};
	return seccomp_compile(archs, b->table_count, SECCOMP_RET_KILL_PROCESS,
			       &filter->program);
}

void filter_builder_free(struct filter_builder *b)
{
	for (size_t i = 0; i < b->table_count; i++)
		free(b->tables[i].rules);
}

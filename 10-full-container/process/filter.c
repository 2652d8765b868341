/*
 * linux.seccomp: libseccomp's words become rules.
 *
 * libseccomp's library is asked for one thing only, the numbers of its names
 * on each architecture; its own compiler takes a hundred times as long.  Three
 * of its habits are not in the specification and still everybody's: several
 * conditions on one argument are alternatives, "value" of a masked comparison
 * is the mask, and SCMP_ACT_KILL ends one thread.
 */
#include "10-full-container/process/filter.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "10-full-container/process/filter_build.h"

/* All that a profile may name; 0: one that this kernel cannot run. */
const struct word filter_archs[] = {
	{ "SCMP_ARCH_X86", SCMP_ARCH_X86 },
	{ "SCMP_ARCH_X86_64", SCMP_ARCH_X86_64 },
	{ "SCMP_ARCH_X32", SCMP_ARCH_X32 },
	{ "SCMP_ARCH_ARM", SCMP_ARCH_ARM },
	{ "SCMP_ARCH_AARCH64", SCMP_ARCH_AARCH64 },
	{ "SCMP_ARCH_MIPS", 0 },
	{ "SCMP_ARCH_MIPS64", 0 },
	{ "SCMP_ARCH_MIPS64N32", 0 },
	{ "SCMP_ARCH_MIPSEL", 0 },
	{ "SCMP_ARCH_MIPSEL64", 0 },
	{ "SCMP_ARCH_MIPSEL64N32", 0 },
	{ "SCMP_ARCH_PPC", 0 },
	{ "SCMP_ARCH_PPC64", 0 },
	{ "SCMP_ARCH_PPC64LE", 0 },
	{ "SCMP_ARCH_S390", 0 },
	{ "SCMP_ARCH_S390X", 0 },
	{ "SCMP_ARCH_PARISC", 0 },
	{ "SCMP_ARCH_PARISC64", 0 },
	{ "SCMP_ARCH_RISCV64", 0 },
	{ "SCMP_ARCH_LOONGARCH64", 0 },
	{ "SCMP_ARCH_M68K", 0 },
	{ "SCMP_ARCH_SH", 0 },
	{ "SCMP_ARCH_SHEB", 0 },
	{ 0 },
};

const struct word filter_actions[] = {
	{ "SCMP_ACT_ALLOW", SECCOMP_RET_ALLOW },
	{ "SCMP_ACT_ERRNO", SECCOMP_RET_ERRNO },
	{ "SCMP_ACT_KILL", SECCOMP_RET_KILL_THREAD },
	{ "SCMP_ACT_KILL_PROCESS", SECCOMP_RET_KILL_PROCESS },
	{ "SCMP_ACT_KILL_THREAD", SECCOMP_RET_KILL_THREAD },
	{ "SCMP_ACT_LOG", SECCOMP_RET_LOG },
	{ "SCMP_ACT_TRACE", SECCOMP_RET_TRACE },
	{ "SCMP_ACT_TRAP", SECCOMP_RET_TRAP },
	{ "SCMP_ACT_NOTIFY", SECCOMP_RET_USER_NOTIF },
	{ 0 },
};

const struct word filter_compares[] = {
	{ "SCMP_CMP_EQ", FILTER_EQUAL },
	{ "SCMP_CMP_NE", FILTER_NOT_EQUAL },
	{ "SCMP_CMP_LT", FILTER_LESS },
	{ "SCMP_CMP_LE", FILTER_LESS_EQUAL },
	{ "SCMP_CMP_GT", FILTER_GREATER },
	{ "SCMP_CMP_GE", FILTER_GREATER_EQUAL },
	{ "SCMP_CMP_MASKED_EQ", FILTER_MASKED_EQUAL },
	{ 0 },
};

/* They go to seccomp(2) as they are; a kernel that lacks one says EINVAL. */
const struct word filter_flags[] = {
	{ "SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC },
	{ "SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", 1 << 5 }, /* Linux 5.19 */
	{ 0 },
};

/* "errnoRet" is for two actions only. */
static int filter_finish_action(const struct value *node, const char *errno_key,
				uint32_t *action)
{
	struct value number = value_member(node, errno_key);
	uint64_t value = EPERM;

	if (value_unsigned(node, errno_key, 4095, &value) < 0)
		return -1;
	if (*action == SECCOMP_RET_ERRNO || *action == SECCOMP_RET_TRACE)
		*action |= (uint32_t)value;
	else if (number.value)
		return value_complain(&number, "for this action: only for "
					       "SCMP_ACT_ERRNO and _TRACE");
	return 0;
}

/* This machine's own architecture is there, whether listed or not. */
static int filter_read_archs(struct filter_builder *b, const struct value *node)
{
	struct value array;

	if (filter_add_arch(b, seccomp_arch_native()) < 0 ||
	    value_array(node, "architectures", &array) < 0)
		return -1;
	for (size_t i = 0; i < value_count(&array); i++) {
		struct value item = value_item(&array, i);
		const struct word *arch;

		if (member_find_word(&item, filter_archs, &arch) < 0 ||
		    (arch->number &&
		     filter_add_arch(b, (uint32_t)arch->number) < 0))
			return -1;
	}
	return 0;
}

/* "index" is the argument, 0 to 5: no call has more than six. */
#define CONDITION(field) MEMBER_AT(struct filter_condition, field)
static const struct member condition_members[] = {
	{ "index", member_unsigned, CONDITION(argument), REQUIRED, .high = 5 },
	{ "value", member_unsigned, CONDITION(value), REQUIRED,
	  .high = UINT64_MAX },
	{ "valueTwo", member_unsigned, CONDITION(mask), .high = UINT64_MAX },
	{ "op", member_word, CONDITION(compare), REQUIRED,
	  .more = filter_compares },
	{ 0 },
};

/* Only a masked comparison has two values, and OCI has the mask first. */
static int filter_read_condition(struct filter_condition *c,
				 const struct value *item)
{
	uint64_t second;

	if (members_read(item, condition_members, c) < 0)
		return -1;
	second = c->mask;
	c->mask = 0;
	if (c->compare == FILTER_MASKED_EQUAL) {
		c->mask = c->value;
		c->value = second;
	}
	return 0;
}

/*
 * All conditions of an entry must hold, except that several about the same
 * argument are alternatives: runc decided so long ago.
 */
static int filter_read_conditions(struct filter_condition *conditions,
				  const struct value *array, bool *is_any)
{
	unsigned int seen = 0;

	*is_any = false;
	for (size_t i = 0; i < value_count(array); i++) {
		struct value item = value_item(array, i);

		if (filter_read_condition(&conditions[i], &item) < 0)
			return -1;
		*is_any |= (seen & 1u << conditions[i].argument) != 0;
		seen |= 1u << conditions[i].argument;
	}
	return 0;
}

/* One name: one rule, or one for each alternative. */
static void filter_add_name(struct filter_builder *b, const char *name,
			    struct filter_rule rule, bool is_any)
{
	size_t count = rule.condition_count;

	if (!is_any) {
		filter_add_rule(b, name, &rule);
		return;
	}
	rule.condition_count = 1;
	for (size_t i = 0; i < count; i++, rule.conditions++)
		filter_add_rule(b, name, &rule);
}

/*
 * The descriptor that the listener reads from is sent on by the process that
 * has the filter already: that call cannot wait for the listener.
 */
static int filter_note_listener(struct filter_builder *b,
				const struct value *item, const char *name)
{
	b->notifies = true;
	if (strcmp(name, "sendmsg") == 0)
		return value_complain(item, "possible with SCMP_ACT_NOTIFY: "
					    "with it the listener is told");
	return 0;
}

static const struct member entry_members[] = {
	{ "action", member_word, MEMBER_AT(struct filter_rule, action),
	  REQUIRED, .more = filter_actions },
	{ 0 },
};

/*
 * One item of "syscalls": an action for some names, under some conditions.  A
 * name that this libseccomp does not know is passed over: profiles are written
 * for many systems.
 */
static int filter_read_entry(struct filter_builder *b,
			     const struct value *entry,
			     struct filter_condition *conditions)
{
	struct filter_rule rule = { .conditions = conditions };
	struct value array, names;
	const char *name;
	bool is_any;

	if (members_read(entry, entry_members, &rule) < 0 ||
	    filter_finish_action(entry, "errnoRet", &rule.action) < 0 ||
	    value_require(entry, "names") < 0 ||
	    value_array(entry, "names", &names) < 0 ||
	    value_array(entry, "args", &array) < 0 ||
	    filter_read_conditions(conditions, &array, &is_any) < 0)
		return -1;
	rule.condition_count = value_count(&array);
	for (size_t i = 0; i < value_count(&names); i++) {
		struct value item = value_item(&names, i);

		if (value_item_string(&item, &name) < 0)
			return -1;
		if (rule.action == SECCOMP_RET_USER_NOTIF &&
		    filter_note_listener(b, &item, name) < 0)
			return -1;
		filter_add_name(b, name, rule, is_any);
	}
	return 0;
}

/* How much room the rules and their conditions need at most. */
static void filter_count(const struct value *entries, size_t *rules,
			 size_t *conditions)
{
	for (size_t i = 0; i < value_count(entries); i++) {
		struct value entry = value_item(entries, i);
		size_t args =
			json_array_size(json_object_get(entry.value, "args"));
		size_t names =
			json_array_size(json_object_get(entry.value, "names"));

		*conditions += args;
		*rules += names * (args ? args : 1);
	}
}

static int filter_read_entries(struct filter_builder *b,
			       const struct value *entries,
			       struct filter_condition *conditions)
{
	for (size_t i = 0; i < value_count(entries); i++) {
		struct value entry = value_item(entries, i);

		if (filter_read_entry(b, &entry, conditions) < 0)
			return -1;
		conditions +=
			json_array_size(json_object_get(entry.value, "args"));
	}
	return 0;
}

/* linux.seccomp.listenerPath and listenerMetadata: see listener.h. */
static int filter_check_listener(struct filter *filter,
				 const struct value *node, bool notifies)
{
	struct value data = value_member(node, "listenerMetadata");

	if (filter->metadata && !filter->listener)
		return value_complain(&data, "possible without a listenerPath");
	if (notifies && !filter->listener)
		return value_require(node, "listenerPath");
	if (notifies)
		filter->flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	else
		filter->listener = NULL;
	if (notifies && filter->flags & SECCOMP_FILTER_FLAG_TSYNC)
		filter->flags |= SECCOMP_FILTER_FLAG_TSYNC_ESRCH;
	return 0;
}

static const struct member default_members[] = {
	{ "defaultAction", member_word,
	  MEMBER_AT(struct filter_builder, otherwise), REQUIRED,
	  .more = filter_actions },
	{ 0 },
};

static const struct member filter_members[] = {
	{ "flags", member_words, MEMBER_AT(struct filter, flags),
	  .more = filter_flags },
	{ "listenerPath", member_path, MEMBER_AT(struct filter, listener) },
	{ "listenerMetadata", member_string,
	  MEMBER_AT(struct filter, metadata) },
	{ 0 },
};

/*
 * Compiled while config.json is read: so a profile that cannot be is an error
 * before there is anything of the container.
 */
int filter_read(const struct value *seccomp, void *field)
{
	CLEANUP_FREE struct filter_condition *conditions = NULL;
	struct filter *filter = field;
	struct filter_builder b = { 0 };
	struct value entries;
	size_t count = 1;
	int result = -1;

	if (members_read(seccomp, default_members, &b) < 0 ||
	    members_read(seccomp, filter_members, filter) < 0 ||
	    filter_finish_action(seccomp, "defaultErrnoRet", &b.otherwise) <
		    0 ||
	    value_array(seccomp, "syscalls", &entries) < 0)
		return -1;
	if (b.otherwise == SECCOMP_RET_USER_NOTIF)
		return error_input("give the calls to be notified of by name",
				   "config.json: linux.seccomp.defaultAction: "
				   "SCMP_ACT_NOTIFY would have the runtime "
				   "itself wait");
	filter_count(&entries, &b.room, &count);
	conditions = calloc(count, sizeof(*conditions));
	b.pool = reallocarray(NULL, b.room * FILTER_POOL + 1,
			      sizeof(*conditions));
	if (!conditions || !b.pool)
		error_call(NULL, "read linux.seccomp");
	else if (filter_read_archs(&b, seccomp) == 0 &&
		 filter_read_entries(&b, &entries, conditions) == 0 &&
		 filter_check_listener(filter, seccomp, b.notifies) == 0)
		result = filter_build(&b, filter);
	filter_builder_free(&b);
	return result;
}

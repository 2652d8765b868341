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
const char *const filter_arch_names[] = {
	"SCMP_ARCH_X86",      "SCMP_ARCH_X86_64",      "SCMP_ARCH_X32",
	"SCMP_ARCH_ARM",      "SCMP_ARCH_AARCH64",     "SCMP_ARCH_MIPS",
	"SCMP_ARCH_MIPS64",   "SCMP_ARCH_MIPS64N32",   "SCMP_ARCH_MIPSEL",
	"SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PPC",
	"SCMP_ARCH_PPC64",    "SCMP_ARCH_PPC64LE",     "SCMP_ARCH_S390",
	"SCMP_ARCH_S390X",    "SCMP_ARCH_PARISC",      "SCMP_ARCH_PARISC64",
	"SCMP_ARCH_RISCV64",  "SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_M68K",
	"SCMP_ARCH_SH",       "SCMP_ARCH_SHEB",        NULL
};

static const uint32_t
	archs[sizeof(filter_arch_names) / sizeof(*filter_arch_names)] = {
		SCMP_ARCH_X86, SCMP_ARCH_X86_64,  SCMP_ARCH_X32,
		SCMP_ARCH_ARM, SCMP_ARCH_AARCH64,
	};

const char *const filter_action_names[] = {
	"SCMP_ACT_ALLOW",       "SCMP_ACT_ERRNO",
	"SCMP_ACT_KILL",        "SCMP_ACT_KILL_PROCESS",
	"SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG",
	"SCMP_ACT_TRACE",       "SCMP_ACT_TRAP",
	"SCMP_ACT_NOTIFY",      NULL
};

static const uint32_t actions[] = {
	SECCOMP_RET_ALLOW,       SECCOMP_RET_ERRNO,
	SECCOMP_RET_KILL_THREAD, SECCOMP_RET_KILL_PROCESS,
	SECCOMP_RET_KILL_THREAD, SECCOMP_RET_LOG,
	SECCOMP_RET_TRACE,       SECCOMP_RET_TRAP,
	SECCOMP_RET_USER_NOTIF,
};

const char *const filter_compare_names[] = {
	"SCMP_CMP_EQ", "SCMP_CMP_NE", "SCMP_CMP_LT",        "SCMP_CMP_LE",
	"SCMP_CMP_GT", "SCMP_CMP_GE", "SCMP_CMP_MASKED_EQ", NULL
};

static const enum filter_compare compares[] = {
	FILTER_EQUAL,        FILTER_NOT_EQUAL, FILTER_LESS,
	FILTER_LESS_EQUAL,   FILTER_GREATER,   FILTER_GREATER_EQUAL,
	FILTER_MASKED_EQUAL,
};

#define FILTER_WAIT_KILLABLE (1u << 5) /* Linux 5.19 */

const char *const filter_flag_names[] = { "SECCOMP_FILTER_FLAG_TSYNC",
					  "SECCOMP_FILTER_FLAG_LOG",
					  "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
					  "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_"
					  "RECV",
					  NULL };

const unsigned int filter_flags[] = {
	SECCOMP_FILTER_FLAG_TSYNC,
	SECCOMP_FILTER_FLAG_LOG,
	SECCOMP_FILTER_FLAG_SPEC_ALLOW,
	FILTER_WAIT_KILLABLE,
};

/* "action" with "errnoRet", or the same with other names for the default. */
static int filter_read_action(const struct value *node, const char *key,
			      const char *errno_key, uint32_t *action)
{
	struct value number = { .parent = node, .key = errno_key };
	uint64_t value = EPERM;
	size_t word = 0;

	number.value = json_object_get(node->value, errno_key);
	if (value_require(node, key) < 0 ||
	    value_word(node, key, filter_action_names, &word) < 0 ||
	    value_unsigned(node, errno_key, 4095, &value) < 0)
		return -1;
	*action = actions[word];
	if (*action == SECCOMP_RET_ERRNO || *action == SECCOMP_RET_TRACE)
		*action |= (uint32_t)value;
	else if (number.value && !json_is_null(number.value))
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
		size_t word = 0;

		if (value_item_word(&item, filter_arch_names, &word) < 0 ||
		    (archs[word] && filter_add_arch(b, archs[word]) < 0))
			return -1;
	}
	return 0;
}

/* "index" is the argument, 0 to 5: no call has more than six. */
static int filter_read_condition(struct filter_condition *c,
				 const struct value *item)
{
	uint64_t index = 0, value = 0, second = 0;
	size_t word = 0;

	if (value_item_object(item) < 0 || value_require(item, "index") < 0 ||
	    value_require(item, "value") < 0 || value_require(item, "op") < 0 ||
	    value_unsigned(item, "index", 5, &index) < 0 ||
	    value_unsigned(item, "value", UINT64_MAX, &value) < 0 ||
	    value_unsigned(item, "valueTwo", UINT64_MAX, &second) < 0 ||
	    value_word(item, "op", filter_compare_names, &word) < 0)
		return -1;
	*c = (struct filter_condition){ .argument = (unsigned int)index,
					.compare = compares[word],
					.value = value };
	if (c->compare == FILTER_MASKED_EQUAL) {
		c->mask = value; /* OCI has the mask first */
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

	if (value_item_object(entry) < 0 ||
	    filter_read_action(entry, "action", "errnoRet", &rule.action) < 0 ||
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

/* They go to seccomp(2) as they are; a kernel that lacks one says EINVAL. */
static int filter_read_flags(struct filter *filter, const struct value *node)
{
	struct value array;

	if (value_array(node, "flags", &array) < 0)
		return -1;
	for (size_t i = 0; i < value_count(&array); i++) {
		struct value item = value_item(&array, i);
		size_t word = 0;

		if (value_item_word(&item, filter_flag_names, &word) < 0)
			return -1;
		filter->flags |= filter_flags[word];
	}
	return 0;
}

/* linux.seccomp.listenerPath and listenerMetadata: see listener.h. */
static int filter_read_listener(struct filter *filter, const struct value *node,
				bool notifies)
{
	struct value path = { .parent = node, .key = "listenerPath" };
	struct value data = { .parent = node, .key = "listenerMetadata" };

	data.value = json_object_get(node->value, "listenerMetadata");
	if (value_absolute(node, "listenerPath", &filter->listener) < 0 ||
	    value_string(node, "listenerMetadata", &filter->metadata) < 0)
		return -1;
	if (filter->metadata && !filter->listener)
		return value_complain(&data, "possible without a listenerPath");
	if (notifies && !filter->listener)
		return value_require(node, path.key);
	if (notifies)
		filter->flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	else
		filter->listener = NULL;
	if (notifies && filter->flags & SECCOMP_FILTER_FLAG_TSYNC)
		filter->flags |= SECCOMP_FILTER_FLAG_TSYNC_ESRCH;
	return 0;
}

/*
 * Compiled while config.json is read: so a profile that cannot be is an error
 * before there is anything of the container.
 */
int filter_read(struct filter *filter, const struct value *node)
{
	CLEANUP_FREE struct filter_condition *conditions = NULL;
	struct filter_builder b = { 0 };
	struct value seccomp, entries;
	size_t count = 1;
	int result = -1;

	if (value_object(node, "seccomp", &seccomp) < 0 || !seccomp.value)
		return seccomp.value ? -1 : 0;
	if (filter_read_flags(filter, &seccomp) < 0 ||
	    filter_read_action(&seccomp, "defaultAction", "defaultErrnoRet",
			       &b.otherwise) < 0 ||
	    value_array(&seccomp, "syscalls", &entries) < 0)
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
	else if (filter_read_archs(&b, &seccomp) == 0 &&
		 filter_read_entries(&b, &entries, conditions) == 0 &&
		 filter_read_listener(filter, &seccomp, b.notifies) == 0)
		result = filter_build(&b, filter);
	filter_builder_free(&b);
	return result;
}

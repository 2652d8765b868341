/*
 * linux.seccomp, judged without the kernel: profiles by chance are compiled
 * here and by libseccomp, told as runc tells it, and both programs have to
 * give the same answer to calls by chance.  Nothing here needs root.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "10-full-container/process/filter.h"
#include "10-full-container/process/filter_build.h"
#include "tests/10-full-container/filter_words.h"
#include "tests/runner/bpf.h"

static uint64_t chance_state;

static unsigned int chance(unsigned int limit)
{
	chance_state = chance_state * 6364136223846793005u + 1442695;
	return (unsigned int)(chance_state >> 33) % limit;
}

/* What a value beyond 32 bits means to a 32-bit program is nobody's idea. */
static uint64_t chance_mask;

static uint64_t chance_value(void)
{
	return values[chance(sizeof(values) / sizeof(*values))] & chance_mask;
}

/* What an x86-64 kernel can run. */
static const struct {
	const char *name;
	uint32_t token, audit;
} archs[] = {
	{ "SCMP_ARCH_X86_64", SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64 },
	{ "SCMP_ARCH_X86", SCMP_ARCH_X86, AUDIT_ARCH_I386 },
	{ "SCMP_ARCH_X32", SCMP_ARCH_X32, AUDIT_ARCH_X86_64 },
};
#define ARCHS 3

#define RULES 256

struct profile {
	json_t *document;
	/* One for each of `archs`, NULL if the profile does not have it: with
	   several in one program libseccomp 2.5.4 tests the number of a call
	   where it has not loaded it. */
	scmp_filter_ctx libseccomp[ARCHS];
	uint32_t otherwise;
	struct {
		uint32_t token;
		int number;
	} conditional[RULES]; /* of the rules with conditions */
	size_t conditional_count;
	bool is_refused; /* libseccomp cannot express it */
};

/* A number as config.json has it: from 2^63 on see json.c. */
static json_t *json_number(uint64_t value)
{
	char text[32] = "";
	int length;

	if (value <= INT64_MAX)
		return json_integer((json_int_t)value);
	length = snprintf(text + 1, sizeof(text) - 1, "%ju", (uintmax_t)value);
	return json_stringn(text, (size_t)length + 1);
}

static uint32_t chance_action(json_t *entry, const char *key,
			      const char *errno_key)
{
	size_t i = chance(ACTIONS);
	uint32_t action = actions[i].action;
	bool has_number = strcmp(actions[i].name, "SCMP_ACT_ERRNO") == 0 ||
			  strcmp(actions[i].name, "SCMP_ACT_TRACE") == 0;
	unsigned int number = chance(2) ? EPERM : EACCES;

	json_object_set_new(entry, key, json_string(actions[i].name));
	if (has_number && (number != EPERM || chance(2)))
		json_object_set_new(entry, errno_key,
				    json_integer((json_int_t)number));
	return has_number ? action | number : action;
}

static size_t chance_conditions(json_t *entry, struct scmp_arg_cmp *conditions)
{
	size_t count = chance(3) ? chance(4) : 0;
	json_t *args = json_array();

	for (size_t i = 0; i < count; i++) {
		size_t op = chance(OPERATORS);
		unsigned int index = chance(3);
		uint64_t first = chance_value(), second = chance_value();

		if (operators[op].op == SCMP_CMP_MASKED_EQ)
			second &= first;
		conditions[i] = (struct scmp_arg_cmp){ index, operators[op].op,
						       first, second };
		json_array_append_new(
			args, json_pack("{s:i, s:s, s:o, s:o}", "index",
					(int)index, "op", operators[op].name,
					"value", json_number(first), "valueTwo",
					json_number(second)));
	}
	if (count > 0 || chance(2))
		json_object_set(entry, "args", args);
	json_decref(args);
	return count;
}

static void note_number(struct profile *p, uint32_t token, int number)
{
	size_t last = p->conditional_count;

	p->conditional[last].token = token;
	p->conditional[last].number = number;
	p->conditional_count += number >= 0 && last + 1 < RULES;
}

/* A part of socketcall or ipc is a condition in itself. */
static void note_conditional(struct profile *p, const char *name,
			     bool has_conditions)
{
	for (int i = 0; i < ARCHS; i++) {
		uint32_t token = archs[i].token;
		struct filter_shared shared = { 0 };
		int number = seccomp_syscall_resolve_name_arch(token, name);

		if (token == SCMP_ARCH_X86)
			number = filter_split(number, &shared);
		if (has_conditions)
			note_number(p, token, number);
		if (shared.number)
			note_number(p, token, shared.number);
	}
}

/*
 * With several conditional rules for one call libseccomp's answer depends on
 * how it merges them, and after a partial match it may be the default.  So it
 * is for socketcall and ipc, of which each part is a rule.
 */
static bool is_ambiguous(const struct profile *p, uint32_t token, int number)
{
	int count = 0;

	for (size_t i = 0; i < p->conditional_count; i++)
		count += p->conditional[i].token == token &&
			 p->conditional[i].number == number;
	return count > 1 ||
	       (token == SCMP_ARCH_X86 && (number == 102 || number == 117));
}

/* As runc does it: several conditions on one argument are alternatives. */
static void tell_libseccomp(struct profile *p, const char *name,
			    uint32_t action, struct scmp_arg_cmp *conditions,
			    size_t count)
{
	int number = seccomp_syscall_resolve_name(name);
	unsigned int seen = 0;
	bool is_any = false;

	if (number == __NR_SCMP_ERROR || action == p->otherwise)
		return;
	for (size_t i = 0; i < count; i++) {
		is_any |= (seen & 1u << conditions[i].arg) != 0;
		seen |= 1u << conditions[i].arg;
	}
	if (is_any)
		for (size_t i = 1; i < count; i++)
			note_conditional(p, name, true);
	note_conditional(p, name, count > 0);
	for (int i = 0; i < ARCHS; i++) {
		scmp_filter_ctx context = p->libseccomp[i];

		if (context && !is_any)
			p->is_refused |=
				seccomp_rule_add_array(context, action, number,
						       (unsigned int)count,
						       conditions) < 0;
		for (size_t j = 0; context && is_any && j < count; j++)
			p->is_refused |=
				seccomp_rule_add_array(context, action, number,
						       1, &conditions[j]) < 0;
	}
}

static json_t *chance_entry(struct profile *p)
{
	struct scmp_arg_cmp conditions[4];
	json_t *entry = json_object(), *list = json_array();
	uint32_t action = chance_action(entry, "action", "errnoRet");
	size_t count = chance_conditions(entry, conditions);

	for (unsigned int i = 1 + chance(3); i > 0; i--) {
		const char *name = names[chance(NAMES)];

		json_array_append_new(list, json_string(name));
		tell_libseccomp(p, name, action, conditions, count);
	}
	json_object_set_new(entry, "names", list);
	return entry;
}

static struct profile chance_profile(void)
{
	json_t *seccomp = json_object(), *list = json_array(),
	       *entries = json_array();
	struct profile p = { 0 };

	p.otherwise =
		chance_action(seccomp, "defaultAction", "defaultErrnoRet");
	for (size_t i = 0; i < ARCHS; i++) {
		bool is_native = archs[i].token == seccomp_arch_native();
		if (!is_native && chance(2))
			continue;
		json_array_append_new(list, json_string(archs[i].name));
		p.libseccomp[i] = seccomp_init(p.otherwise);
		if (is_native)
			continue;
		seccomp_arch_add(p.libseccomp[i], archs[i].token);
		seccomp_arch_remove(p.libseccomp[i], SCMP_ARCH_NATIVE);
		chance_mask = UINT32_MAX;
	}
	for (unsigned int i = 1 + chance(6); i > 0; i--)
		json_array_append_new(entries, chance_entry(&p));
	json_object_set_new(seccomp, "architectures", list);
	json_object_set_new(seccomp, "syscalls", entries);
	p.document = json_pack("{s:o}", "seccomp", seccomp);
	return p;
}

static struct sock_fprog export_program(scmp_filter_ctx context)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	struct sock_fprog program = { 0 };
	off_t size;

	ck_assert_int_eq(seccomp_export_bpf(context, fd), 0);
	size = lseek(fd, 0, SEEK_END);
	program.filter = malloc((size_t)size);
	program.len = (unsigned short)((size_t)size / sizeof(*program.filter));
	ck_assert_int_eq(pread(fd, program.filter, (size_t)size, 0), size);
	close(fd);
	return program;
}

/* libseccomp kills the thread where we kill the process. */
static uint32_t unify(uint32_t answer)
{
	return answer == SECCOMP_RET_KILL_THREAD ? SECCOMP_RET_KILL_PROCESS
						 : answer;
}

static struct seccomp_data chance_call(unsigned int arch)
{
	struct seccomp_data call = { .arch = archs[arch].audit };

	call.nr = seccomp_syscall_resolve_name_arch(archs[arch].token,
						    names[chance(NAMES)]);
	if (call.nr < 0 || chance(8) == 0)
		call.nr = (int)chance(500) | (arch == 2 ? 0x40000000 : 0);
	for (int i = 0; i < 6; i++) {
		call.args[i] = chance(2) ? chance_value() : chance(30);
		if (arch == 1)
			call.args[i] = (uint32_t)call.args[i];
	}
	return call;
}

static bool is_known(const json_t *list, uint32_t token, int number)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = json_string_value(json_array_get(list, i));
		struct filter_shared shared = { 0 };
		int known = seccomp_syscall_resolve_name_arch(token, name);

		if (token == SCMP_ARCH_X86)
			known = filter_split(known, &shared);
		if (known >= number || shared.number >= number)
			return true;
	}
	return false;
}

/* Above the highest number that the profile has for a kind of call? */
static bool is_newer(const struct profile *p, uint32_t token, int number)
{
	json_t *entries = json_object_get(
		json_object_get(p->document, "seccomp"), "syscalls");
	size_t i = 0;

	while (i < json_array_size(entries) &&
	       !is_known(json_object_get(json_array_get(entries, i), "names"),
			 token, number))
		i++;
	return i == json_array_size(entries);
}

static void compare_answer(const struct profile *p, unsigned int arch,
			   const struct seccomp_data *call, uint32_t found,
			   uint32_t expected)
{
	if (found == (SECCOMP_RET_ERRNO | ENOSYS) &&
	    is_newer(p, archs[arch].token, call->nr))
		return;
	ck_assert_msg(unify(found) == unify(expected),
		      "%s, call %d, arguments %llx %llx %llx: %x here, %x by "
		      "libseccomp, for %s",
		      archs[arch].name, call->nr, call->args[0], call->args[1],
		      call->args[2], found, expected,
		      json_dumps(p->document, 0));
}

/* One profile on one architecture.  Returns how many calls were compared. */
static size_t compare_arch(struct profile *p, const struct filter *filter,
			   unsigned int arch)
{
	struct sock_fprog theirs = export_program(p->libseccomp[arch]);
	size_t steps = 0, compared = 0;

	for (int i = 0; i < 100; i++) {
		struct seccomp_data call = chance_call(arch);

		if (is_ambiguous(p, archs[arch].token, call.nr))
			continue;
		compared++;
		compare_answer(p, arch, &call,
			       bpf_interpret(&filter->program, &call, &steps),
			       bpf_interpret(&theirs, &call, &steps));
	}
	free(theirs.filter);
	return compared;
}

static size_t compare_profile(struct profile *p)
{
	struct value root = { .key = "profile", .value = p->document }, seccomp;
	struct filter filter = { 0 };
	size_t compared = 0;

	seccomp = value_member(&root, "seccomp");
	ck_assert_int_eq(filter_read(&seccomp, &filter), 0);
	for (unsigned int i = 0; i < ARCHS; i++)
		if (p->libseccomp[i])
			compared += compare_arch(p, &filter, i);
	free(filter.program.filter);
	return compared;
}

/* Not more of them: at the 1134th libseccomp 2.5.4 itself does not return. */
START_TEST(profiles_by_chance_are_decided_as_libseccomp_does)
{
	size_t compared = 0;

	for (unsigned int round = 0; round < 600; round++) {
		struct profile p;

		chance_state = round;
		p = chance_profile();
		if (!p.is_refused)
			compared += compare_profile(&p);
		for (int i = 0; i < ARCHS; i++)
			if (p.libseccomp[i])
				seccomp_release(p.libseccomp[i]);
		json_decref(p.document);
	}
	ck_assert_uint_gt(compared, 40000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("10 filter");
	TCase *tcase = tcase_create("10 filter");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	if (seccomp_arch_native() != SCMP_ARCH_X86_64)
		return puts("0 passed, 0 failed, 1 skipped") < 0;
	tcase_add_test(tcase,
		       profiles_by_chance_are_decided_as_libseccomp_does);
	tcase_set_timeout(tcase, 400);
	srunner_run_all(runner, CK_VERBOSE);
	failed = srunner_ntests_failed(runner);
	printf("%d passed, %d failed, 0 skipped\n", 1 - failed, failed);
	return failed > 0;
}

/* Who a process is, and what it may do: the kernel's lists and limits. */
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/prctl.h>
#include <linux/securebits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>

#include "habits/count.h"
#include "07-caps/beyond/caps_names.h"
#include "tools/explain/flags.h"
#include "tools/explain/tell.h"

/* What it has now: CapPrm of /proc/PID/status. */
static uint64_t tell_permitted(pid_t tid)
{
	char set[STATUS_SIZE];

	return process_status(tid, "CapPrm", set) < 0 ? 0
						      : strtoull(set, NULL, 16);
}

static int tell_bits(uint64_t set)
{
	return __builtin_popcountll(set);
}

void tell_capset(struct call *call)
{
	struct __user_cap_data_struct data[2];
	uint64_t permitted, before = tell_permitted(call->tid);

	if (call_read(call, call->argument[1], data, sizeof(data)) < 0)
		return;
	permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	if (before & ~permitted) {
		step_is(&call->step, "capset.drop");
		step_what(&call->step, "%d of %d given up",
			  tell_bits(before & ~permitted), tell_bits(before));
		return;
	}
	step_is(&call->step, "capset");
	step_what(&call->step, "%d in use, of %d",
		  tell_bits(data[0].effective | (uint64_t)data[1].effective
							<< 32),
		  tell_bits(permitted));
}

/* A name without its CAP_: "SYS_ADMIN". */
static void tell_capability(struct call *call, uint64_t number)
{
	char name[CAPS_NAME_SIZE];

	caps_to_name((int)number, name);
	step_what(&call->step, "%s%s",
		  strncmp(name, "CAP_", 4) == 0 ? "" : "number ",
		  strncmp(name, "CAP_", 4) == 0 ? name + 4 : name);
}

static const struct flag tell_securebits[] = {
	{ SECBIT_NOROOT, "NOROOT" },
	{ SECBIT_NO_SETUID_FIXUP, "NO_SETUID_FIXUP" },
	{ SECBIT_KEEP_CAPS, "KEEP_CAPS" },
	{ SECBIT_NO_CAP_AMBIENT_RAISE, "NO_CAP_AMBIENT_RAISE" },
	{ 0 },
};

static const struct {
	int option;
	const char *name, *kind;
} tell_options[] = {
	{ PR_SET_NO_NEW_PRIVS, "NO_NEW_PRIVS", "no_new_privs" },
	{ PR_CAPBSET_DROP, "", "caps.bounding" },
	{ PR_CAP_AMBIENT, "", "caps.ambient" },
	{ PR_SET_KEEPCAPS, "KEEPCAPS", "caps.keep" },
	{ PR_SET_SECUREBITS, "SECUREBITS", "caps.securebits" },
	{ PR_SET_PDEATHSIG, "PDEATHSIG", "pid.parent_death" },
	{ PR_SET_CHILD_SUBREAPER, "CHILD_SUBREAPER", "subreaper" },
	{ PR_SET_DUMPABLE, "DUMPABLE", "dumpable" },
};

void tell_prctl(struct call *call)
{
	int option = call_fd(call, 0);
	uint64_t value = call->argument[1];

	if (option == PR_SET_SECCOMP) {
		tell_seccomp(call);
		return;
	}
	for (size_t i = 0; i < COUNT(tell_options); i++)
		if (tell_options[i].option == option) {
			step_is(&call->step, tell_options[i].kind);
			snprintf(call->step.what, WHAT_SIZE, "%s",
				 tell_options[i].name);
		}
	if (option == PR_CAPBSET_DROP)
		tell_capability(call, value);
	else if (option == PR_CAP_AMBIENT && value == PR_CAP_AMBIENT_IS_SET)
		call->step.kind[0] = '\0';
	else if (option == PR_CAP_AMBIENT && value == PR_CAP_AMBIENT_CLEAR_ALL)
		step_what(&call->step, "none");
	else if (option == PR_CAP_AMBIENT)
		tell_capability(call, call->argument[2]);
	else if (option == PR_SET_SECUREBITS)
		flags_tell(&call->step, tell_securebits, value);
	else if (option == PR_SET_PDEATHSIG && value)
		step_what(&call->step, "SIG%s", sigabbrev_np((int)value));
	else if (option == PR_SET_DUMPABLE || option == PR_SET_KEEPCAPS)
		step_what(&call->step, value ? "yes" : "no");
}

/* setuid, setreuid, setresuid: how many numbers they take. */
static int tell_id_count(const char *name)
{
	return strstr(name, "setres") ? 3 : strstr(name, "setre") ? 2 : 1;
}

/* Of -1 the kernel makes nothing: it stays what it is. */
static int tell_id_kept(const struct call *call, int count)
{
	int kept = 0;

	for (int i = 0; i < count; i++)
		kept += call_fd(call, i) == -1;
	return kept;
}

static void tell_ids(struct call *call, const char *kind)
{
	static const char *const names[] = { "real", "effective", "saved" };
	int count = tell_id_count(call->step.call), id;
	int kept = count > 1 ? tell_id_kept(call, count) : 0;
	bool is_effective = kept == count - 1 && call_fd(call, 1) != -1;
	char key[32];

	snprintf(key, sizeof(key), "%s%s", kind,
		 kept == 0       ? ""
		 : kept == count ? ".same"
		 : is_effective  ? ".effective"
				 : "");
	step_is(&call->step, key);
	for (int i = 0; i < count; i++) {
		id = call_fd(call, i);
		if (kept == 0 || kept == count)
			step_what(&call->step, "%d", id);
		else if (id != -1)
			step_what(&call->step, "%s %d", names[i], id);
	}
}

void tell_user(struct call *call)
{
	tell_ids(call, "setuid");
}

void tell_group(struct call *call)
{
	tell_ids(call, "setgid");
}

void tell_groups(struct call *call)
{
	uint64_t count = call->argument[0];
	uint32_t group;

	step_is(&call->step, "setgroups");
	if (count == 0)
		step_what(&call->step, "none");
	for (uint64_t i = 0; i < count && i < 8; i++)
		if (call_read(call, call->argument[1] + i * sizeof(group),
			      &group, sizeof(group)) == 0)
			step_what(&call->step, "%u", group);
}

void tell_keyctl(struct call *call)
{
	char name[CALL_TEXT];

	if (call->argument[0] != KEYCTL_JOIN_SESSION_KEYRING) {
		step_is(&call->step, "key");
		return;
	}
	call_text(call, 1, name);
	step_is(&call->step, "keyring");
	step_what(&call->step, "%s", name);
}

#define LIMIT(name)                  \
	{                            \
		RLIMIT_##name, #name \
	}

static const struct flag tell_limits[] = {
	LIMIT(AS),     LIMIT(CORE),   LIMIT(CPU),        LIMIT(DATA),
	LIMIT(FSIZE),  LIMIT(LOCKS),  LIMIT(MEMLOCK),    LIMIT(MSGQUEUE),
	LIMIT(NICE),   LIMIT(NOFILE), LIMIT(NPROC),      LIMIT(RSS),
	LIMIT(RTPRIO), LIMIT(RTTIME), LIMIT(SIGPENDING), LIMIT(STACK),
	{ 0 },
};

/* prlimit64(pid, which, new, old) and setrlimit(which, new). */
void tell_rlimit(struct call *call)
{
	int at = strcmp(call->step.call, "prlimit64") == 0;
	const struct flag *limit = tell_limits;
	uint64_t values[2];

	if (at && !call->argument[2])
		return;
	step_is(&call->step, "rlimit");
	while (limit->name && limit->value != call->argument[at])
		limit++;
	if (limit->name)
		step_what(&call->step, "%s", limit->name);
	else
		step_what(&call->step, "number %d", call_fd(call, at));
	if (at &&
	    call_read(call, call->argument[2], values, sizeof(values)) == 0 &&
	    values[0] < UINT32_MAX)
		step_what(&call->step, "%llu", (unsigned long long)values[0]);
}

void tell_personality(struct call *call)
{
	if ((uint32_t)call->argument[0] == UINT32_MAX)
		return; /* it only asks */
	step_is(&call->step, (call->argument[0] & PER_MASK)
				     ? "personality"
				     : "personality.flags");
	step_what(&call->step, "0x%x", (unsigned int)call->argument[0]);
}

void tell_memfd(struct call *call)
{
	char name[CALL_TEXT];

	call_text(call, 0, name);
	step_is(&call->step, "memfd");
	step_what(&call->step, "%s", name);
}

void tell_bpf(struct call *call)
{
	union bpf_attr attributes = { 0 };
	uint64_t size = call->argument[2] < sizeof(attributes)
				? call->argument[2]
				: sizeof(attributes);

	if (call_read(call, call->argument[1], &attributes, (size_t)size) < 0)
		return;
	if (call->argument[0] == BPF_PROG_LOAD &&
	    attributes.prog_type == BPF_PROG_TYPE_CGROUP_DEVICE) {
		step_is(&call->step, "bpf.devices");
		step_what(&call->step, "%u instructions", attributes.insn_cnt);
	} else if (call->argument[0] == BPF_PROG_ATTACH ||
		   call->argument[0] == BPF_LINK_CREATE) {
		step_is(&call->step, "bpf.attach");
	}
}

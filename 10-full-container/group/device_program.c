/*
 * bpf(2): load a program, attach it to a group, find what is attached.
 *
 * The kernel proves, before it takes a program, that each way through it
 * ends with an answer.  Then the program belongs to the group, and goes when
 * the group is removed.
 */
#include "10-full-container/group/device_program.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"

#define PROGRAM_NAME "ten_steps" /* 15 letters, digits, _ and . at most */
#define PROGRAMS_MAX 64          /* that one group can have (Linux 4.15) */

static const struct hint program_hints[] = {
	{ EPERM, "eBPF needs CAP_SYS_ADMIN, or CAP_BPF and CAP_NET_ADMIN" },
	{ EINVAL, "the kernel was built without CONFIG_CGROUP_BPF" },
	{ ENOSYS, "the kernel has no bpf(2)" },
	{ E2BIG, "other programs are attached: see bpftool cgroup list" },
	{ 0, NULL },
};

/* Commands of one call, which has no wrapper in the C library. */
static int program_bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* Which programs are attached; -1 without a message, and then none. */
static int program_list(int group, uint32_t ids[PROGRAMS_MAX])
{
	union bpf_attr attr = {
		.query = { .target_fd = (uint32_t)group,
			   .attach_type = BPF_CGROUP_DEVICE,
			   .prog_ids = (uintptr_t)ids,
			   .prog_cnt = PROGRAMS_MAX },
	};

	return program_bpf(BPF_PROG_QUERY, &attr) < 0
		       ? -1
		       : (int)attr.query.prog_cnt;
}

/*
 * By its name: systemd attaches programs of its own to a scope, and those stay.
 * All programs of a group have to say yes (BPF_F_ALLOW_MULTI).
 */
static bool program_is_ours(int program)
{
	struct bpf_prog_info info = { 0 };
	union bpf_attr attr = {
		.info = { .bpf_fd = (uint32_t)program,
			  .info_len = sizeof(info),
			  .info = (uintptr_t)&info },
	};

	return program_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) == 0 &&
	       strcmp(info.name, PROGRAM_NAME) == 0;
}

/* Those of `ids` that this runtime made.  They were there before. */
static int program_detach(int group, const uint32_t ids[], int count)
{
	for (int i = 0; i < count; i++) {
		union bpf_attr by_id = { .prog_id = ids[i] };
		CLEANUP_CLOSE int program =
			program_bpf(BPF_PROG_GET_FD_BY_ID, &by_id);
		union bpf_attr detach = {
			.target_fd = (uint32_t)group,
			.attach_bpf_fd = (uint32_t)program,
			.attach_type = BPF_CGROUP_DEVICE,
		};

		if (program < 0 || !program_is_ours(program))
			continue;
		if (program_bpf(BPF_PROG_DETACH, &detach) < 0)
			return error_call(program_hints,
					  "detach the old device rules");
	}
	return 0;
}

static int program_fail(bool is_quiet, const char *what)
{
	return is_quiet ? -1 : error_call(program_hints, "%s", what);
}

/* First the new one, then not the old one: at no moment there is none. */
int device_program_attach(const struct bpf_insn *code, size_t length, int group,
			  bool is_quiet)
{
	uint32_t old[PROGRAMS_MAX];
	int count = program_list(group, old);
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insns = (uintptr_t)code,
		.insn_cnt = (uint32_t)length,
		.license = (uintptr_t) "MIT",
		.prog_name = PROGRAM_NAME,
	};
	CLEANUP_CLOSE int program = program_bpf(BPF_PROG_LOAD, &load);
	union bpf_attr attach = {
		.target_fd = (uint32_t)group,
		.attach_bpf_fd = (uint32_t)program,
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = BPF_F_ALLOW_MULTI,
	};

	if (program < 0)
		return program_fail(is_quiet, "load the device rules (eBPF)");
	if (program_bpf(BPF_PROG_ATTACH, &attach) < 0)
		return program_fail(is_quiet,
				    "attach the device rules to the group");
	return program_detach(group, old, count);
}

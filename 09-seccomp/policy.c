/*
 * Docker's list, in groups, and how it becomes rules.
 *
 * Most calls are allowed or not, whatever their arguments.  Only a few need a
 * look at an argument: those that make a process, a socket or a personality.
 */
#include "09-seccomp/policy.h"

#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/socket.h>

#include "09-seccomp/beyond/syscalls.h"

/* Not CLONE_NEWTIME: its bit is part of the signal number in clone(2). */
#define POLICY_NAMESPACES                                              \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | \
	 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/*
 * For every container, whatever it may do.  The groups are for the reader; a
 * name that the headers do not know, on an older system or another machine, is
 * passed over.
 */
static const char *const policy_calls[] = {
	/* files by name */
	"open openat openat2 creat access faccessat faccessat2 stat lstat "
	"newfstatat statx readlink readlinkat chdir getcwd umask truncate "
	"chmod fchmodat fchmodat2 chown lchown fchownat utime utimes utimensat "
	"futimesat link linkat symlink symlinkat unlink unlinkat rename "
	"renameat renameat2 mkdir mkdirat rmdir mknod mknodat statfs "
	"name_to_handle_at listmount statmount",
	"getxattr lgetxattr setxattr lsetxattr listxattr llistxattr "
	"removexattr lremovexattr getxattrat setxattrat listxattrat "
	"removexattrat",
	/* files by descriptor */
	"read write readv writev pread64 pwrite64 preadv pwritev preadv2 "
	"pwritev2 lseek close close_range dup dup2 dup3 fcntl flock ioctl "
	"pipe pipe2 tee splice vmsplice sendfile copy_file_range readahead "
	"fstat fstatfs fchdir fchmod fchown ftruncate fallocate fadvise64 "
	"fsync fdatasync sync syncfs sync_file_range getdents getdents64 "
	"fgetxattr fsetxattr flistxattr fremovexattr cachestat",
	/* waiting for descriptors and events.  The old asynchronous calls, but
	   not io_uring: it opens and connects by itself, past any filter */
	"select pselect6 poll ppoll epoll_create epoll_create1 epoll_ctl "
	"epoll_ctl_old epoll_wait epoll_wait_old epoll_pwait epoll_pwait2 "
	"eventfd eventfd2 signalfd signalfd4 inotify_init inotify_init1 "
	"inotify_add_watch inotify_rm_watch fanotify_mark io_setup io_destroy "
	"io_submit io_cancel io_getevents io_pgetevents",
	/* memory */
	"brk mmap munmap mremap mprotect madvise msync mincore mlock mlock2 "
	"mlockall munlock munlockall memfd_create memfd_secret mseal "
	"remap_file_pages membarrier pkey_alloc pkey_free pkey_mprotect "
	"map_shadow_stack process_mrelease",
	/* processes and threads */
	"fork vfork execve execveat exit exit_group wait4 waitid getpid "
	"getppid gettid getpgid getpgrp setpgid getsid setsid pidfd_open "
	"set_tid_address set_robust_list get_robust_list rseq "
	"restart_syscall futex futex_wait futex_wake futex_requeue "
	"futex_waitv getrusage times getcpu arch_prctl modify_ldt "
	"set_thread_area get_thread_area uretprobe",
	/* debugging one's own processes: since Linux 4.8 a tracer cannot
	   change a call after the filter has let it through */
	"ptrace process_vm_readv process_vm_writev",
	/* who one is; what one may do */
	"getuid geteuid getgid getegid getgroups getresuid getresgid setuid "
	"setgid setreuid setregid setresuid setresgid setgroups setfsuid "
	"setfsgid capget capset prctl getrlimit setrlimit prlimit64 seccomp "
	"landlock_create_ruleset landlock_add_rule landlock_restrict_self",
	/* signals */
	"kill tkill tgkill pidfd_send_signal pause sigaltstack rt_sigaction "
	"rt_sigprocmask rt_sigpending rt_sigsuspend rt_sigtimedwait "
	"rt_sigqueueinfo rt_tgsigqueueinfo rt_sigreturn",
	/* scheduling */
	"sched_yield sched_getaffinity sched_setaffinity sched_getattr "
	"sched_setattr sched_getparam sched_setparam sched_getscheduler "
	"sched_setscheduler sched_get_priority_max sched_get_priority_min "
	"sched_rr_get_interval getpriority setpriority ioprio_get ioprio_set",
	/* time: adjtimex may look; to set it takes CAP_SYS_TIME */
	"time gettimeofday clock_gettime clock_getres nanosleep "
	"clock_nanosleep alarm getitimer setitimer timer_create timer_settime "
	"timer_gettime timer_getoverrun timer_delete timerfd_create "
	"timerfd_settime timerfd_gettime adjtimex clock_adjtime",
	/* sockets, once they exist */
	"socketpair bind listen accept accept4 connect shutdown getsockname "
	"getpeername getsockopt setsockopt sendto sendmsg sendmmsg recvfrom "
	"recvmsg recvmmsg",
	/* System V and POSIX queues, semaphores and shared memory */
	"msgget msgsnd msgrcv msgctl semget semop semctl semtimedop shmget "
	"shmat shmdt shmctl mq_open mq_unlink mq_timedsend mq_timedreceive "
	"mq_notify mq_getsetattr",
	/* the system: what it is called, not what it does */
	"uname sysinfo getrandom",
	/* 32-bit x86 only: the same calls, wider.  sigreturn ends a signal's
	   handler, socketcall and ipc are all sockets' and all queues' calls
	   in one: which of them, and which kind of socket, is in memory */
	"chown32 fchown32 lchown32 stat64 lstat64 fstat64 fstatat64 statfs64 "
	"fstatfs64 truncate64 ftruncate64 fcntl64 _llseek _newselect "
	"fadvise64_64 sendfile64 mmap2 waitpid getuid32 geteuid32 getgid32 "
	"getegid32 getgroups32 getresuid32 getresgid32 setuid32 setgid32 "
	"setreuid32 setregid32 setresuid32 setresgid32 setgroups32 "
	"setfsuid32 setfsgid32 ugetrlimit sigreturn sigprocmask socketcall "
	"ipc",
	/* and those that know the time after 2038 */
	"clock_gettime64 clock_getres_time64 clock_nanosleep_time64 "
	"clock_adjtime64 utimensat_time64 pselect6_time64 ppoll_time64 "
	"io_pgetevents_time64 recvmmsg_time64 rt_sigtimedwait_time64 "
	"futex_time64 semtimedop_time64 mq_timedsend_time64 "
	"mq_timedreceive_time64 sched_rr_get_interval_time64 "
	"timer_settime64 timer_gettime64 timerfd_settime64 timerfd_gettime64",
};

/*
 * What a capability that the container keeps brings along.  Without it the
 * kernel would refuse these as well, but only after running code that may have
 * a fault: a filter comes before all of it.
 */
static const struct policy_capable {
	int capability;
	const char *calls;
} policy_capable[] = {
	{ CAP_SYS_ADMIN,
	  "bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick "
	  "lookup_dcookie lsm_get_self_attr lsm_list_modules "
	  "lsm_set_self_attr mount mount_setattr move_mount open_tree "
	  "perf_event_open quotactl quotactl_fd setdomainname sethostname "
	  "setns syslog umount umount2 unshare" },
	{ CAP_DAC_READ_SEARCH, "open_by_handle_at" },
	{ CAP_SYS_BOOT, "reboot" },
	{ CAP_SYS_CHROOT, "chroot" },
	{ CAP_SYS_MODULE, "init_module finit_module delete_module" },
	{ CAP_SYS_PACCT, "acct" },
	{ CAP_SYS_PTRACE, "kcmp pidfd_getfd process_madvise" },
	{ CAP_SYS_RAWIO, "iopl ioperm" },
	{ CAP_SYS_TIME, "settimeofday clock_settime clock_settime64 stime" },
	{ CAP_SYS_TTY_CONFIG, "vhangup" },
	{ CAP_SYS_NICE,
	  "get_mempolicy set_mempolicy set_mempolicy_home_node mbind" },
	{ CAP_SYSLOG, "syslog" },
	{ CAP_BPF, "bpf" },
	{ CAP_PERFMON, "perf_event_open" },
};

#define POLICY_INT UINT32_MAX /* all bits of the argument count */

/*
 * Where the first argument decides: (argument & mask) == value.  The first
 * line that matches counts.
 */
static const struct policy_special {
	const char *call;
	uint32_t action;
	uint32_t mask, value;
} policy_special[] = {
	/* A new process, but no new namespace. */
	{ "clone", SECCOMP_RET_ALLOW, POLICY_NAMESPACES, 0 },
	/* Its flags are in memory, out of a filter's sight.  As if the kernel
	   had no such call: then the C library falls back to clone. */
	{ "clone3", SECCOMP_RET_ERRNO | ENOSYS, 0, 0 },

	/* Not into the hypervisor, and not into rarely used protocols. */
	{ "socket", POLICY_OTHERWISE, POLICY_INT, AF_VSOCK },
	{ "socket", POLICY_OTHERWISE, POLICY_INT, AF_ALG },
	{ "socket", POLICY_OTHERWISE, POLICY_INT, AF_DECnet },
	{ "socket", POLICY_OTHERWISE, POLICY_INT, AF_IRDA },
	{ "socket", POLICY_OTHERWISE, POLICY_INT, AF_CAIF },
	{ "socket", SECCOMP_RET_ALLOW, 0, 0 },

	/* Whose programs to behave like: the harmless kinds, and 0xffffffff,
	   which only asks. */
	{ "personality", SECCOMP_RET_ALLOW, POLICY_INT, PER_LINUX },
	{ "personality", SECCOMP_RET_ALLOW, POLICY_INT, PER_LINUX32 },
	{ "personality", SECCOMP_RET_ALLOW, POLICY_INT, UNAME26 },
	{ "personality", SECCOMP_RET_ALLOW, POLICY_INT, PER_LINUX32 | UNAME26 },
	{ "personality", SECCOMP_RET_ALLOW, POLICY_INT, UINT32_MAX },
};

#define POLICY_COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Add one rule per name in `calls`, like `rule` but for the number. */
static size_t policy_add(struct seccomp_rule *rules, size_t count,
			 const char *calls, struct seccomp_rule rule)
{
	size_t length;

	for (; *calls; calls += length, calls += strspn(calls, " ")) {
		length = strcspn(calls, " ");
		int number = syscall_number(calls, length);

		if (number < 0 || count == POLICY_RULES_MAX)
			continue;
		rule.first = rule.last = (uint32_t)number;
		rules[count++] = rule;
	}
	return count;
}

/*
 * In three parts: what everybody may, what a capability brings, what depends
 * on an argument.  A call that is in none of them gets POLICY_OTHERWISE.  The
 * order counts where a call is in two: with CAP_SYS_ADMIN clone is allowed
 * before its flags would be looked at.
 */
size_t policy_default(uint64_t capabilities,
		      struct seccomp_rule rules[POLICY_RULES_MAX])
{
	const struct policy_capable *capable = policy_capable;
	const struct policy_special *special = policy_special;
	struct seccomp_rule rule = { .action = SECCOMP_RET_ALLOW };
	size_t count = 0;

	for (size_t i = 0; i < POLICY_COUNT(policy_calls); i++)
		count = policy_add(rules, count, policy_calls[i], rule);
	for (size_t i = 0; i < POLICY_COUNT(policy_capable); i++, capable++)
		if (capabilities & UINT64_C(1) << capable->capability)
			count = policy_add(rules, count, capable->calls, rule);
	for (size_t i = 0; i < POLICY_COUNT(policy_special); i++, special++) {
		rule.action = special->action;
		rule.mask = special->mask;
		rule.value = special->value;
		count = policy_add(rules, count, special->call, rule);
	}
	return count;
}

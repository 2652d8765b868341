/*
 * 09: a filter for system calls.
 *
 * A small program for the kernel, run at each call, written from its first
 * line to its last: whose numbers are these, what did the user say about this
 * number, is it on the list?  What is not, is denied.
 */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h> /* libseccomp: only for the names */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NATIVE seccomp_arch_native() /* AUDIT_ARCH_... of this program */

/* Docker's list, but for rare ones.  On some machines one does not exist. */
static char allowed[] =
	"accept accept4 access arch_prctl bind brk capset chdir chmod chown "
	"clock_getres clock_gettime clock_nanosleep close close_range connect "
	"copy_file_range creat dup dup2 dup3 epoll_create1 epoll_ctl "
	"epoll_pwait epoll_wait eventfd2 execve execveat exit exit_group "
	"faccessat faccessat2 fchdir fchmod fchmodat fchown fchownat fcntl "
	"fdatasync fgetxattr flock fork fsetxattr fstat fstatfs fsync "
	"ftruncate futex futimesat getcpu getcwd getdents getdents64 getegid "
	"geteuid getgid getgroups getpeername getpgid getpgrp getpid getppid "
	"getrandom getresgid getresuid getrlimit get_robust_list getrusage "
	"getsid getsockname getsockopt gettid gettimeofday getuid getxattr "
	"ioctl kill lchown lgetxattr link linkat listen lseek lstat madvise "
	"membarrier memfd_create mkdir mkdirat mmap mprotect mremap msync "
	"munmap nanosleep newfstatat open openat openat2 pause pidfd_open "
	"pidfd_send_signal pipe pipe2 poll ppoll prctl pread64 prlimit64 "
	"pselect6 pwrite64 read readlink readlinkat readv recvfrom recvmmsg "
	"recvmsg rename renameat renameat2 restart_syscall rmdir rseq "
	"rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend "
	"rt_sigtimedwait sched_getaffinity sched_setaffinity sched_yield "
	"seccomp select sendfile sendmmsg sendmsg sendto setgid setgroups "
	"setpgid setregid setresgid setresuid setreuid setrlimit "
	"set_robust_list setsid setsockopt set_tid_address setuid setxattr "
	"shutdown sigaltstack socket socketpair stat statfs statx symlink "
	"symlinkat sync sysinfo tgkill time tkill truncate umask uname unlink "
	"unlinkat utimensat vfork wait4 waitid write writev "
	/* 32-bit x86 only */
	"chown32 clock_gettime64 clock_nanosleep_time64 fchown32 fcntl64 "
	"fstat64 fstatat64 fstatfs64 ftruncate64 futex_time64 getegid32 "
	"geteuid32 getgid32 getgroups32 getresgid32 getresuid32 getuid32 "
	"_llseek lstat64 mmap2 _newselect ppoll_time64 pselect6_time64 "
	"rt_sigtimedwait_time64 sendfile64 setgid32 setgroups32 setresgid32 "
	"setresuid32 set_thread_area setuid32 sigprocmask sigreturn "
	"socketcall stat64 statfs64 truncate64 ugetrlimit utimensat_time64";

static struct sock_filter filter[BPF_MAXINSNS];
static unsigned short length;

static void add(unsigned int code, uint32_t k, uint8_t yes, uint8_t no)
{
	filter[length++] = (struct sock_filter)BPF_JUMP(code, k, yes, no);
}

static void load(size_t offset)
{
	add(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* Compared with k: if it holds, this is the answer; if not, go on. */
static void answer(unsigned int comparison, uint32_t k, uint32_t action)
{
	add(BPF_JMP | BPF_K | comparison, k, 0, 1);
	add(BPF_RET, action, 0, 0);
}

#define DENY (SECCOMP_RET_ERRNO | EPERM)
#define NAMESPACES                                                     \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | \
	 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/*
 * Of another kind of processor the same numbers mean other calls, and x32
 * has a bit set in each.  KILL_PROCESS: the other kill takes one thread.
 */
static void begin(void)
{
	load(offsetof(struct seccomp_data, arch));
	add(BPF_JMP | BPF_JEQ | BPF_K, NATIVE, 1, 0);
	add(BPF_RET, SECCOMP_RET_KILL_PROCESS, 0, 0);
	load(offsetof(struct seccomp_data, nr));
	if (NATIVE == AUDIT_ARCH_X86_64)
		answer(BPF_JGE, 0x40000000, SECCOMP_RET_KILL_PROCESS);
}

/*
 * clone(2) makes threads, too: it depends on the flags.  Those of clone3(2)
 * are in memory, where a filter cannot look; told that there is no such call,
 * the C library takes the older one.
 */
static void finish(void)
{
	for (char *name = strtok(allowed, " "); name; name = strtok(NULL, " "))
		if (seccomp_syscall_resolve_name(name) >= 0)
			answer(BPF_JEQ,
			       (uint32_t)seccomp_syscall_resolve_name(name),
			       SECCOMP_RET_ALLOW);
	answer(BPF_JEQ, SYS_clone3, SECCOMP_RET_ERRNO | ENOSYS);
	add(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3);
	load(offsetof(struct seccomp_data, args[0]));
	add(BPF_JMP | BPF_JSET | BPF_K, NAMESPACES, 1, 0);
	add(BPF_RET, SECCOMP_RET_ALLOW, 0, 0);
	add(BPF_RET, DENY, 0, 0);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "deny", required_argument, NULL, 'd' },
		{ "kill", required_argument, NULL, 'k' },
		{ 0 },
	};
	struct sock_fprog program = { .filter = filter };
	int option, number;

	begin();
	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		number = option == '?' ? -1
				       : seccomp_syscall_resolve_name(optarg);
		if (number < 0)
			return 2;
		answer(BPF_JEQ, (uint32_t)number,
		       option == 'd' ? DENY : SECCOMP_RET_KILL_PROCESS);
	}
	if (optind >= argc)
		return 2;
	finish();
	program.len = length;
	/* The last step: the filter takes away what the others need. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
		err(125, "load the filter");
	execvp(argv[optind], argv + optind);
	err(errno == ENOENT ? 127 : 126, "%s", argv[optind]);
}

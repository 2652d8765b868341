#include "tests/runner/deny.h"

#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Answer one system call in this way; returns a descriptor if asked for. */
static int deny_load(const struct manner *manner, unsigned int answer,
		     unsigned int flags)
{
	const unsigned int *pair = manner->denied_pair;
	unsigned char any = !pair[0] && !pair[1];
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
			 (unsigned int)manner->denied_call, 0, 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, pair[0], 0, any ? 2 : 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args[1])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, pair[1], 0, any ? 0 : 1),
		BPF_STMT(BPF_RET | BPF_K, answer),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 8, filter };

	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags,
			    &program);
}

/* The flags are the first argument, but clone3 keeps them in a struct. */
static unsigned long long deny_flags_of(const struct seccomp_notif *call)
{
	unsigned long long flags = 0;
	struct iovec here = { &flags, sizeof(flags) };
	struct iovec there = { (void *)(size_t)call->data.args[0],
			       sizeof(flags) };

	if (call->data.nr != SYS_clone3)
		return call->data.args[0];
	process_vm_readv((pid_t)call->pid, &here, 1, &there, 1, 0);
	return flags;
}

/* Answer calls until nobody is left who could make one. */
static _Noreturn void deny_answer(int listener, const struct manner *manner)
{
	struct pollfd wait = { .fd = listener, .events = POLLIN };
	struct seccomp_notif_resp answer;
	struct seccomp_notif call;

	while (poll(&wait, 1, -1) == 1 && wait.revents & POLLIN) {
		memset(&call, 0, sizeof(call));
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0)
			continue;
		memset(&answer, 0, sizeof(answer));
		answer.id = call.id;
		if (deny_flags_of(&call) & manner->denied_flags)
			answer.error = -manner->denied_error;
		else
			answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
	_exit(0);
}

/* Send the listener, or receive it: see cmsg(3). */
static void deny_pass(int socket, int *listener, bool send)
{
	char byte = 0;
	_Alignas(struct cmsghdr) char space[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = space,
				  .msg_controllen = sizeof(space) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	if (!send) {
		if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) == 1)
			memcpy(listener, CMSG_DATA(header), sizeof(int));
		return;
	}
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), listener, sizeof(int));
	if (sendmsg(socket, &message, 0) != 1)
		_exit(99);
}

/*
 * The one who answers must not be a child of the program, which may wait for
 * its children: hence two forks.
 */
static void deny_some(const struct manner *manner)
{
	int ends[2], listener = -1;
	pid_t between;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		_exit(99);
	between = fork();
	if (between == 0) {
		if (fork() != 0)
			_exit(0);
		for (int fd = 0; fd < 256; fd++)
			if (fd != ends[0])
				close(fd);
		deny_pass(ends[0], &listener, false);
		deny_answer(listener, manner);
	}
	waitpid(between, NULL, 0);
	listener = deny_load(manner, SECCOMP_RET_USER_NOTIF,
			     SECCOMP_FILTER_FLAG_NEW_LISTENER);
	if (listener < 0)
		_exit(99);
	deny_pass(ends[1], &listener, true);
}

void deny_call(const struct manner *manner)
{
	if (manner->denied_flags)
		deny_some(manner);
	else if (deny_load(manner,
			   SECCOMP_RET_ERRNO |
				   (unsigned int)manner->denied_error,
			   0) < 0)
		_exit(99);
}

/*
 * On 32-bit x86 many socket calls are one: socketcall(2), with the real one as
 * its first argument.  So are those of System V: ipc(2).  Since Linux 4.3 (and
 * 5.1) each has a number of its own, too, and a program may use either way: a
 * rule has to cover both. libseccomp marks such calls by negative numbers.
 */
#include "10-full-container/process/filter_build.h"

#include <seccomp.h>
#include <stddef.h>

#include "habits/count.h"

#define X86_SOCKETCALL 102
#define X86_IPC        117

/* libseccomp's own numbers: -100 minus the part, and -200 minus the part. */
#define SOCKET_BASE (-100)
#define IPC_BASE    (-200)

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

int filter_split(int resolved, struct filter_shared *shared)
{
	size_t count = COUNT(split_calls);

	if (resolved < SOCKET_BASE && resolved >= SOCKET_BASE - 20)
		*shared = (struct filter_shared){
			X86_SOCKETCALL, (uint64_t)(SOCKET_BASE - resolved)
		};
	else if (resolved < IPC_BASE && resolved >= IPC_BASE - 24)
		*shared = (struct filter_shared){
			X86_IPC, (uint64_t)(IPC_BASE - resolved)
		};
	for (size_t i = 0; i < count; i++)
		if (split_calls[i].pseudo == resolved)
			return split_calls[i].number;
	return resolved;
}

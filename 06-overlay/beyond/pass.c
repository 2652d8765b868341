/* cmsg(3) describes how such a message is written and read. */
#include "06-overlay/beyond/pass.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* Room for the descriptors, aligned as the header is. */
union pass_room {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(PASS_MAX * sizeof(int))];
};

/* MSG_NOSIGNAL: the other side may be dead, and SIGPIPE would be our end. */
int pass_send(int socket, const void *data, size_t size, const int *fds,
	      int count)
{
	const size_t length = (size_t)count * sizeof(*fds);
	union pass_room room = { 0 };
	struct iovec part = { (void *)data, size };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &room,
				  .msg_controllen = CMSG_SPACE(length) };

	room.header.cmsg_level = SOL_SOCKET;
	room.header.cmsg_type = SCM_RIGHTS;
	room.header.cmsg_len = CMSG_LEN(length);
	memcpy(CMSG_DATA(&room.header), fds, length);
	return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

ssize_t pass_receive(int socket, void *data, size_t size, int *fds, int count,
		     int flags)
{
	const size_t space = CMSG_SPACE((size_t)count * sizeof(*fds));
	union pass_room room = { 0 };
	struct iovec part = { data, size };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &room,
				  .msg_controllen = space };
	ssize_t length;

	memset(fds, -1, (size_t)count * sizeof(*fds));
	do
		length = recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC);
	while (length < 0 && errno == EINTR);
	if (length > 0 && message.msg_flags & MSG_CTRUNC) {
		errno = EMFILE; /* the kernel drops it, and says no more */
		return -1;
	}
	if (length > 0 && CMSG_FIRSTHDR(&message) &&
	    room.header.cmsg_type == SCM_RIGHTS)
		memcpy(fds, CMSG_DATA(&room.header),
		       room.header.cmsg_len - CMSG_LEN(0));
	return length;
}

/*
 * Descriptors that go from the child to the parent.
 *
 * A message on a Unix socket can carry descriptors beside its bytes (unix(7),
 * SCM_RIGHTS): the receiver gets new ones for the same open files, even when
 * the sender has ended before it looks.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "habits/error.h"
#include "06-overlay/beyond/internal.h"

#define HANDED 3

/* Room for the control message, aligned as one. */
union handed_room {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(HANDED * sizeof(int))];
};

/*
 * In the child.  The struct goes as bytes, the three descriptors beside it:
 * their numbers mean nothing to the parent, which gets new ones.
 */
int overlay_hand_over(int socket, const struct overlay_handed *handed)
{
	const int fds[HANDED] = { handed->upper, handed->below,
				  handed->userns };
	struct overlay_handed copy = *handed; /* all but the descriptors */
	union handed_room room = { 0 };
	struct iovec data = { &copy, sizeof(copy) };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = &room,
				  .msg_controllen = sizeof(room) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(header), fds, sizeof(fds));
	if (sendmsg(socket, &message, MSG_NOSIGNAL) < 0)
		return error_call(NULL, "hand the upper directory over");
	return 0;
}

/*
 * In the parent, after the child's end: what was sent waits in the socket.  So
 * it does not block (MSG_DONTWAIT): if nothing is there, nothing will come,
 * and the answer is 0 instead of 1.
 */
int overlay_take_over(int socket, struct overlay_handed *handed)
{
	union handed_room room = { 0 };
	struct iovec data = { handed, sizeof(*handed) };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = &room,
				  .msg_controllen = sizeof(room) };
	struct cmsghdr *header;
	int fds[HANDED];
	ssize_t length;

	do
		length = recvmsg(socket, &message,
				 MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (length < 0 && errno == EINTR);
	if (length == 0 || (length < 0 && errno == EAGAIN))
		return 0;
	header = length < 0 ? NULL : CMSG_FIRSTHDR(&message);
	if (length > 0 &&
	    (!header || header->cmsg_len != CMSG_LEN(sizeof(fds)))) {
		errno = EMFILE; /* the kernel drops what has no room */
		length = -1;
	}
	if (length < 0)
		return error_call(NULL, "take the upper directory over");
	memcpy(fds, CMSG_DATA(header), sizeof(fds));
	handed->upper = fds[0];
	handed->below = fds[1];
	handed->userns = fds[2];
	return 1;
}

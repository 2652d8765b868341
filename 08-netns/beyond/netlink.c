/*
 * Putting a message together, and reading the answer.
 *
 * Lengths are everything: of the message, of each attribute, of each nest.
 * They are filled in when the end is known.  A message that grew too long is
 * noticed when it is sent, so that the callers need no check after every
 * attribute.
 */
#include "08-netns/beyond/netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "habits/error.h"

static const struct hint netlink_hints[] = {
	{ EAFNOSUPPORT, "this kernel has no netlink" },
	{ 0, NULL },
};

/*
 * Address 0 of a netlink socket is the kernel.  The socket acts on the
 * network namespace that it was made in, wherever its owner goes later.
 */
int netlink_open(void)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int on = 1;

	if (fd < 0)
		return error_call(netlink_hints, "open a netlink socket");
	/* Answers with a sentence, and without a copy of our message. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	if (connect(fd, (struct sockaddr *)&kernel, sizeof(kernel)) == 0)
		return fd;
	error_call(NULL, "connect a netlink socket to the kernel");
	close(fd);
	return -1;
}

/* Where the next part goes; NULL, and the message is spoilt, if it is full. */
static void *netlink_grow(struct netlink_message *message, size_t size)
{
	size_t start = NLMSG_ALIGN(message->header.nlmsg_len);

	if (start + size > NETLINK_ROOM) {
		message->header.nlmsg_len = NETLINK_ROOM + 1;
		return NULL;
	}
	message->header.nlmsg_len = (uint32_t)(start + size);
	return message->bytes + start;
}

/* Each type of message has its own struct here: see rtnetlink(7). */
void netlink_add_body(struct netlink_message *message, const void *body,
		      size_t size)
{
	void *place = netlink_grow(message, size);

	if (place)
		memcpy(place, body, size);
}

/*
 * NLM_F_REQUEST: this is a question; the kernel sends the same structs as
 * answers.
 */
void netlink_begin(struct netlink_message *message, uint16_t type,
		   uint16_t flags, const void *body, size_t size)
{
	*message = (struct netlink_message){ 0 };
	message->header.nlmsg_len = NLMSG_HDRLEN;
	message->header.nlmsg_type = type;
	message->header.nlmsg_flags = NLM_F_REQUEST | flags;
	netlink_add_body(message, body, size);
}

void netlink_add(struct netlink_message *message, uint16_t type,
		 const void *value, size_t size)
{
	struct rtattr *attribute = netlink_grow(message, RTA_LENGTH(size));

	if (!attribute)
		return;
	attribute->rta_type = type;
	attribute->rta_len = (uint16_t)RTA_LENGTH(size);
	if (size > 0)
		memcpy(RTA_DATA(attribute), value, size);
}

void netlink_add_text(struct netlink_message *message, uint16_t type,
		      const char *text)
{
	netlink_add(message, type, text, strlen(text) + 1);
}

void netlink_add_number(struct netlink_message *message, uint16_t type,
			uint32_t number)
{
	netlink_add(message, type, &number, sizeof(number));
}

/*
 * A hardware address that follows from the IP address.  With a random one,
 * whoever talked to the last owner of the address would for a while still
 * send to that one's hardware.  02 says that no manufacturer gave it.
 */
void netlink_add_hardware(struct netlink_message *message, uint32_t address)
{
	uint8_t hardware[6] = { 0x02, 0x74 };
	uint32_t bytes = htonl(address);

	memcpy(hardware + 2, &bytes, sizeof(bytes));
	netlink_add(message, IFLA_ADDRESS, hardware, sizeof(hardware));
}

/* An attribute with no value yet; the length is put right at the end. */
struct rtattr *netlink_open_nest(struct netlink_message *message, uint16_t type)
{
	size_t start = NLMSG_ALIGN(message->header.nlmsg_len);

	netlink_add(message, type, NULL, 0);
	if (message->header.nlmsg_len > NETLINK_ROOM)
		return NULL;
	return (struct rtattr *)(void *)(message->bytes + start);
}

void netlink_close_nest(struct netlink_message *message, struct rtattr *nest)
{
	const char *end = message->bytes + message->header.nlmsg_len;

	if (nest)
		nest->rta_len = (uint16_t)(end - (char *)nest);
}

/* The number is repeated in each part of the answer. */
static int netlink_send(int netlink, struct netlink_message *message)
{
	static uint32_t sequence;

	if (message->header.nlmsg_len > NETLINK_ROOM) {
		errno = EMSGSIZE;
		return -1;
	}
	message->header.nlmsg_seq = ++sequence;
	return send(netlink, message->bytes, message->header.nlmsg_len, 0) < 0
		       ? -1
		       : 0;
}

/* The sentence is an attribute after the errno: see NETLINK_EXT_ACK. */
static void netlink_read_reason(const struct nlmsghdr *answer,
				struct netlink_message *message)
{
	struct nlmsgerr *error = NLMSG_DATA(answer);
	size_t skip = NLMSG_ALIGN(sizeof(*error));
	struct rtattr *attribute;
	size_t left;

	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(answer->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(error->msg.nlmsg_len) - NLMSG_HDRLEN;
	if (NLMSG_LENGTH(skip) > answer->nlmsg_len)
		return;
	left = answer->nlmsg_len - NLMSG_LENGTH(skip);
	attribute = (struct rtattr *)(void *)((char *)error + skip);
	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
		if (attribute->rta_type == NLMSGERR_ATTR_MSG)
			snprintf(message->reason, sizeof(message->reason),
				 ": %.*s", (int)RTA_PAYLOAD(attribute),
				 (char *)RTA_DATA(attribute));
}

/* The last part of an answer: 0 is success, or it is a negated errno. */
static int netlink_finish(const struct nlmsghdr *answer,
			  struct netlink_message *message)
{
	const int *error = NLMSG_DATA(answer);

	if (*error == 0)
		return 0;
	if (answer->nlmsg_type == NLMSG_ERROR)
		netlink_read_reason(answer, message);
	errno = -*error;
	return -1;
}

/* A question is answered by an errno, a list ends with DONE. */
static bool netlink_is_last(const struct nlmsghdr *answer)
{
	return answer->nlmsg_type == NLMSG_ERROR ||
	       answer->nlmsg_type == NLMSG_DONE;
}

/*
 * A list comes in many parts, several of them in each recv(2): so there is a
 * loop over what was received within the one that receives.
 */
int netlink_list(int netlink, struct netlink_message *message,
		 netlink_visit *each, void *data)
{
	char room[32768] __attribute__((aligned(NLMSG_ALIGNTO)));

	if (netlink_send(netlink, message) < 0)
		return -1;
	for (;;) {
		struct nlmsghdr *answer = (struct nlmsghdr *)(void *)room;
		ssize_t length = recv(netlink, room, sizeof(room), 0);
		size_t left = (size_t)length;

		if (length < 0)
			return -1;
		for (; NLMSG_OK(answer, left);
		     answer = NLMSG_NEXT(answer, left)) {
			if (answer->nlmsg_seq != message->header.nlmsg_seq)
				continue; /* for an earlier question */
			if (netlink_is_last(answer))
				return netlink_finish(answer, message);
			if (each)
				each(answer, data);
		}
	}
}

int netlink_call(int netlink, struct netlink_message *message)
{
	message->header.nlmsg_flags |= NLM_F_ACK;
	return netlink_list(netlink, message, NULL, NULL);
}

#include "tests/runner/network.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/runner/status.h"

#define PATIENCE 3 /* seconds, where a packet that is lost is the answer */
#define ATTEMPTS 3 /* nobody but the sender repeats what UDP loses */

struct running internet_start(void)
{
	static const struct manner unshare = { .program = "unshare" };
	struct running internet =
		start(&unshare, WORDS("-n", "sh", "-c", "echo $$; read x"));
	char *pid = next_line(&internet);

	shell("ip link add up0 type veth peer name eth0 netns %s\n"
	      "ip address add 192.0.2.1/24 dev up0\n"
	      "ip link set up0 up\n"
	      "nsenter -n -t %s sh -c '"
	      "ip address add 192.0.2.9/24 dev eth0; ip link set eth0 up;"
	      "ip link set lo up; ip route add default via 192.0.2.1'\n",
	      pid, pid);
	return internet;
}

void internet_stop(struct running *internet)
{
	shell("ip link delete up0");
	finish(internet);
}

pid_t process_in(const struct running *container)
{
	return (pid_t)innermost(container);
}

char *gateway_of(const struct running *container)
{
	return shell("nsenter -n -t %d ip route | "
		     "sed -n 's/^default via \\([^ ]*\\).*/\\1/p'",
		     (int)process_in(container));
}

static int socket_in(pid_t network, bool is_udp)
{
	struct timeval patience = { .tv_sec = PATIENCE };
	int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int there = here, fd;

	if (network > 0)
		there = open(text("/proc/%d/ns/net", (int)network),
			     O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(here, 0);
	ck_assert_int_eq(setns(there, CLONE_NEWNET), 0);
	fd = socket(AF_INET, (is_udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC,
		    0);
	ck_assert_int_eq(setns(here, CLONE_NEWNET), 0);
	ck_assert_int_ge(fd, 0);
	close(here);
	if (there != here)
		close(there);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

static struct sockaddr_in socket_address(const char *address, int port)
{
	struct sockaddr_in result = { .sin_family = AF_INET,
				      .sin_port = htons((uint16_t)port) };

	ck_assert_msg(address[0], "the container has no address");
	ck_assert_msg(inet_pton(AF_INET, address, &result.sin_addr) == 1,
		      "this is no address: %s", address);
	return result;
}

int serve(pid_t network, const char *address, int port, bool is_udp)
{
	struct sockaddr_in here = socket_address(address, port);
	int fd = socket_in(network, is_udp), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&here, sizeof(here)), 0);
	if (!is_udp)
		ck_assert_int_eq(listen(fd, 8), 0);
	return fd;
}

int visit(pid_t network, const char *address, int port, bool is_udp)
{
	struct sockaddr_in there = socket_address(address, port);
	int fd = socket_in(network, is_udp);

	if (connect(fd, (struct sockaddr *)&there, sizeof(there)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Take what arrived and answer.  Returns false if nothing did. */
static bool answer(int server, bool is_udp, struct sockaddr_in *from)
{
	socklen_t size = sizeof(*from);
	char question[16];
	bool is_right;
	int fd;

	if (is_udp)
		return recvfrom(server, question, sizeof(question), 0,
				(struct sockaddr *)from, &size) == 4 &&
		       sendto(server, "pong", 4, 0, (struct sockaddr *)from,
			      size) == 4;
	fd = accept(server, (struct sockaddr *)from, &size);
	if (fd < 0)
		return false;
	is_right = recv(fd, question, sizeof(question), 0) == 4 &&
		   send(fd, "pong", 4, 0) == 4;
	close(fd);
	return is_right;
}

char *visitor_at(int server, pid_t network, const char *address, int port,
		 bool is_udp)
{
	int visitor = visit(network, address, port, is_udp);
	struct sockaddr_in from = { 0 };
	char *result = text("%s", "");
	char reply[16];

	for (int i = 0; visitor >= 0 && !result[0] && i < ATTEMPTS; i++)
		if (send(visitor, "ping", 4, MSG_NOSIGNAL) == 4 &&
		    answer(server, is_udp, &from) &&
		    recv(visitor, reply, sizeof(reply), 0) == 4)
			result = text("%s", inet_ntoa(from.sin_addr));
	if (visitor >= 0)
		close(visitor);
	return result;
}

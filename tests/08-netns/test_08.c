/* Stage 08: a network of its own. */
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/judged.h"
#include "tests/runner/network.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "08-netns";

#define ROOT    MAYBE, "--rootfs", rootfs(), SAME
#define NONE    NEW, "--net", "none", SAME
#define BRIDGE  NEW, "--net", "bridge", SAME
#define WAITING "sh", "-c", "echo ready; read x"

START_TEST(the_network_namespace_is_a_new_one)
{
	struct result *r = RUN(NONE, "readlink", "/proc/self/ns/net");

	has_run(r, "net:[");
	isolated(strcmp(chomp(r->out), link_text("/proc/self/ns/net")) != 0,
		 "it is the host's, %s", r->out);
}
END_TEST

START_TEST(there_is_just_a_lo_and_it_is_up)
{
	struct result *r;

	shell("ip link add up0 type veth peer name up1");
	r = RUN(ROOT, NONE, "ip", "-o", "link");
	shell("ip link delete up0");
	isolated(!has(r->out, "up0"), "the host's links: %s", r->out);
	ck_assert_msg(has(r->out, "<LOOPBACK,UP"), "lo is down: %s", r->out);
}
END_TEST

START_TEST(sys_shows_the_links_of_the_container)
{
	struct result *r;

	shell("ip link add up0 type veth peer name up1");
	r = RUN(ROOT, NONE, "ls", "/sys/class/net");
	shell("ip link delete up0");
	isolated(strcmp(r->out, "lo\n") == 0, "they are %s", r->out);
}
END_TEST

START_TEST(the_hosts_links_cannot_be_changed)
{
	struct result *r =
		RUN(ROOT, MAYBE, "--cap-add", "NET_ADMIN", SAME, NONE, "sh",
		    "-c", "ip link set lo down; echo tried");

	has_run(r, "tried\n");
	isolated(has(shell("ip -o link show lo"), "LOWER_UP"),
		 "the host's lo is down");
}
END_TEST

/* An abstract name is in no directory: only the network tells them apart. */
START_TEST(abstract_sockets_of_the_host_are_out_of_reach)
{
	struct sockaddr_un name = { AF_UNIX, "\0shim-of-an-engine" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct result *r;

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	r = RUN(NONE, "cat", "/proc/net/unix");
	close(fd);
	has_run(r, "RefCount");
	isolated(!has(r->out, "shim-of-an-engine"), "it is there inside");
	ck_assert_int_eq(r->status, 0);
}
END_TEST

START_TEST(servers_on_the_hosts_127_0_0_1_are_out_of_reach)
{
	struct running r;
	int server, fd;

	server = serve(0, "127.0.0.1", 7777, false);
	r = start(NULL, WORDS(BRIDGE, WAITING));
	expect(&r, "ready");
	fd = visit(process_in(&r), "127.0.0.1", 7777, false);
	finish(&r);
	close(server);
	isolated(fd < 0, "it can be reached");
}
END_TEST

/* Any address, and any name of the link. */
START_TEST(with_a_bridge_there_is_an_address)
{
	struct result *r = RUN(ROOT, BRIDGE, "ip", "-o", "-4", "address");

	isolated(has(r->out, "inet ") && has(r->out, "scope global"),
		 "there is only %s", r->out);
	if (own_program())
		ck_assert_msg(has(r->out, "eth0    inet 10.88.77.2/24"), "%s",
			      r->out);
}
END_TEST

START_TEST(there_is_a_way_out)
{
	struct result *r = RUN(ROOT, BRIDGE, "ip", "route");

	isolated(has(r->out, "default via "), "the routes are: %s", r->out);
	if (own_program())
		ck_assert(has(r->out, "default via 10.88.77.1 dev eth0"));
}
END_TEST

START_TEST(the_host_answers_on_the_bridge)
{
	struct running r = start(NULL, WORDS(BRIDGE, WAITING));
	int server = serve(0, "0.0.0.0", 7777, false), fd = -1;
	char *gateway;

	expect(&r, "ready");
	gateway = gateway_of(&r);
	if (gateway[0])
		fd = visit(process_in(&r), gateway, 7777, false);
	finish(&r);
	close(server);
	isolated(fd >= 0, "it does not: the way out is by \"%s\"", gateway);
}
END_TEST

START_TEST(the_cable_leads_to_the_bridge)
{
	struct running r;
	char *cable;

	if (judged())
		not_judged("its bridge may have any name");
	r = start(NULL, WORDS(BRIDGE, WAITING));
	expect(&r, "ready");
	cable = shell("ip -o link show master ten-steps0");
	finish(&r);
	isolated(has(cable, "ts2@"), "on the bridge is: %s", cable);
}
END_TEST

static void published(const char *option, const char *address, bool is_udp,
		      bool from_outside)
{
	struct running internet = internet_start(), r;
	pid_t visitor = from_outside ? internet.pid : 0;
	char *seen;
	int server;

	r = start(NULL, WORDS(NEW, "--publish", option, SAME, WAITING));
	expect(&r, "ready");
	server = serve(process_in(&r), "0.0.0.0", 80, is_udp);
	seen = visitor_at(server, visitor, address, 8080, is_udp);
	finish(&r);
	internet_stop(&internet);
	close(server);
	isolated(seen[0], "nothing arrived or came back");
}

START_TEST(a_published_port_is_reached_from_the_host)
{
	published("8080:80", "192.0.2.1", false, false);
}
END_TEST

START_TEST(a_published_port_is_reached_on_127_0_0_1)
{
	published("8080:80", "127.0.0.1", false, false);
}
END_TEST

START_TEST(a_published_port_is_reached_from_outside)
{
	published("8080:80/tcp", "192.0.2.1", false, true);
}
END_TEST

START_TEST(a_published_udp_port_is_reached_from_the_host)
{
	published("8080:80/udp", "127.0.0.1", true, false);
}
END_TEST

START_TEST(a_published_udp_port_is_reached_from_outside)
{
	published("8080:80/udp", "192.0.2.1", true, true);
}
END_TEST

/* systemd-resolved's own server is the host's; what it asks is reachable. */
START_TEST(names_are_asked_of_a_server_that_can_be_reached)
{
	struct result *r;

	shell("mkdir -p /run/systemd/resolve\n"
	      "echo 'nameserver 192.0.2.53' > "
	      "/run/systemd/resolve/resolv.conf\n"
	      "echo 'nameserver 127.0.0.53' > /run/stub\n"
	      "mount --bind /run/stub /etc/resolv.conf");
	r = RUN(BRIDGE, "cat", "/etc/resolv.conf");
	shell("umount /etc/resolv.conf; rm -r /run/systemd /run/stub");
	isolated(strcmp(r->out, "nameserver 192.0.2.53\n") == 0,
		 "resolv.conf is %s", r->out);
}
END_TEST

START_TEST(what_it_writes_in_resolv_conf_stays_inside)
{
	char *before;

	shell("echo 'nameserver 192.0.2.53' > /run/stub\n"
	      "mount --bind /run/stub /etc/resolv.conf");
	before = shell("cat /etc/resolv.conf");
	RUN(BRIDGE, "sh", "-c", "echo changed > /etc/resolv.conf");
	shell("umount /etc/resolv.conf");
	isolated(strcmp(shell("cat /run/stub"), before) == 0,
		 "the host's is now %s", shell("cat /run/stub"));
	unlink("/run/stub");
}
END_TEST

/* As in images of systemd: the link's end is made when it runs. */
START_TEST(a_resolv_conf_that_is_a_link_to_nothing_is_filled)
{
	struct result *r;

	shell("mkdir -p /run/top/etc\n"
	      "ln -s ../run/systemd/stub.conf /run/top/etc/resolv.conf\n"
	      "echo 'nameserver 192.0.2.53' > /run/stub\n"
	      "mount --bind /run/stub /etc/resolv.conf");
	r = RUN("--layer", rootfs(), "--layer", "/run/top", BRIDGE, "cat",
		"/etc/resolv.conf");
	shell("umount /etc/resolv.conf; rm -r /run/top /run/stub");
	ck_assert_msg(strcmp(r->out, "nameserver 192.0.2.53\n") == 0, "%s%s",
		      r->out, r->err);
}
END_TEST

const struct test tests[] = {
	{ "core isolation", &the_network_namespace_is_a_new_one },
	{ "core isolation", &there_is_just_a_lo_and_it_is_up },
	{ "core isolation", &sys_shows_the_links_of_the_container },
	{ "core isolation", &the_hosts_links_cannot_be_changed },
	{ "core isolation", &abstract_sockets_of_the_host_are_out_of_reach },
	{ "core isolation", &servers_on_the_hosts_127_0_0_1_are_out_of_reach },
	{ "core isolation", &with_a_bridge_there_is_an_address },
	{ "core isolation", &there_is_a_way_out },
	{ "core isolation", &the_host_answers_on_the_bridge },
	{ "isolation", &the_cable_leads_to_the_bridge },
	{ "isolation", &a_published_port_is_reached_from_the_host },
	{ "isolation", &a_published_port_is_reached_on_127_0_0_1 },
	{ "isolation", &a_published_port_is_reached_from_outside },
	{ "isolation", &a_published_udp_port_is_reached_from_the_host },
	{ "isolation", &a_published_udp_port_is_reached_from_outside },
	{ "isolation", &names_are_asked_of_a_server_that_can_be_reached },
	{ "isolation", &what_it_writes_in_resolv_conf_stays_inside },
	{ "safety", &a_resolv_conf_that_is_a_link_to_nothing_is_filled },
	{ 0 },
};

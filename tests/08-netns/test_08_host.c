/* Stage 08, what it does to the host: several containers, ends, and errors. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/judged.h"
#include "tests/runner/network.h"
#include "tests/runner/runner.h"

const char stage_name[] = "08-netns";

#define ROOT       MAYBE, "--rootfs", rootfs(), SAME
#define BRIDGE     "--net", "bridge"
#define WAITING    "sh", "-c", "echo ready; read x"
#define IP_FORWARD "/proc/sys/net/ipv4/ip_forward"

/* A container that waits; finish() ends it. */
static struct running start_waiting(const char *option, const char *value)
{
	struct running r = start(NULL, WORDS(ROOT, option, value, WAITING));

	expect(&r, "ready");
	return r;
}

/* As a machine does that loses its patience: it cannot tidy up. */
static void kill_hard(struct running *r)
{
	kill(r->pid, SIGKILL);
	finish(r);
}

static const char *ping(const char *address)
{
	struct result *r = RUN(ROOT, BRIDGE, "ping", "-c1", "-w3", address);

	return r->status == 0 ? "" : text("%s%s", r->out, r->err);
}

START_TEST(an_address_is_used_again)
{
	struct running r = start_waiting("--net", "bridge");
	struct running second = start_waiting("--net", "bridge");
	struct result *third;

	finish(&r);
	third = RUN(ROOT, BRIDGE, "ip", "-o", "-4", "address");
	ck_assert_msg(has(third->out, "10.88.77.2/24"), "%s", third->out);
	ck_assert_str_eq(ping("10.88.77.3"), "");
	finish(&second);
}
END_TEST

/* By the host's address; its packets turn round on the bridge. */
START_TEST(a_container_uses_another_ones_published_port)
{
	struct running internet = internet_start();
	struct running r = start_waiting("--publish", "8080:80");
	struct running second = start_waiting("--net", "bridge");
	int server = serve(process_in(&r), "0.0.0.0", 80, false);
	char *from = visitor_at(server, process_in(&second), "192.0.2.1", 8080,
				false);
	char *from_itself =
		visitor_at(server, process_in(&r), "192.0.2.1", 8080, false);

	finish(&second);
	finish(&r);
	internet_stop(&internet);
	close(server);
	ck_assert_str_eq(from, "10.88.77.1");
	ck_assert_str_eq(from_itself, "10.88.77.1");
}
END_TEST

START_TEST(only_published_ports_lead_inside)
{
	struct running internet = internet_start();
	struct running r = start_waiting("--publish", "8080:80");
	int server = serve(process_in(&r), "0.0.0.0", 81, false);
	int fd = visit(internet.pid, "10.88.77.2", 81, false);

	finish(&r);
	internet_stop(&internet);
	close(server);
	ck_assert_int_lt(fd, 0);
}
END_TEST

/* A published port needs a switch that would open the host's 127.0.0.1. */
START_TEST(servers_on_127_0_0_1_stay_the_hosts)
{
	struct running r = start_waiting("--publish", "8080:80");
	int server = serve(0, "127.0.0.1", 7777, false), fd;

	shell("nsenter -n -t %d sh -c 'ip address delete 127.0.0.1/8 dev lo;"
	      "ip route add 127.0.0.0/8 via 10.88.77.1;"
	      "echo 1 > /proc/sys/net/ipv4/conf/eth0/route_localnet'",
	      (int)process_in(&r));
	fd = visit(process_in(&r), "127.0.0.1", 7777, false);
	finish(&r);
	close(server);
	ck_assert_int_lt(fd, 0);
}
END_TEST

START_TEST(forwarding_is_put_back_by_the_last_one)
{
	struct running r = start_waiting("--net", "bridge");

	RUN(BRIDGE, "true");
	ck_assert_str_eq(file_text(IP_FORWARD), "1\n");
	finish(&r);
	ck_assert_str_eq(file_text(IP_FORWARD), "0\n");
}
END_TEST

START_TEST(forwarding_that_was_on_stays_on)
{
	shell("echo 1 > " IP_FORWARD);
	RUN(BRIDGE, "true");
	ck_assert_str_eq(file_text(IP_FORWARD), "1\n");
	shell("echo 0 > " IP_FORWARD);
}
END_TEST

/* The kernel turns it on when forwarding goes off. */
START_TEST(advice_of_routers_stays_refused)
{
	shell("echo 0 > /proc/sys/net/ipv4/conf/all/accept_redirects");
	RUN(BRIDGE, "true");
	ck_assert_str_eq(
		file_text("/proc/sys/net/ipv4/conf/all/accept_redirects"),
		"0\n");
	shell("echo 1 > /proc/sys/net/ipv4/conf/all/accept_redirects");
}
END_TEST

START_TEST(what_a_kill_leaves_is_removed_by_the_next_one)
{
	struct running r = start_waiting("--publish", "8080:80");
	struct result *next;

	kill_hard(&r);
	next = RUN("true");
	if (own_program())
		ck_assert_msg(has(next->err, "removed what process") &&
				      has(next->err, "10.88.77.2"),
			      "%s", next->err);
}
END_TEST

START_TEST(what_a_kill_leaves_is_removed_by_clean)
{
	struct running r = start_waiting("--net", "bridge");

	kill_hard(&r);
	if (own_program())
		ck_assert(has(shell("%s/clean 2>&1", bin()), "10.88.77.2"));
	else
		RUN("true");
}
END_TEST

START_TEST(the_living_keep_their_network_when_a_dead_ones_is_removed)
{
	struct running dead = start_waiting("--publish", "8080:80");
	struct running alive = start_waiting("--publish", "8081:81");
	int server = serve(process_in(&alive), "0.0.0.0", 81, false);
	char *rules, *from;

	kill_hard(&dead);
	RUN("true");
	rules = shell("nft list ruleset");
	from = visitor_at(server, 0, "127.0.0.1", 8081, false);
	finish(&alive);
	close(server);
	ck_assert_msg(!has(rules, "8080"), "%s", rules);
	ck_assert_str_eq(from, "10.88.77.1");
}
END_TEST

START_TEST(a_network_in_use_is_avoided)
{
	struct result *r;

	shell("ip link add up0 type veth peer name up1\n"
	      "ip link set up0 up; ip link set up1 up\n"
	      "ip route add 10.88.0.0/16 dev up0");
	r = RUN(ROOT, BRIDGE, "ip", "-o", "-4", "address");
	shell("ip link delete up0");
	ck_assert_msg(r->status == 0 && !has(r->out, "10.88."), "%s%s", r->out,
		      r->err);
}
END_TEST

#define DROPPING                                                           \
	"nft 'table ip filter { chain FORWARD { type filter hook forward " \
	"priority 0; policy drop; }; }'"

START_TEST(a_forward_chain_that_drops_is_named)
{
	struct result *r;

	shell(DROPPING);
	r = RUN(BRIDGE, "true");
	shell("nft delete table ip filter");
	ck_assert_int_eq(r->status, 0);
	if (judged())
		not_judged("what it says is its own");
	ck_assert_msg(has(r->err, "chain FORWARD of table ip filter") &&
			      has(r->err, "iptables -I FORWARD -i ten-steps0"),
		      "%s", r->err);
}
END_TEST

START_TEST(a_forward_chain_that_knows_the_bridge_is_not_named)
{
	struct result *r;

	shell(DROPPING);
	shell("nft add rule ip filter FORWARD iifname ten-steps0 accept");
	r = RUN(BRIDGE, "true");
	shell("nft delete table ip filter");
	ck_assert_int_eq(r->status, 0);
	if (judged())
		not_judged("what it says is its own");
	ck_assert_msg(!has(r->err, "FORWARD"), "%s", r->err);
}
END_TEST

START_TEST(with_a_user_namespace_there_is_a_bridge_too)
{
	struct result *r = RUN("--userns", ROOT, BRIDGE, "ping", "-c1", "-w3",
			       "10.88.77.1");

	ck_assert_msg(r->status == 0, "%s%s", r->out, r->err);
}
END_TEST

START_TEST(an_ordinary_user_can_have_a_lo)
{
	static const struct manner manner = { .ordinary_user = true };
	struct result *r = run(&manner, WORDS("--userns", "--net", "none",
					      "cat", "/proc/net/dev"));

	ck_assert_msg(r->status == 0 && has(r->out, "lo:"), "%s%s", r->out,
		      r->err);
}
END_TEST

START_TEST(an_ordinary_user_is_told_that_a_bridge_is_the_hosts)
{
	static const struct manner manner = { .ordinary_user = true };

	cannot(&manner, WORDS("--userns", BRIDGE, "true"),
	       "needs CAP_NET_ADMIN");
}
END_TEST

START_TEST(a_port_that_a_program_has_is_an_error)
{
	int server = serve(0, "0.0.0.0", 8080, false);

	cannot(NULL, WORDS("--publish", "8080:80", "true"), "(EADDRINUSE)");
	close(server);
}
END_TEST

START_TEST(a_port_that_a_container_has_is_an_error)
{
	struct running r = start_waiting("--publish", "8080:80");

	cannot(NULL, WORDS("--publish", "8080:81", "true"),
	       text("published already, by process %d", (int)r.pid));
	finish(&r);
}
END_TEST

START_TEST(tcp_and_udp_ports_are_two)
{
	struct result *r =
		RUN("--publish", "8080:80", "--publish", "8080:80/udp", "true");

	ck_assert_msg(r->status == 0, "%s", r->err);
}
END_TEST

START_TEST(a_missing_nft_is_an_error)
{
	char *nft = shell("readlink -f \"$(command -v nft)\"");

	shell("mount --bind /dev/null '%s'", nft);
	cannot(NULL, WORDS(BRIDGE, "true"), "nft is missing");
	shell("umount '%s'", nft);
}
END_TEST

START_TEST(bad_options_are_refused_in_one_line)
{
	refuses(WORDS("--net", "host2", "true"), "no network \"host2\"");
	refuses(WORDS("--net", "", "true"), "empty");
	refuses(WORDS("--publish", "8080", "true"), "not a pair of ports");
	refuses(WORDS("--publish", ":80", "true"), "not a pair of ports");
	refuses(WORDS("--publish", "8080:", "true"), "not a pair of ports");
	refuses(WORDS("--publish", "0:80", "true"), "not a pair of ports");
	refuses(WORDS("--publish", "80:65536", "true"), "not a pair of ports");
	refuses(WORDS("--publish", "80:80/sctp", "true"),
		"not a pair of ports");
	refuses(WORDS("--publish", "80:80x", "true"), "not a pair of ports");
	refuses(WORDS("--publish", "-1:80", "true"), "not a pair of ports");
	refuses(WORDS("-p", "80:80", "-p", "80:81", "true"), "given twice");
	refuses(WORDS("-p", "80:80", "--net", "none", "true"), "--publish");
	refuses(WORDS("--net", "none", "-p", "80:80", "true"), "--publish");
}
END_TEST

START_TEST(too_many_ports_are_refused)
{
	const char *words[64] = { NULL };
	int count = 0;

	for (int port = 1; port <= 17; port++) {
		words[count++] = "--publish";
		words[count++] = text("%d:%d", 9000 + port, port);
	}
	words[count] = "true";
	refuses(words, "at most 16");
}
END_TEST

const struct test tests[] = {
	{ "safety", &an_address_is_used_again },
	{ "safety", &a_container_uses_another_ones_published_port },
	{ "safety", &only_published_ports_lead_inside },
	{ "safety", &servers_on_127_0_0_1_stay_the_hosts },
	{ "safety", &forwarding_is_put_back_by_the_last_one },
	{ "safety", &forwarding_that_was_on_stays_on },
	{ "safety", &advice_of_routers_stays_refused },
	{ "safety", &what_a_kill_leaves_is_removed_by_the_next_one },
	{ "safety", &what_a_kill_leaves_is_removed_by_clean },
	{ "safety",
	  &the_living_keep_their_network_when_a_dead_ones_is_removed },
	{ "safety", &a_network_in_use_is_avoided },
	{ "safety", &a_forward_chain_that_drops_is_named },
	{ "safety", &a_forward_chain_that_knows_the_bridge_is_not_named },
	{ "safety", &with_a_user_namespace_there_is_a_bridge_too },
	{ "safety", &an_ordinary_user_can_have_a_lo },
	{ "input", &an_ordinary_user_is_told_that_a_bridge_is_the_hosts },
	{ "input", &a_port_that_a_program_has_is_an_error },
	{ "input", &a_port_that_a_container_has_is_an_error },
	{ "input", &tcp_and_udp_ports_are_two },
	{ "input", &a_missing_nft_is_an_error },
	{ "input", &bad_options_are_refused_in_one_line },
	{ "input", &too_many_ports_are_refused },
	{ 0 },
};

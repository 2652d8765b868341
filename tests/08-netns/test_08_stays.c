/* Stage 08: the host's network stays the host's. */
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/network.h"
#include "tests/runner/runner.h"

const char stage_name[] = "08-netns";

#define ROOT       "--rootfs", rootfs()
#define BRIDGE     "--net", "bridge"
#define WAITING    "sh", "-c", "echo ready; read x"
#define IPV4       "/proc/sys/net/ipv4/"
#define IP_FORWARD IPV4 "ip_forward"

static struct running start_waiting(void)
{
	struct running r = start(NULL, WORDS(ROOT, BRIDGE, WAITING));

	expect(&r, "ready");
	return r;
}

/* Who hears routers on the bridge takes a default route from a container. */
START_TEST(no_router_is_heard_on_the_bridge)
{
	struct running r;
	char *off, *addresses;

	if (access("/proc/sys/net/ipv6/conf", F_OK) != 0)
		skip("this kernel has no IPv6");
	r = start_waiting();
	off = shell("cd /proc/sys/net/ipv6/conf && "
		    "cat ten-steps0/disable_ipv6 ts2/disable_ipv6");
	addresses = shell("ip -6 address show dev ten-steps0;"
			  "ip -6 address show dev ts2");
	finish(&r);
	ck_assert_str_eq(off, "1\n1");
	ck_assert_str_eq(addresses, "");
}
END_TEST

/* One more network of the host, beside that of internet_start(). */
static struct running neighbours_start(void)
{
	static const struct manner unshare = { .program = "unshare" };
	struct running lan =
		start(&unshare, WORDS("-n", "sh", "-c", "echo $$; read x"));
	char *pid = next_line(&lan);

	shell("ip link add lan0 type veth peer name eth0 netns %s\n"
	      "ip address add 198.51.100.1/24 dev lan0\n"
	      "ip link set lan0 up\n"
	      "nsenter -n -t %s sh -c '"
	      "ip address add 198.51.100.9/24 dev eth0; ip link set eth0 up;"
	      "ip route add default via 198.51.100.1'\n",
	      pid, pid);
	return lan;
}

static char *through_the_host(void)
{
	struct running internet = internet_start();
	struct running lan = neighbours_start();
	struct running r = start_waiting();
	int server = serve(internet.pid, "192.0.2.9", 80, false);
	char *inside =
		visitor_at(server, process_in(&r), "192.0.2.9", 80, false);
	char *beside = visitor_at(server, lan.pid, "192.0.2.9", 80, false);

	close(server);
	finish(&r);
	shell("ip link delete lan0");
	finish(&lan);
	internet_stop(&internet);
	ck_assert_str_eq(inside, "192.0.2.1");
	return beside;
}

START_TEST(a_host_that_was_no_router_is_none_for_others)
{
	ck_assert_str_eq(through_the_host(), "");
}
END_TEST

START_TEST(a_host_that_was_a_router_stays_one_for_others)
{
	char *beside;

	shell("echo 1 > " IP_FORWARD);
	beside = through_the_host();
	shell("echo 0 > " IP_FORWARD);
	ck_assert_str_eq(beside, "198.51.100.9");
}
END_TEST

/* What is sent from another address than the container's own, goes nowhere. */
START_TEST(a_container_cannot_send_in_the_name_of_others)
{
	struct running internet = internet_start();
	struct running r = start_waiting();
	char *seen;

	shell("nsenter -n -t %d sh -c '"
	      "ip address add 203.0.113.5/32 dev eth0'",
	      (int)process_in(&r));
	shell("nsenter -n -t %d nft 'table ip seen { chain c { type filter "
	      "hook prerouting priority 0; ip saddr 203.0.113.5 counter; }; }'",
	      (int)internet.pid);
	shell("nsenter -n -t %d busybox ping -c1 -w1 -I 203.0.113.5 192.0.2.9",
	      (int)process_in(&r));
	seen = shell("nsenter -n -t %d nft list table ip seen",
		     (int)internet.pid);
	finish(&r);
	internet_stop(&internet);
	ck_assert_msg(has(seen, "packets 0 bytes 0"), "%s", seen);
}
END_TEST

START_TEST(a_link_of_somebody_else_is_not_removed)
{
	char *there;

	shell("ip link add ts2 type veth peer name other");
	cannot(NULL, WORDS(ROOT, BRIDGE, "true"), "veth pair from ts2");
	there = shell("ip -o link show ts2");
	shell("ip link delete ts2");
	ck_assert_msg(has(there, "ts2@other"), "%s", there);
}
END_TEST

START_TEST(nor_by_the_next_one_or_by_clean)
{
	struct running r = start_waiting();
	char *there, *said = text("%s", "");

	kill(r.pid, SIGKILL);
	finish(&r);
	shell("ip link delete ts2 2>/dev/null;"
	      "ip link add ts2 type veth peer name other");
	if (own_program())
		said = shell("%s/clean 2>&1", bin());
	RUN("true");
	there = shell("ip -o link show ts2");
	shell("ip link delete ts2");
	ck_assert_msg(has(there, "ts2@other"), "%s%s", there, said);
}
END_TEST

START_TEST(the_file_of_names_on_the_host_is_not_written)
{
	struct running r;
	char *before, *after;

	r = start(NULL, WORDS(ROOT, BRIDGE, "sh", "-c",
			      "echo ready; read x; echo all of /run > "
			      "/etc/resolv.conf; echo wrote $?; read x"));
	expect(&r, "ready");
	before = shell("cat /run/ten-steps/net/resolv.*");
	feed(&r, "\n");
	expect(&r, "wrote 1");
	after = shell("cat /run/ten-steps/net/resolv.*");
	finish(&r);
	ck_assert_str_eq(after, before);
}
END_TEST

/* The switch for all links, when it goes off, takes along those of some. */
START_TEST(a_link_that_forwards_alone_does_so_afterwards)
{
	char *alone;

	shell("ip link add up0 type veth peer name up1\n"
	      "echo 1 > " IPV4 "conf/up0/forwarding");
	RUN(BRIDGE, "true");
	alone = shell("cd " IPV4 "conf && cat up0/forwarding up1/forwarding");
	shell("ip link delete up0");
	ck_assert_str_eq(alone, "1\n0");
	ck_assert_str_eq(file_text(IP_FORWARD), "0\n");
}
END_TEST

static void spoil_and_clean(const char *mount, const char *message)
{
	struct running r = start_waiting();
	struct result *end;
	char *said;

	shell("%s", mount);
	end = finish(&r);
	shell("umount " IP_FORWARD);
	ck_assert_str_eq(file_text(IP_FORWARD), "1\n");
	ck_assert_msg(has(end->err, message), "%s", end->err);
	said = shell("%s/clean 2>&1", bin());
	ck_assert_msg(has(said, "ten-steps0, forwarding"), "%s", said);
	ck_assert_str_eq(file_text(IP_FORWARD), "0\n");
	ck_assert_msg(has(shell("%s/clean 2>&1", bin()), "nothing found"),
		      "it is found twice");
	said = shell("%s/clean 2>&1 >/dev/full; echo $?", bin());
	ck_assert_msg(has(said, "print the result") && has(said, "\n1"), "%s",
		      said);
}

/* Nothing is forgotten before it has been put back. */
START_TEST(a_switch_that_could_not_be_put_back_is_found_by_clean)
{
	if (!own_program())
		skip("clean removes what our own programs left");
	spoil_and_clean("mount --bind " IP_FORWARD " " IP_FORWARD "\n"
			"mount -o remount,bind,ro " IP_FORWARD,
			"write 0 to " IP_FORWARD);
	/* Nothing can be read at address 0. */
	spoil_and_clean("mount --bind /proc/1/mem " IP_FORWARD,
			"read " IP_FORWARD);
}
END_TEST

START_TEST(or_by_the_next_container)
{
	struct running r = start_waiting();

	shell("mount --bind " IP_FORWARD " " IP_FORWARD "\n"
	      "mount -o remount,bind,ro " IP_FORWARD);
	finish(&r);
	shell("umount " IP_FORWARD);
	RUN(BRIDGE, "true");
	ck_assert_str_eq(file_text(IP_FORWARD), "0\n");
}
END_TEST

/* Who cannot read which addresses are in use takes none, and ends nobody's. */
START_TEST(leases_that_cannot_be_read_are_not_free)
{
	static const struct manner blind = { .denied_call = SYS_getdents64,
					     .denied_error = 5 }; /* EIO */
	struct running living = start_waiting();
	struct result *r;
	char *link, *rules;

	r = run(&blind, WORDS(ROOT, BRIDGE, "true"));
	link = shell("ip -o link show ten-steps0 | wc -l");
	rules = shell("nft list ruleset");
	finish(&living);
	ck_assert_msg(r->status == 125 &&
			      has(r->err, "who has an address in "
					  "/run/ten-steps/net: Input/output "
					  "error (EIO)"),
		      "%d %s", r->status, r->err);
	ck_assert_str_eq(link, "1");
	ck_assert_msg(has(rules, "masquerade"), "%s", rules);
}
END_TEST

const struct test tests[] = {
	{ "safety", &no_router_is_heard_on_the_bridge },
	{ "safety", &a_host_that_was_no_router_is_none_for_others },
	{ "safety", &a_host_that_was_a_router_stays_one_for_others },
	{ "safety", &a_container_cannot_send_in_the_name_of_others },
	{ "safety", &a_link_of_somebody_else_is_not_removed },
	{ "safety", &nor_by_the_next_one_or_by_clean },
	{ "safety", &the_file_of_names_on_the_host_is_not_written },
	{ "safety", &a_link_that_forwards_alone_does_so_afterwards },
	{ "safety", &a_switch_that_could_not_be_put_back_is_found_by_clean },
	{ "safety", &or_by_the_next_container },
	{ "safety", &leases_that_cannot_be_read_are_not_free },
	{ 0 },
};

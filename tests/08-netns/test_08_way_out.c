/* Stage 08: the way out, for one container and for two. */
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/judged.h"
#include "tests/runner/network.h"
#include "tests/runner/runner.h"

const char stage_name[] = "08-netns";

#define ROOT    MAYBE, "--rootfs", rootfs(), SAME
#define BRIDGE  "--net", "bridge"
#define WAITING "sh", "-c", "echo ready; read x"

/* Its first address, as the host sees it. */
static char *address_of(const struct running *r)
{
	return shell("nsenter -n -t %d ip -o -4 address show scope global | "
		     "sed -n '1s/.* inet \\([^/]*\\).*/\\1/p'",
		     (int)process_in(r));
}

/*
 * A container that waits; finish() ends it.  From the host's own network every
 * way leads out.
 */
static struct running start_waiting(void)
{
	struct running r = start(NULL, WORDS(ROOT, BRIDGE, WAITING));

	expect(&r, "ready");
	ck_assert_msg(strcmp(link_text("/proc/%d/ns/net", (int)process_in(&r)),
			     link_text("/proc/self/ns/net")) != 0,
		      "the command is in the host's network");
	ck_assert_msg(address_of(&r)[0], "the container has no address");
	return r;
}

START_TEST(without_net_the_hosts_network_is_kept)
{
	struct result *r = RUN("readlink", "/proc/self/ns/net");

	ck_assert_msg(strcmp(chomp(r->out), link_text("/proc/self/ns/net")) ==
			      0,
		      "it is another one: %s", r->out);
}
END_TEST

START_TEST(the_internet_sees_the_hosts_address)
{
	struct running internet = internet_start();
	struct running r = start_waiting();
	int server = serve(internet.pid, "192.0.2.9", 80, false);
	char *from = visitor_at(server, process_in(&r), "192.0.2.9", 80, false);

	finish(&r);
	internet_stop(&internet);
	close(server);
	ck_assert_msg(strcmp(from, "192.0.2.1") == 0,
		      "the internet sees \"%s\", not the host's 192.0.2.1",
		      from);
}
END_TEST

START_TEST(two_containers_have_two_addresses_and_hear_each_other)
{
	struct running r = start_waiting();
	struct running second = start_waiting();
	int server = serve(process_in(&r), "0.0.0.0", 80, false);
	char *of_r = address_of(&r), *of_second = address_of(&second);
	char *from = visitor_at(server, process_in(&second), of_r, 80, false);

	finish(&second);
	finish(&r);
	close(server);
	ck_assert_msg(strcmp(of_r, of_second) != 0, "both have the address %s",
		      of_r);
	ck_assert_msg(strcmp(from, of_second) == 0,
		      "a visit from %s to %s came from \"%s\"", of_second, of_r,
		      from);
	if (own_program())
		ck_assert_str_eq(of_second, "10.88.77.3");
}
END_TEST

/* The first one that ends leaves the second its bridge, and its NAT. */
START_TEST(only_the_last_one_removes_the_way_out)
{
	struct running internet = internet_start();
	struct running r = start_waiting();
	struct running second = start_waiting();
	int server = serve(internet.pid, "192.0.2.9", 80, false);
	char *from;

	finish(&r);
	from = visitor_at(server, process_in(&second), "192.0.2.9", 80, false);
	finish(&second);
	internet_stop(&internet);
	close(server);
	ck_assert_msg(strcmp(from, "192.0.2.1") == 0,
		      "when the first container has ended, the second comes to "
		      "the internet as \"%s\", not 192.0.2.1",
		      from);
}
END_TEST

const struct test tests[] = {
	{ "core safety", &without_net_the_hosts_network_is_kept },
	{ "core safety", &the_internet_sees_the_hosts_address },
	{ "core safety",
	  &two_containers_have_two_addresses_and_hear_each_other },
	{ "core safety", &only_the_last_one_removes_the_way_out },
	{ 0 },
};

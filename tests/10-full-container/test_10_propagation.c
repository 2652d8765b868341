/* Stage 10: mounts that hear of others, and owners that are mapped. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/image.h"
#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

/* What /proc/self/mountinfo says between the options and " - ". */
#define PROPAGATION(path)                                                  \
	"sed -n 's,^[^/]*/[^ ]* " path " [^ ]* ,,p' /proc/self/mountinfo " \
	"| sed 's,^- .*,private,; s, *- .*,,; s,:[0-9]*,,g'"

/* A directory with a mount below it, to be bound with these options. */
static char *propagation_of(const char *options)
{
	char *out;

	shell("mkdir -p /run/tree; mount -n -t tmpfs tree /run/tree; mkdir "
	      "/run/tree/below; mount -n -t tmpfs below /run/tree/below");
	out = oci_prints(&(struct config){
		.script = PROPAGATION("/tmp") "; " PROPAGATION("/tmp/below"),
		.mounts = text(", {\"destination\": \"/tmp\", \"source\": "
			       "\"/run/tree\", \"options\": [\"rbind\", %s]}",
			       options) });
	shell("umount -n /run/tree/below; umount -n /run/tree; "
	      "rmdir /run/tree");
	return out;
}

START_TEST(propagation_is_of_the_mount_alone_or_with_r_of_all_below)
{
	ck_assert_str_eq(propagation_of("\"rprivate\""), "private\nprivate\n");
	ck_assert_str_eq(propagation_of("\"rslave\""), "master\nmaster\n");
	ck_assert_str_eq(propagation_of("\"rslave\", \"private\""),
			 "private\nmaster\n");
	ck_assert_str_eq(propagation_of("\"rshared\""),
			 "shared master\nshared master\n");
	ck_assert_str_eq(propagation_of("\"shared\""),
			 "shared master\nmaster\n");
	ck_assert_str_eq(propagation_of("\"slave\""), "master\nmaster\n");
	ck_assert_str_eq(propagation_of("\"unbindable\""),
			 "unbindable\nprivate\n");
	ck_assert_str_eq(propagation_of("\"runbindable\""),
			 "unbindable\nunbindable\n");
	ck_assert_str_eq(propagation_of("\"private\""), "private\nprivate\n");
}
END_TEST

START_TEST(the_root_has_every_propagation)
{
	static const char *const kinds[][2] = {
		{ "private", "private\n" },
		{ "slave", "master\n" },
		{ "shared", "shared\n" },
		{ "unbindable", "unbindable\n" },
	};

	make_image();
	for (size_t i = 0; i < 4; i++) {
		char *out = oci_prints(&(struct config){
			.script = PROPAGATION("/"),
			.root = "{\"path\": \"" IMAGE "\"}",
			.linux_ = text(", \"rootfsPropagation\": \"%s\"",
				       kinds[i][0]) });

		ck_assert_msg(has(out, chomp(text("%s", kinds[i][1]))),
			      "%s: %s", kinds[i][0], out);
	}
	remove_image();
}
END_TEST

/* A container with this volume; mounts made on one side, then the other. */
static struct running with_volume(const char *option, const char *root)
{
	struct running box;

	shell("mkdir -p /run/volume; mount -n -t tmpfs volume /run/volume; "
	      "mkdir /run/volume/host /run/volume/box");
	oci_begin(&(struct config){
		.script = "echo ready; read x; ls /home/host; mount -t tmpfs "
			  "inside /home/box && touch /home/box/of-the-box; "
			  "echo mounted; read x; umount /home/box",
		.process = ", \"capabilities\": {\"bounding\": "
			   "[\"CAP_SYS_ADMIN\"], \"permitted\": "
			   "[\"CAP_SYS_ADMIN\"], \"effective\": "
			   "[\"CAP_SYS_ADMIN\"]}",
		.mounts = text(", {\"destination\": \"/home\", \"source\": "
			       "\"/run/volume\", \"options\": [\"rbind\", "
			       "\"%s\"]}",
			       option),
		.linux_ = text(", \"rootfsPropagation\": \"%s\"", root) });
	box = oci_create(OCI_ID);
	OCI("start", OCI_ID);
	expect(&box, "ready");
	shell("mount -n -t tmpfs outside /run/volume/host; "
	      "touch /run/volume/host/of-the-host");
	feed(&box, "go\n");
	return box;
}

static void without_volume(struct running *box)
{
	pid_t pid = oci_pid(OCI_ID);

	feed(box, "go\n");
	oci_close(box);
	oci_wait(pid);
	ck_assert_int_eq(OCI("delete", OCI_ID)->status, 0);
	shell("umount -n /run/volume/host; umount -n /run/volume; "
	      "rmdir /run/volume");
	oci_end();
}

START_TEST(a_slave_hears_of_the_hosts_mounts_and_not_the_other_way_round)
{
	struct running box = with_volume("rslave", "slave");
	char *heard = next_line(&box);
	char *next = next_line(&box);
	char *seen = shell("ls /run/volume/box");

	without_volume(&box);
	ck_assert_str_eq(heard, "of-the-host");
	ck_assert_str_eq(next, "mounted");
	ck_assert_str_eq(seen, "");
}
END_TEST

START_TEST(a_shared_volume_goes_both_ways_if_the_root_is_shared_too)
{
	struct running box = with_volume("rshared", "shared");
	char *heard = next_line(&box);
	char *next = next_line(&box);
	char *seen = shell("ls /run/volume/box");

	without_volume(&box);
	ck_assert_str_eq(heard, "of-the-host");
	ck_assert_str_eq(next, "mounted");
	ck_assert_str_eq(seen, "of-the-box");
}
END_TEST

START_TEST(a_private_volume_hears_nothing)
{
	struct running box = with_volume("rprivate", "private");
	char *next = next_line(&box);
	char *seen = shell("ls /run/volume/box");

	without_volume(&box);
	ck_assert_str_eq(next, "mounted");
	ck_assert_str_eq(seen, "");
}
END_TEST

#define OWN_USERS \
	"[{\"type\": \"mount\"}, {\"type\": \"pid\"}, {\"type\": \"user\"}]"
#define MAP(inside, outside)                                                 \
	"[{\"containerID\": " inside ", \"hostID\": " outside ", \"size\": " \
	"1000}]"
#define MAPS(inside, outside)                                                 \
	", \"uidMappings\": " MAP(inside, outside) ", \"gidMappings\": " MAP( \
		inside, outside)

/* Files of 0 and of 7, and one on a mount below. */
static void make_owned(void)
{
	shell("mkdir -p /run/owned; mount -n -t tmpfs owned /run/owned; mkdir "
	      "/run/owned/below; mount -n -t tmpfs below /run/owned/below; "
	      "cd /run/owned; chmod 777 . below; touch a b below/c; "
	      "chown 7:8 b");
}

static void remove_owned(void)
{
	shell("umount -n /run/owned/below; umount -n /run/owned; "
	      "rmdir /run/owned");
}

/* Run it, or skip where this kernel's tmpfs cannot be mapped. */
static char *owners_by(const struct config *config)
{
	struct result *r;
	char *made;

	make_owned();
	oci_begin(config);
	r = OCI_RUN();
	oci_end();
	made = shell("stat -c '%%u %%g' /run/owned/new 2>/dev/null");
	remove_owned();
	if (r->status && has(r->err, "map the owners"))
		skip("tmpfs cannot have its owners mapped (Linux 6.3)");
	ck_assert_msg(r->status == 0, "%s", r->err);
	return text("%s%s", r->out, made);
}

#define OWNERS "cd /tmp; stat -c '%n %u %g' a b below/c; touch new; "

START_TEST(a_mount_has_a_map_of_its_own)
{
	ck_assert_str_eq(
		owners_by(&(struct config){
			.script = OWNERS,
			.user = "{\"uid\": 1007, \"gid\": 1008}",
			.mounts = ", {\"destination\": \"/tmp\", \"source\": "
				  "\"/run/owned\", \"options\": [\"rbind\", "
				  "\"idmap\"]" MAPS("0", "1000") "}" }),
		"a 1000 1000\nb 1007 1008\nbelow/c 0 0\n7 8");
	ck_assert_str_eq(
		owners_by(&(struct config){
			.script = OWNERS,
			.user = "{\"uid\": 1007, \"gid\": 1008}",
			.mounts = ", {\"destination\": \"/tmp\", \"source\": "
				  "\"/run/owned\", \"options\": [\"rbind\", "
				  "\"ridmap\"]" MAPS("0", "1000") "}" }),
		"a 1000 1000\nb 1007 1008\nbelow/c 1000 1000\n7 8");
}
END_TEST

START_TEST(a_mount_can_have_the_containers_map)
{
	struct config config = {
		.script = OWNERS,
		.namespaces = OWN_USERS,
		.linux_ = MAPS("0", "100000"),
		.mounts = ", {\"destination\": \"/tmp\", \"source\": "
			  "\"/run/owned\", \"options\": [\"rbind\"]}"
	};

	/* Without it the files on the disk are nobody's inside. */
	ck_assert_str_eq(owners_by(&config),
			 "a 65534 65534\nb 65534 65534\nbelow/c 65534 "
			 "65534\n100000 100000");
	config.mounts = ", {\"destination\": \"/tmp\", \"source\": "
			"\"/run/owned\", \"options\": [\"rbind\", "
			"\"ridmap\"]}";
	ck_assert_str_eq(owners_by(&config), "a 0 0\nb 7 8\nbelow/c 0 0\n0 0");
}
END_TEST

START_TEST(a_new_filesystem_can_be_mapped_too)
{
	ck_assert_str_eq(
		owners_by(&(struct config){
			.script = "stat -c '%u %g' /tmp",
			.mounts = ", {\"destination\": \"/tmp\", \"type\": "
				  "\"tmpfs\", \"options\": [\"idmap\"]" MAPS(
					  "0", "1000") "}" }),
		"1000 1000\n");
}
END_TEST

START_TEST(a_map_that_cannot_be_is_explained)
{
	static const char *const mounts[][2] = {
		{ "\"source\": \"/run\", \"options\": [\"bind\", \"idmap\"]",
		  "mounts[3].options" },
		{ "\"source\": \"/run\", \"options\": [\"bind\", \"idmap\"], "
		  "\"uidMappings\": " MAP("0", "5"),
		  "mounts[3].gidMappings" },
		{ "\"source\": \"/run\", \"options\": [\"bind\"], "
		  "\"gidMappings\": " MAP("0", "5"),
		  "mounts[3].uidMappings" },
		{ "\"source\": \"/run\", \"options\": [\"bind\"], "
		  "\"gidMappings\": [], \"uidMappings\": []",
		  "mounts[3].uidMappings" },
		{ "\"options\": [\"remount\", \"idmap\"]" MAPS("0", "5"),
		  "mounts[3]" },
		{ "\"source\": \"/proc\", \"options\": [\"rbind\", "
		  "\"ridmap\"]" MAPS("0", "5"),
		  "map the owners of /tmp" },
	};

	for (size_t i = 0; i < COUNT(mounts); i++)
		oci_refuses_config(
			&(struct config){
				.mounts = text(", {\"destination\": \"/tmp\", "
					       "%s}",
					       mounts[i][0]) },
			mounts[i][1]);
}
END_TEST

const struct test tests[] = {
	{ "safety", &propagation_is_of_the_mount_alone_or_with_r_of_all_below },
	{ "safety", &the_root_has_every_propagation },
	{ "safety",
	  &a_slave_hears_of_the_hosts_mounts_and_not_the_other_way_round },
	{ "safety", &a_shared_volume_goes_both_ways_if_the_root_is_shared_too },
	{ "safety", &a_private_volume_hears_nothing },
	{ "safety", &a_mount_has_a_map_of_its_own },
	{ "safety", &a_mount_can_have_the_containers_map },
	{ "safety", &a_new_filesystem_can_be_mapped_too },
	{ "input", &a_map_that_cannot_be_is_explained },
	{ 0 },
};

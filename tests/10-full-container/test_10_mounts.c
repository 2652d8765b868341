/* Stage 10: every option of a mount. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/image.h"
#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define BOUND "\"destination\": \"/tmp\", \"source\": \"/run/tree\""

/* A tmpfs with another one below it, to be bound. */
static void make_tree(void)
{
	shell("mkdir -p /run/tree; mount -n -t tmpfs -o noatime tree /run/tree"
	      "; mkdir /run/tree/below; mount -n -t tmpfs -o noatime below "
	      "/run/tree/below");
}

static void remove_tree(void)
{
	shell("umount -n /run/tree/below; umount -n /run/tree; "
	      "rmdir /run/tree");
}

/* The options of /tmp and of /tmp/below, as the container sees them. */
static char *bound_with(const char *options)
{
	char *out;

	make_tree();
	out = oci_prints(&(struct config){
		.script = "grep ' /tmp' /proc/mounts | cut -d' ' -f4",
		.mounts = text(", {" BOUND ", \"options\": [\"rbind\", %s]}",
			       options) });
	remove_tree();
	return out;
}

/* The first line is of the mount itself. */
static bool has_above(const char *lines, const char *option)
{
	char *first = text(",%.*s,", (int)strcspn(lines, "\n"), lines);

	return has(first, text(",%s,", option));
}

static bool has_below(const char *lines, const char *option)
{
	return has_above(lines + strcspn(lines, "\n") + 1, option);
}

START_TEST(an_attribute_is_of_the_mount_alone_or_with_r_of_all_below)
{
	static const char *const pairs[][2] = {
		{ "ro", "rw" },           { "nosuid", "suid" },
		{ "nodev", "dev" },       { "noexec", "exec" },
		{ "noatime", "atime" },   { "nodiratime", "diratime" },
		{ "relatime", "noatime" }
	};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		const char *set = pairs[i][0], *clear = pairs[i][1];
		bool is_before = i == 4; /* the tree is noatime already */
		char *one = bound_with(text("\"%s\"", set));
		char *all = bound_with(text("\"r%s\"", set));
		char *neither = bound_with(
			text("\"r%s\", \"%s\", \"r%s\"", set, clear, clear));

		ck_assert_msg(has_above(one, set), "%s: %s", set, one);
		ck_assert_msg(has_below(one, set) == is_before, "%s: %s", set,
			      one);
		ck_assert_msg(has_above(all, set), "r%s: %s", set, all);
		ck_assert_msg(has_below(all, set), "r%s: %s", set, all);
		ck_assert_msg(!has_above(neither, set), "r%s: %s", clear,
			      neither);
		ck_assert_msg(!has_below(neither, set), "r%s: %s", clear,
			      neither);
	}
}
END_TEST

START_TEST(links_are_followed_unless_nosymfollow_says_no)
{
	char *out;

	make_tree();
	shell("echo x > /run/tree/file; ln -s file /run/tree/link; "
	      "echo x > /run/tree/below/file; ln -s file "
	      "/run/tree/below/link");
	out = oci_prints(&(struct config){
		.script = "for x in home root run; do cat /$x/link > /dev/null "
			  "&& echo "
			  "$x; cat /$x/below/link > /dev/null && echo $x "
			  "below; done; true",
		.root = text("{\"path\": \"%s\"}", rootfs()),
		.mounts = ", {\"destination\": \"/home\", \"source\": "
			  "\"/run/tree\", \"options\": [\"rbind\", "
			  "\"nosymfollow\"]}, {\"destination\": \"/root\", "
			  "\"source\": \"/run/tree\", \"options\": "
			  "[\"rbind\", \"rnosymfollow\"]}, "
			  "{\"destination\": \"/run\", \"source\": "
			  "\"/run/tree\", \"options\": [\"rbind\", "
			  "\"rnosymfollow\", \"rsymfollow\", "
			  "\"symfollow\"]}" });
	remove_tree();
	ck_assert_str_eq(out, "home below\nrun\nrun below\n");
}
END_TEST

START_TEST(access_times_are_kept_in_every_way)
{
	static const struct {
		const char *options, *shown;
	} ways[] = {
		{ "\"relatime\"", "relatime" },
		{ "\"norelatime\"", "relatime" },
		{ "\"rrelatime\", \"norelatime\", \"rnorelatime\"",
		  "relatime" },
		{ "\"strictatime\", \"nostrictatime\"", "relatime" },
		{ "\"rstrictatime\", \"rnostrictatime\"", "relatime" },
		{ "\"rnoatime\", \"ratime\", \"atime\"", "relatime" },
		{ "\"rnoatime\"", "noatime" },
	};

	for (size_t i = 0; i < COUNT(ways); i++) {
		char *out = bound_with(ways[i].options);

		ck_assert_msg(has_above(out, ways[i].shown), "%s: %s",
			      ways[i].options, out);
	}
	for (int i = 0; i < 2; i++) {
		char *out =
			bound_with(i ? "\"rstrictatime\"" : "\"strictatime\"");

		ck_assert_msg(!has_above(out, "relatime") &&
				      !has_above(out, "noatime"),
			      "strict: %s", out);
	}
}
END_TEST

START_TEST(what_is_of_the_filesystem_reaches_it)
{
	char *out = oci_prints(&(struct config){
		.script = "grep ' /tmp ' /proc/mounts; stat -c %a /tmp",
		.mounts = ", {\"destination\": \"/tmp\", \"type\": \"tmpfs\", "
			  "\"source\": \"mine\", \"options\": [\"size=64k\", "
			  "\"mode=711\", \"nr_inodes=100\", \"sync\", "
			  "\"dirsync\", \"lazytime\", \"silent\", "
			  "\"defaults\"]}" });

	ck_assert_msg(has(out, "mine /tmp tmpfs") && has(out, "size=64k") &&
			      has(out, "nr_inodes=100") && has(out, "sync,") &&
			      has(out, "dirsync") && has(out, "lazytime") &&
			      has(out, "\n711\n"),
		      "%s", out);
	out = oci_prints(&(struct config){
		.script = "grep ' /tmp ' /proc/mounts",
		.mounts = ", {\"destination\": \"/tmp\", \"type\": \"tmpfs\", "
			  "\"options\": [\"sync\", \"async\", \"lazytime\", "
			  "\"nolazytime\", \"noiversion\", \"nomand\", "
			  "\"loud\"]}" });
	ck_assert_msg(!has(out, "sync") && !has(out, "lazytime"), "%s", out);
}
END_TEST

/* A comma between quotes does not end an option. */
START_TEST(a_value_may_have_a_comma_between_quotes)
{
	struct result *r;

	shell("mkdir -p '/run/a,b' /run/c; touch '/run/a,b/x' /run/c/y");
	oci_begin(&(struct config){
		.script = "ls /tmp",
		.mounts = ", {\"destination\": \"/tmp\", \"type\": "
			  "\"overlay\", \"options\": [\"lowerdir="
			  "\\\"/run/a,b:/run/c\\\"\", \"ro\"]}" });
	r = OCI_RUN();
	oci_end();
	shell("rm -r /run/a,b /run/c");
	if (r->status && has(r->err, "comma"))
		skip("overlay of this kernel takes no comma (Linux 6.5)");
	ck_assert_msg(strcmp(r->out, "x\ny\n") == 0, "%s%s", r->out, r->err);
}
END_TEST

START_TEST(an_option_that_nobody_knows_is_named)
{
	char *longest = text("%0300d", 7);

	oci_refuses_config(
		&(struct config){ .mounts = ", {\"destination\": \"/tmp\", "
					    "\"type\": \"tmpfs\", "
					    "\"options\": [\"iversion\", "
					    "\"frob\"]}" },
		"iversion");
	oci_refuses_config(
		&(struct config){ .mounts = text(", {\"destination\": "
						 "\"/tmp\", \"type\": "
						 "\"tmpfs\", \"options\": "
						 "[\"size=%s\"]}",
						 longest) },
		"tmpfs for /tmp");
	oci_refuses_config(
		&(struct config){ .mounts = ", {\"destination\": \"/tmp\", "
					    "\"source\": \"/run\", "
					    "\"options\": [\"bind\", "
					    "\"frob\"]}" },
		"mounts[3].options");
}
END_TEST

START_TEST(a_bind_mount_needs_no_type_and_a_relative_path_is_the_bundles)
{
	char *out;

	oci_begin(&(struct config){ 0 });
	shell("mkdir " OCI_BUNDLE "/data; touch " OCI_BUNDLE "/data/x");
	oci_write(&(struct config){
		.script = "ls /home /tmp; grep -c ' /tmp ' /proc/mounts",
		.mounts = ", {\"destination\": \"tmp\", \"source\": \"data\", "
			  "\"type\": \"none\", \"options\": [\"bind\"]}, "
			  "{\"destination\": \"/tmp/\", \"source\": \"data\", "
			  "\"options\": [\"rbind\"]}, {\"destination\": "
			  "\"home\", \"source\": \"data\", \"type\": "
			  "\"bind\"}" });
	out = OCI_RUN()->out;
	oci_end();
	ck_assert_str_eq(out, "/home:\nx\n\n/tmp:\nx\n2\n");
}
END_TEST

START_TEST(a_tmpfs_can_start_with_what_it_hides)
{
	char *out;

	make_image();
	shell("mkdir -p " IMAGE "/data/sub; echo hidden > " IMAGE
	      "/data/sub/file; chmod 644 " IMAGE
	      "/data/sub/file; chown 7:8 " IMAGE "/data/sub/file");
	out = oci_prints(&(struct config){
		.script = "cat /data/sub/file; stat -c '%a %u %g' "
			  "/data/sub/file; touch /data/new; grep -c ' /data "
			  "tmpfs ' /proc/mounts",
		.root = "{\"path\": \"" IMAGE "\"}",
		.mounts = ", {\"destination\": \"/data\", \"type\": "
			  "\"tmpfs\", \"options\": [\"tmpcopyup\"]}" });
	ck_assert_int_ne(access(IMAGE "/data/new", F_OK), 0);
	remove_image();
	ck_assert_str_eq(out, "hidden\n644 7 8\n1\n");
}
END_TEST

START_TEST(a_mount_that_is_there_can_be_changed)
{
	char *out = oci_prints(&(struct config){
		.script = "grep ' /tmp ' /proc/mounts; ls /tmp",
		.mounts = ", {\"destination\": \"/tmp\", \"type\": \"tmpfs\", "
			  "\"options\": [\"size=64k\", \"noexec\"]}, "
			  "{\"destination\": \"/tmp\", \"options\": "
			  "[\"remount\", \"size=128k\", \"ro\", \"exec\"]}" });

	ck_assert_msg(has(out, "size=128k") && has(out, " ro,") &&
			      !has(out, "noexec"),
		      "%s", out);
	make_tree();
	out = oci_prints(&(struct config){
		.script = "grep ' /tmp ' /proc/mounts",
		.mounts = ", {" BOUND ", \"options\": [\"bind\"]}, {" BOUND
			  ", \"options\": [\"bind\", \"remount\", \"ro\", "
			  "\"nosuid\"]}" });
	ck_assert_msg(has(out, " ro,nosuid"), "%s", out);
	ck_assert(!has(shell("grep /run/tree /proc/mounts"), "nosuid"));
	remove_tree();
	oci_refuses_config(
		&(struct config){ .mounts = ", {\"destination\": \"/dev\", "
					    "\"options\": [\"remount\", "
					    "\"frob=1\"]}" },
		"remount /dev with \"frob=1\"");
	oci_refuses_config(
		&(struct config){ .mounts = ", {\"destination\": \"/etc\", "
					    "\"options\": [\"remount\", "
					    "\"ro\"]}" },
		"options of /etc");
}
END_TEST

const struct test tests[] = {
	{ "safety",
	  &an_attribute_is_of_the_mount_alone_or_with_r_of_all_below },
	{ "safety", &links_are_followed_unless_nosymfollow_says_no },
	{ "safety", &access_times_are_kept_in_every_way },
	{ "safety", &what_is_of_the_filesystem_reaches_it },
	{ "safety", &a_value_may_have_a_comma_between_quotes },
	{ "input", &an_option_that_nobody_knows_is_named },
	{ "safety",
	  &a_bind_mount_needs_no_type_and_a_relative_path_is_the_bundles },
	{ "safety", &a_tmpfs_can_start_with_what_it_hides },
	{ "safety", &a_mount_that_is_there_can_be_changed },
	{ 0 },
};

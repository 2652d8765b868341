/* Stage 07: a user namespace, also for an ordinary user. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/runner/helpers.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "07-caps";

static const struct manner as_ordinary = { .ordinary_user = true };

static void need_ordinary_userns(void)
{
	static const struct manner manner = { .program = "/usr/bin/unshare",
					      .ordinary_user = true };

	if (run(&manner, WORDS("--user", "--map-root-user", "--mount", "true"))
		    ->status != 0)
		skip("this machine lets no ordinary user make a user "
		     "namespace");
}

START_TEST(a_user_namespace_dies_with_the_program)
{
	dies_with_the_program(NULL, WORDS("--userns", READY_AND_STAY));
	dies_with_the_program(
		NULL, WORDS("--userns", "--user", "65534", READY_AND_STAY));
}
END_TEST

START_TEST(the_user_namespace_is_a_new_one)
{
	struct result *r =
		RUN(NEW, "--userns", SAME, "readlink", "/proc/self/ns/user");

	isolated(strcmp(chomp(r->out), link_text("/proc/self/ns/user")) != 0,
		 "it is the host's, %s", r->out);
	ck_assert(has(r->out, "user:["));
}
END_TEST

START_TEST(root_inside_is_nobody_outside)
{
	struct running r = start(NULL, WORDS(NEW, "--userns", SAME, "sh", "-c",
					     "id -u; read x"));
	char *outside;

	expect(&r, "0");
	outside = file_text("/proc/%ld/status", first_inside(&r));
	isolated(!has(outside, "\nUid:\t0\t"), "it is root outside, too");
	isolated(!has(outside, "\nGid:\t0\t"), "its group is root's outside");
	finish(&r);
}
END_TEST

START_TEST(another_user_inside_is_yet_another_outside)
{
	struct running r =
		start(NULL, WORDS(NEW, "--userns", SAME, "--user", "1000", "sh",
				  "-c", "id -u; read x"));
	char *outside;

	expect(&r, "1000");
	outside = file_text("/proc/%ld/status", first_inside(&r));
	finish(&r);
	ck_assert_msg(has(outside, "\nUid:\t2000001000\t") || !own_program(),
		      "%s", outside);
	ck_assert(!has(outside, "\nUid:\t1000\t"));
}
END_TEST

/* Whose namespace is it?  See ioctl_ns(2). */
static ino_t owner_of(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), owner;
	struct stat status = { 0 };

	ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
	owner = ioctl(fd, NS_GET_USERNS);
	ck_assert_int_ge(owner, 0);
	ck_assert_int_eq(fstat(owner, &status), 0);
	close(owner);
	close(fd);
	return status.st_ino;
}

START_TEST(the_other_namespaces_belong_to_the_new_one)
{
	static const char *const names[] = { "uts", "pid", "mnt" };
	struct running r = start(NULL, WORDS(NEW, "--userns", SAME, "sh", "-c",
					     "echo ready; read x"));
	struct stat user;

	expect(&r, "ready");
	for (size_t i = 0; i < sizeof(names) / sizeof(char *); i++) {
		ino_t owner = owner_of(
			text("/proc/%ld/ns/%s", first_inside(&r), names[i]));

		isolated(owner != owner_of("/proc/self/ns/uts"),
			 "the host's user namespace owns %s", names[i]);
		ck_assert_int_eq(
			stat(text("/proc/%ld/ns/user", first_inside(&r)),
			     &user),
			0);
		ck_assert_uint_eq(user.st_ino, owner);
	}
	finish(&r);
}
END_TEST

START_TEST(the_maps_are_as_told)
{
	struct result *r =
		RUN(NEW, "--uid-map", "0:100000:1000", "--uid-map",
		    "5000:200000:1", "--gid-map", "0:300000:10", SAME, "cat",
		    "/proc/self/uid_map", "/proc/self/gid_map");

	isolated(strcmp(r->out, "         0     100000       1000\n"
				"      5000     200000          1\n"
				"         0     300000         10\n") == 0,
		 "the maps are\n%s", r->out);
}
END_TEST

START_TEST(a_capability_counts_only_in_its_user_namespace)
{
	struct result *r = RUN("--tmpfs", "/tmp", NEW, "--userns", "--cap-add",
			       "ALL", SAME, TRY("mknod /tmp/kmsg c 1 11"));

	isolated(!was_done(r), "it could make a device");
}
END_TEST

START_TEST(the_host_roots_files_are_a_strangers)
{
	struct result *r;

	shell("echo secret > /run/secret; chmod 600 /run/secret");
	r = RUN(NEW, "--userns", SAME, TRY("cat /run/secret"));
	shell("rm /run/secret");
	isolated(!was_done(r), "it could read root's file");
}
END_TEST

START_TEST(files_in_the_root_belong_to_root_inside)
{
	const char *root = "/run/root";
	struct result *r;
	char *outside;

	shell("mkdir %s && cp -a %s/. %s && chown -h 0:0 %s/bin", root,
	      rootfs(), root, root);
	r = RUN("--userns", "--rootfs", root, "sh", "-c",
		"touch /made && stat -c %u:%g /bin /made");
	outside = shell("stat -c %%u:%%g %s/made", root);
	shell("rm -rf %s", root);
	if (own_program() && has(r->err, "id-mapped"))
		skip("this kernel has no id-mapped mounts of tmpfs");
	ck_assert_str_eq(r->out, "0:0\n0:0\n");
	ck_assert_str_eq(outside, "0:0");
}
END_TEST

START_TEST(an_ordinary_user_can_have_a_container)
{
	struct result *r;

	need_ordinary_userns();
	r = run(&as_ordinary,
		WORDS("--userns", "--rootfs", rootfs(), "--hostname", "box",
		      "--tmpfs", "/tmp", "sh", "-c",
		      ("id -u; hostname; cat /proc/self/uid_map; echo $$; "
		       "touch /tmp/x /dev/shm/x && echo a > /dev/null")));
	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert_str_eq(r->out, "0\nbox\n         0      65534          1\n"
				 "1\n");
}
END_TEST

START_TEST(an_ordinary_user_can_use_layers)
{
	struct result *r;

	need_ordinary_userns();
	shell("mkdir /run/user && chown 65534:65534 /run/user && "
	      "setpriv --reuid 65534 --regid 65534 --clear-groups sh -c '"
	      "mkdir /run/user/upper && cp -a %s /run/user/lower'",
	      rootfs());
	r = run(&as_ordinary,
		WORDS("--userns", "--layer", "/run/user/lower", "--upper",
		      "/run/user/upper", "--diff", "sh", "-c",
		      "rm /etc/hosts && touch /new && stat -c %u /new"));
	shell("rm /run/user/upper/new /run/user/upper/etc/hosts && "
	      "rmdir /run/user/upper/etc /run/user/upper");
	shell("rm -rf /run/user/lower; rmdir /run/user");
	ck_assert_str_eq(r->err, "");
	ck_assert_str_eq(r->out, "0\nC /etc\nD /etc/hosts\nA /new\n");
}
END_TEST

START_TEST(what_root_inside_writes_belongs_to_root_on_the_disk)
{
	struct result *r;
	char *outside;

	shell("mkdir -p /run/disk/upper");
	r = RUN("--userns", "--layer", rootfs(), "--upper", "/run/disk/upper",
		"sh", "-c", "touch /new && stat -c %u:%g /new /etc");
	outside = shell("stat -c %%u:%%g /run/disk/upper/new");
	shell("rm -rf /run/disk");
	if (own_program() && has(r->err, "id-mapped"))
		skip("this kernel has no id-mapped mounts of tmpfs");
	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert_str_eq(outside, "0:0");
}
END_TEST

START_TEST(an_ordinary_user_can_be_any_user_inside)
{
	struct result *r;

	need_ordinary_userns();
	r = run(&as_ordinary, WORDS("--userns", "--user", "33:44", "--rootfs",
				    rootfs(), STATUS));
	ck_assert_msg(has(r->out, "\nUid:\t33\t33\t33\t33\n"), "%s", r->err);
	ck_assert(has(r->out, "\nGid:\t44\t44\t44\t44\n"));
	ck_assert_uint_eq(status_set(r->out, "CapEff"), 0);
	r = run(&as_ordinary, WORDS("--userns", "--user", "33", "--cap-add",
				    "NET_RAW", "--rootfs", rootfs(), STATUS));
	ck_assert_uint_eq(status_set(r->out, "CapEff"), BIT(CAP_NET_RAW));
}
END_TEST

START_TEST(an_ordinary_user_keeps_fourteen_as_root_inside)
{
	struct result *r;

	need_ordinary_userns();
	r = run(&as_ordinary, WORDS("--userns", "--rootfs", rootfs(), STATUS));
	ck_assert_uint_eq(status_set(r->out, "CapBnd"), DOCKER_CAPABILITIES);
	ck_assert_uint_eq(status_set(r->out, "CapEff"), DOCKER_CAPABILITIES);
	ck_assert(has(r->out, "NoNewPrivs:\t1"));
}
END_TEST

START_TEST(an_ordinary_users_container_dies_with_the_program)
{
	need_ordinary_userns();
	dies_with_the_program(&as_ordinary,
			      WORDS("--userns", "--user", "5", "--rootfs",
				    rootfs(), READY_AND_STAY));
}
END_TEST

START_TEST(an_ordinary_user_is_told_of_userns)
{
	struct result *r = run(&as_ordinary, WORDS("true"));

	ck_assert_int_eq(r->status, 125);
	if (own_program())
		ck_assert(has(r->err, "--userns") && has(r->err, "sudo"));
}
END_TEST

START_TEST(an_ordinary_user_cannot_map_another)
{
	struct result *r;

	need_ordinary_userns();
	r = run(&as_ordinary, WORDS("--uid-map", "0:0:1", "true"));
	ck_assert_int_eq(r->status, 125);
	if (own_program())
		ck_assert_msg(has(r->err, "newuidmap"), "%s", r->err);
}
END_TEST

START_TEST(a_system_without_user_namespaces_is_named)
{
	char *said = shell("unshare --user --map-root-user sh -c '"
			   "echo 0 > /proc/sys/user/max_user_namespaces && "
			   "%s --userns true; echo status $?' 2>&1",
			   program_under_test());

	ck_assert_msg(has(said, "status 125"), "%s", said);
	if (own_program())
		ck_assert(has(said, "max_user_namespaces is 0"));
}
END_TEST

START_TEST(a_user_namespace_within_one_works)
{
	char *said = shell("%s --userns --cap-add ALL %s --userns "
			   "cat /proc/self/uid_map",
			   program_under_test(), program_under_test());

	ck_assert_str_eq(said, "         0          0          1");
}
END_TEST

START_TEST(a_user_that_is_not_mapped_is_an_error)
{
	struct result *r = RUN("--userns", "--user", "70000", "true");

	ck_assert_int_eq(r->status, 125);
	if (own_program())
		ck_assert_msg(has(r->err, "not mapped"), "%s", r->err);
}
END_TEST

/* As root: a home of mode 0700 is open to the host's root, not to this one. */
START_TEST(a_closed_directory_of_the_path_is_explained)
{
	static const char closed[] = "/mnt/closed/sub/dir";
	const char *const *all[] = {
		WORDS("--userns", "--rootfs", closed, "true"),
		WORDS("--userns", "--layer", closed, "true"),
		WORDS("--userns", "--layer", rootfs(), "--upper", closed,
		      "true"),
		WORDS("--userns", "--mount", "/mnt/closed/sub/dir:/mnt",
		      "true"),
		WORDS("--userns", "--tmpfs", closed, "true"),
	};

	shell("mkdir -p %s; chmod 700 /mnt/closed", closed);
	for (size_t i = 0; i < COUNT(all); i++)
		cannot(NULL, all[i], "EACCES");
	for (size_t i = 0; i < COUNT(all); i++)
		cannot(NULL, all[i], "chmod o+x");
	shell("rm -r /mnt/closed");
}
END_TEST

START_TEST(bad_maps_are_refused)
{
	static const char *const maps[] = {
		"0",
		"0:1",
		"0:1:0",
		"a:b:c",
		"0:1:2:3",
		"-1:0:1",
		"0:1:2 ",
		"0:4294967290:10",
		"4294967290:0:10",
		"0:0:4294967295000",
	};

	for (size_t i = 0; i < sizeof(maps) / sizeof(char *); i++) {
		refuses(WORDS("--uid-map", maps[i], "true"), "is not a map");
		refuses(WORDS("--gid-map", maps[i], "true"), "is not a map");
	}
	refuses(WORDS("--uid-map", "0:1000:10", "--uid-map", "9:5000:1",
		      "true"),
		"overlaps 0:1000:10");
	refuses(WORDS("--gid-map", "0:1000:10", "--gid-map", "20:1005:1",
		      "true"),
		"overlaps 0:1000:10");
	refuses(WORDS("--uid-map", "", "true"), "empty");
	refuses(WORDS("--uid-map"), "needs a value");
}
END_TEST

const struct test tests[] = {
	{ "isolation", &the_user_namespace_is_a_new_one },
	{ "isolation", &root_inside_is_nobody_outside },
	{ "safety", &another_user_inside_is_yet_another_outside },
	{ "isolation", &the_other_namespaces_belong_to_the_new_one },
	{ "isolation", &the_maps_are_as_told },
	{ "isolation", &a_capability_counts_only_in_its_user_namespace },
	{ "isolation", &the_host_roots_files_are_a_strangers },
	{ "safety", &files_in_the_root_belong_to_root_inside },
	{ "safety", &a_user_namespace_dies_with_the_program },
	{ "safety", &an_ordinary_user_can_have_a_container },
	{ "safety", &what_root_inside_writes_belongs_to_root_on_the_disk },
	{ "safety", &an_ordinary_user_can_use_layers },
	{ "safety", &an_ordinary_user_can_be_any_user_inside },
	{ "safety", &an_ordinary_user_keeps_fourteen_as_root_inside },
	{ "safety", &an_ordinary_users_container_dies_with_the_program },
	{ "safety", &a_user_namespace_within_one_works },
	{ "input", &an_ordinary_user_is_told_of_userns },
	{ "input", &an_ordinary_user_cannot_map_another },
	{ "input", &a_system_without_user_namespaces_is_named },
	{ "input", &a_user_that_is_not_mapped_is_an_error },
	{ "input", &a_closed_directory_of_the_path_is_explained },
	{ "input", &bad_maps_are_refused },
	{ 0 },
};

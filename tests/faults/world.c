#include "tests/faults/world.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "tests/faults/text.h"

static void must(int result, const char *what)
{
	if (result < 0)
		err(1, "%s", what);
}

static void shell(const char *script)
{
	if (system(script) != 0)
		errx(1, "this failed: %s", script);
}

/* What a container's /dev is made of, without the machine's own files. */
static void world_make_dev(void)
{
	static const struct {
		const char *path;
		unsigned int major, minor;
	} nodes[] = {
		{ "/mnt/dev/null", 1, 3 },    { "/mnt/dev/zero", 1, 5 },
		{ "/mnt/dev/full", 1, 7 },    { "/mnt/dev/random", 1, 8 },
		{ "/mnt/dev/urandom", 1, 9 }, { "/mnt/dev/tty", 5, 0 },
		{ "/mnt/dev/fuse", 10, 229 },
	};

	must(mkdir("/mnt/dev", 0755), "/mnt/dev");
	must(mount("dev", "/mnt/dev", "tmpfs", 0, "mode=755"), "/mnt/dev");
	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++) {
		must(mknod(nodes[i].path, S_IFCHR | 0666,
			   makedev(nodes[i].major, nodes[i].minor)),
		     nodes[i].path);
		must(chmod(nodes[i].path, 0666), nodes[i].path);
	}
	shell("cd /mnt/dev && mkdir pts shm mqueue net &&"
	      "ln -s pts/ptmx ptmx && ln -s /proc/self/fd fd");
	must(mount("devpts", "/mnt/dev/pts", "devpts", 0,
		   "newinstance,ptmxmode=666"),
	     "devpts");
	must(mount("/mnt/dev", "/dev", NULL, MS_BIND | MS_REC, NULL), "/dev");
}

void world_make(const char *tools)
{
	must(mount("tmpfs", "/tmp", "tmpfs", 0, "mode=1777"), "/tmp");
	world_make_dev();
	must(setenv("TOOLS", tools, 1), "TOOLS");
	shell("mkdir -p " WORLD_OUT " " WORLD_BUNDLE " " WORLD_SHARED " " WORLD
	      "/ro " WORLD "/upper && cp -a \"$ROOTFS\" " WORLD_ROOT
	      " && cp \"$TOOLS/inside\" " WORLD_ROOT "/bin &&"
	      "cp \"$TOOLS/faulty\" " WORLD_OUT " &&"
	      "chmod 777 " WORLD_SHARED " && cd " WORLD_ROOT
	      " && mkdir -p filled ro rw mapped opt sys/fs/cgroup &&"
	      "for i in 1 2 3; do echo $i >filled/$i; done &&"
	      "ln -s 1 filled/link && mkdir filled/below");
}

/* RFC 7386: null removes, an object goes into it, all else is put there. */
static json_t *world_merge(json_t *target, json_t *patch)
{
	const char *key;
	json_t *value;

	if (!json_is_object(patch))
		return json_incref(patch);
	if (!json_is_object(target))
		target = json_object();
	else
		json_incref(target);
	json_object_foreach(patch, key, value) if (json_is_null(value))
		json_object_del(target, key);
	else json_object_set_new(
		target, key, world_merge(json_object_get(target, key), value));
	return target;
}

static void world_patch(json_t **config, json_t *patch, const char *what,
			const json_error_t *error)
{
	json_t *merged;

	if (!patch)
		errx(1, "%s: line %d: %s", what, error->line, error->text);
	merged = world_merge(*config, patch);
	json_decref(*config);
	json_decref(patch);
	*config = merged;
}

void world_configure(const char *program, const char *file, const char *patch,
		     const char *act)
{
	CLEANUP_FREE char *command =
		text_format("%s spec --rootfs " WORLD_ROOT " --memory 64M "
			    "--pids 40 --net none --seccomp default - "
			    "/bin/inside %s",
			    program, act);
	FILE *spec = popen(command, "re");
	json_error_t error;
	json_t *config = spec ? json_loadf(spec, 0, &error) : NULL;

	if (!config || pclose(spec) != 0)
		errx(1, "%s fails", command);
	world_patch(&config,
		    json_load_file("tests/faults/full.json", 0, &error),
		    "full.json", &error);
	if (file)
		world_patch(&config, json_load_file(file, 0, &error), file,
			    &error);
	if (patch)
		world_patch(&config, json_loads(patch, 0, &error), patch,
			    &error);
	must(json_dump_file(config, WORLD_BUNDLE "/config.json",
			    JSON_INDENT(2)),
	     "config.json");
	json_decref(config);
}

static void world_write(const char *path, const char *file, const char *text)
{
	CLEANUP_FREE char *name = text_format("%s/%s", path, file);
	CLEANUP_CLOSE int fd = open(name, O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		return; /* it is tried again */
}

void world_remove_group(const char *path)
{
	world_write(path, "freezer.state", "THAWED");
	world_write(path, "cgroup.freeze", "0");
	rmdir(path);
}

void world_remove_interface(const char *name)
{
	CLEANUP_FREE char *command =
		text_format("ip link delete %s 2>/dev/null", name);

	if (system(command) < 0)
		err(1, "%s", command);
}

void world_remove_network(void)
{
	if (system("nft flush ruleset; echo 0 >/proc/sys/net/ipv4/ip_forward") <
	    0)
		err(1, "system");
}

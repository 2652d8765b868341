#include "tests/10-full-container/oci.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/runner/runner.h"

static const char own_namespaces[] =
	"[{\"type\": \"pid\"}, {\"type\": \"mount\"}, {\"type\": \"uts\"}, "
	"{\"type\": \"ipc\"}, {\"type\": \"network\"}, {\"type\": \"cgroup\"}]";

static const char * or (const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

void oci_write(const struct config *c)
{
	FILE *file = fopen(OCI_BUNDLE "/config.json", "w");

	ck_assert_ptr_nonnull(file);
	fprintf(file, "{%s \"process\": {\"cwd\": \"%s\", ",
		or (c->version, "\"ociVersion\": \"1.0.2\","),
		or (c->cwd, "/"));
	fprintf(file, "\"env\": [\"PATH=/bin\"%s], \"user\": %s%s,\n",
		or (c->env, ""), or (c->user, "{\"uid\": 0, \"gid\": 0}"),
		or (c->process, ""));
	fprintf(file, "\"args\": [\"sh\", \"-c\", \"%s\"]},\n",
		or (c->script, "echo ready; read x"));
	fprintf(file, "\"root\": %s,\n",
		or (c->root, text("{\"path\": \"%s\"}", rootfs())));
	fprintf(file,
		"\"mounts\": [{\"destination\": \"/proc\", \"type\": \"proc\"},"
		"{\"destination\": \"/dev\", \"type\": \"tmpfs\"},"
		"{\"destination\": \"/mnt\", \"source\": \"" OCI_SHARED "\", "
		"\"options\": [\"rbind\"]}%s],\n",
		or (c->mounts, ""));
	fprintf(file, "\"linux\": {\"namespaces\": %s%s}%s}\n",
		or (c->namespaces, own_namespaces), or (c->linux_, ""),
		or (c->top, ""));
	fclose(file);
}

void oci_begin(const struct config *config)
{
	shell("mkdir -p " OCI_BUNDLE " " OCI_STATES " " OCI_SHARED);
	oci_write(config);
}

void oci_end(void)
{
	ck_assert_str_eq(shell("ls " OCI_STATES), "");
	shell("rm -r /run/oci");
}

struct result *oci(const char *const words[])
{
	return run(NULL, words);
}

void oci_refuses(const char *const words[], const char *piece)
{
	struct result *r = oci(words);
	/* Without an id it is wrong usage, as with any verb. */
	bool is_exec = words[0] && words[1] && words[2] &&
		       strcmp(words[2], "exec") == 0 && words[3];
	int wanted = is_exec ? 255 : 1;
	char *line = text("%s: ", stage_name), *end = strchr(r->err, '\n');

	ck_assert_msg(r->status == wanted, "%s: exit status %d: %s%s", piece,
		      r->status, r->err, r->out);
	if (!own_program())
		return;
	ck_assert_msg(!r->out[0], "%s: it prints %s", piece, r->out);
	ck_assert_msg(has(r->err, piece), "expected \"%s\" in: %s", piece,
		      r->err);
	ck_assert_msg(strncmp(r->err, line, strlen(line)) == 0 && end,
		      "not a message: %s", r->err);
	if (strncmp(end, "\n  hint: ", 9) == 0)
		end = strchr(end + 1, '\n');
	ck_assert_msg(end && !end[1], "more than one line: %s", r->err);
}

void oci_refuses_config(const struct config *config, const char *piece)
{
	oci_begin(config);
	oci_refuses(WORDS("--root", OCI_STATES, "run", "--bundle", OCI_BUNDLE,
			  OCI_ID),
		    piece);
	oci_end();
}

char *oci_prints(const struct config *config)
{
	struct result *r;

	oci_begin(config);
	r = OCI_RUN();
	ck_assert_msg(r->status == 0, "exit status %d: %s", r->status, r->err);
	oci_end();
	return r->out;
}

struct running oci_create(const char *id)
{
	struct running box = start(NULL, WORDS("--root", OCI_STATES, "create",
					       "--bundle", OCI_BUNDLE, id));
	int status;

	ck_assert_int_eq(waitpid(box.pid, &status, 0), box.pid);
	lseek(box.err, 0, SEEK_SET);
	ck_assert_msg(status == 0, "create: %s", read_all(box.err));
	return box;
}

char *oci_close(struct running *box)
{
	char *rest;

	close(box->in);
	rest = read_all(box->out);
	close(box->out);
	close(box->err);
	return rest;
}

/* The value after a key, as text; the document is known to be flat. */
static char *value_of(const char *json, const char *key)
{
	const char *value = strstr(json, text("\"%s\": ", key));

	if (!value)
		return text("%s", "");
	value += strlen(key) + strlen("\"\": ");
	value += *value == '"';
	return text("%.*s", (int)strcspn(value, "\",\n"), value);
}

char *oci_status(const char *id)
{
	struct result *r = OCI("state", id);

	ck_assert_msg(r->status == 0, "state: %s", r->err);
	return value_of(r->out, "status");
}

pid_t oci_pid(const char *id)
{
	return (pid_t)strtol(value_of(OCI("state", id)->out, "pid"), NULL, 10);
}

void oci_wait(pid_t pid)
{
	struct pollfd end = { .events = POLLIN };

	end.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (end.fd < 0)
		return;
	ck_assert_int_eq(poll(&end, 1, -1), 1);
	close(end.fd);
}

/*
 * Options that stand before the verb, and those that more than one verb has.
 *
 * Each parser gets the address of its field in struct request, as those of the
 * stages get that of a field of theirs: habits/options.h.
 */
#include "10-full-container/config/request.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "habits/error.h"

/* The order is kept: of two variables with one name the later one counts. */
int request_parse_list(void *field, const char *name, const char *value)
{
	struct request_list *list = field;

	if (list->count == REQUEST_LIST_MAX)
		return error_input(NULL,
				   "option --%s: given more than %d times",
				   name, REQUEST_LIST_MAX);
	list->items[list->count++] = value;
	return 0;
}

/*
 * With systemd's socket activation the first descriptors after standard error
 * are sockets that the program is to get: see sd_listen_fds(3).
 */
static int request_parse_fds(void *field, const char *name, const char *value)
{
	char *end;
	unsigned long number = strtoul(value, &end, 10);

	if (!isdigit((unsigned char)value[0]) || *end || number > 1024)
		return error_input("how many descriptors from 3 on stay open",
				   "option --%s: \"%s\" is not a number up to "
				   "1024",
				   name, value);
	*(unsigned int *)field = (unsigned int)number;
	return 0;
}

/* "table" is for people, and the default. */
int request_parse_format(void *field, const char *name, const char *value)
{
	*(bool *)field = strcmp(value, "json") == 0;
	if (*(bool *)field || strcmp(value, "table") == 0)
		return 0;
	return error_input("one of: table, json",
			   "option --%s: there is no format \"%s\"", name,
			   value);
}

/*
 * With json each line of the log is an object: why a `create` has failed,
 * containerd and Docker read there, and not on standard error.
 */
static int request_parse_log_format(void *field, const char *name,
				    const char *value)
{
	*(bool *)field = strcmp(value, "json") == 0;
	if (*(bool *)field || strcmp(value, "text") == 0)
		return 0;
	return error_input("one of: text, json",
			   "option --%s: there is no format \"%s\"", name,
			   value);
}

/* In crun's and podman's words; with runc's there is --systemd-cgroup. */
static int request_parse_manager(void *field, const char *name,
				 const char *value)
{
	*(const char **)field = value;
	if (strcmp(value, "systemd") == 0 || strcmp(value, "cgroupfs") == 0 ||
	    strcmp(value, "disabled") == 0)
		return 0;
	return error_input("one of: cgroupfs, disabled, systemd",
			   "option --%s: there is no manager \"%s\"", name,
			   value);
}

/*
 * Who may make no groups has a container without, if it has no limits.  With
 * "false" that is an error; "true" and "auto" are the same here.
 */
static int request_parse_rootless(void *field, const char *name,
				  const char *value)
{
	*(bool *)field = strcmp(value, "false") == 0;
	if (*(bool *)field || strcmp(value, "true") == 0 ||
	    strcmp(value, "auto") == 0)
		return 0;
	return error_input("one of: auto, true, false",
			   "option --%s: \"%s\" is none of its words", name,
			   value);
}

const struct option_entry request_options[] = {
	{ 0, "root", "DIR", "where states are kept", option_string,
	  offsetof(struct request, root) },
	{ 0, "log", "FILE", "write messages to FILE as well", option_string,
	  offsetof(struct request, log) },
	{ 0, "log-format", "FORMAT", "text or json", request_parse_log_format,
	  offsetof(struct request, log_json) },
	{ 0, "debug", NULL, "say each step that is made", option_flag,
	  offsetof(struct request, debug) },
	{ 0, "cgroup-manager", "NAME", "cgroupfs, systemd; disabled: no groups",
	  request_parse_manager, offsetof(struct request, manager) },
	{ 0, "systemd-cgroup", NULL, "have systemd make them", option_flag,
	  offsetof(struct request, systemd) },
	{ 0, "rootless", "WORD", "auto; true: no group will do; false: needed",
	  request_parse_rootless, offsetof(struct request, needs_group) },
	{ 'v', "version", NULL, "say which version this is", option_flag,
	  offsetof(struct request, version) },
	{ 0 },
};

const struct option_entry request_bundle_options[] = {
	{ 'b', "bundle", "DIR", "where config.json is (default: here)",
	  option_string, offsetof(struct request, bundle) },
	{ 0, "config", "FILE", "instead of the bundle's config.json",
	  option_string, offsetof(struct request, config) },
	{ 0, "no-pivot", NULL, "enter the root without pivot_root(2)",
	  option_flag, offsetof(struct request, no_pivot) },
	{ 0, "no-new-keyring", NULL, "keep the caller's session keyring",
	  option_flag, offsetof(struct request, keeps_keyring) },
	{ 0 },
};

const struct option_entry request_process_options[] = {
	{ 0, "pid-file", "FILE", "write the process id to FILE", option_string,
	  offsetof(struct request, pid_file) },
	{ 0, "console-socket", "PATH", "send the terminal to this socket",
	  option_string, offsetof(struct request, console_socket) },
	{ 0, "pidfd-socket", "PATH", "send the process to this socket",
	  option_string, offsetof(struct request, pidfd_socket) },
	{ 0, "preserve-fds", "N", "leave N descriptors from 3 on open",
	  request_parse_fds, offsetof(struct request, preserve_fds) },
	{ 0 },
};

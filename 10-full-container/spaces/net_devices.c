/*
 * In the parent, while the child waits: only from here can both networks be
 * reached.  First all is looked at, and then all is moved: so most of what can
 * be wrong is found while the host is still as it was.
 */
#include "10-full-container/spaces/net_devices.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "habits/error.h"

static const struct hint move_hints[] = {
	{ EINVAL, "some links are bound to their network: lo, a bridge with "
		  "ports, some tunnels and wireless cards" },
	{ EOPNOTSUPP, "this link cannot be moved" },
	{ EPERM, "this needs CAP_NET_ADMIN on the host: run as root" },
	{ EEXIST, "a link of this name is in the container's network; a name "
		  "with %d lets the kernel choose a number" },
	{ 0, NULL },
};

/* What the kernel takes, see dev_valid_name() there; one %d as a template. */
static bool net_device_is_name(const char *name, bool can_be_template)
{
	const char *percent = strchr(name, '%');

	if (!name[0] || strlen(name) >= IFNAMSIZ || strpbrk(name, "/: \t\n") ||
	    strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return false;
	return !percent || (can_be_template && percent[1] == 'd' &&
			    !strchr(percent + 1, '%'));
}

/* The key is the name on the host; "name" is what it is called inside. */
static int net_device_read(struct net_device *device,
			   const struct value *member)
{
	struct value inside = value_member(member, "name");

	device->name = member->key;
	device->inside = member->key;
	if (!net_device_is_name(device->name, false))
		return value_complain(member, "possible: that is no name of a "
					      "network device");
	if (value_item_object(member) < 0 ||
	    value_string(member, "name", &device->inside) < 0)
		return -1;
	if (!device->inside[0])
		device->inside = member->key;
	if (!net_device_is_name(device->inside, true))
		return value_complain(&inside, "a name of up to 15 bytes, with "
					       "one %d at most");
	return 0;
}

/* NULL, if there are none. */
int net_devices_read(struct net_device **devices, const struct value *object,
		     const struct namespaces *namespaces)
{
	struct net_device *next;

	if (value_item_object(object) < 0)
		return -1;
	if (json_object_size(object->value) == 0)
		return 0;
	if (!(namespaces_flags(namespaces) & CLONE_NEWNET))
		return value_complain(object, "possible without a network "
					      "namespace in linux.namespaces");
	next = *devices = calloc(json_object_size(object->value) + 1,
				 sizeof(struct net_device));
	if (!next)
		return error_call(NULL, "read linux.netDevices");
	for (void *i = value_first(object); i; i = value_next(object, i)) {
		struct value member = value_at(object, i);

		if (net_device_read(next++, &member) < 0)
			return -1;
	}
	return 0;
}

/* The names are the document's; the addresses were noted here. */
void net_devices_free(struct net_device *devices)
{
	for (struct net_device *d = devices; d && d->name; d++)
		free(d->link.addresses);
	free(devices);
}

/* Before anything moves: is it here, and is its name free there? */
static int net_device_check(struct net_device *device,
			    const struct net_side *here,
			    const struct net_side *there)
{
	int index = net_find(here, device->name), taken = 0;

	if (index == 0)
		return error_input("ip link shows those of the host",
				   "linux.netDevices.%s: there is no such "
				   "network device",
				   device->name);
	if (index > 0 && !strchr(device->inside, '%'))
		taken = net_find(there, device->inside);
	if (index < 0 || taken < 0)
		return -1;
	if (taken > 0)
		return error_input("a name with %d lets the kernel choose a "
				   "number",
				   "linux.netDevices.%s: the container's "
				   "network has a %s already",
				   device->name, device->inside);
	return net_note(here, index, &device->link);
}

/* Noted as moved at once: what fails after it has to be undone as well. */
static int net_device_move(struct net_device *device,
			   const struct net_side *here,
			   const struct net_side *there)
{
	struct net_link link;

	if (net_move(&device->link, here, there, device->inside) < 0)
		return error_call(move_hints,
				  "linux.netDevices.%s: move it to the "
				  "container as %s",
				  device->name, device->inside);
	device->is_moved = true;
	link = device->link;
	link.is_up = true; /* the specification wants it so */
	if (net_restore(&link, there) < 0)
		return error_call(NULL,
				  "linux.netDevices.%s: set its addresses and "
				  "bring it up",
				  device->name);
	return 0;
}

/* All are looked at, before the first is moved. */
static int net_devices_move_all(struct net_device *devices,
				const struct net_side *here,
				const struct net_side *there)
{
	for (struct net_device *d = devices; d->name; d++)
		if (net_device_check(d, here, there) < 0)
			return -1;
	for (struct net_device *d = devices; d->name; d++)
		if (net_device_move(d, here, there) < 0)
			return -1;
	return 0;
}

/* `there` stays open, also after a failure: net_devices_return() needs it. */
int net_devices_move(struct net_device *devices, pid_t pid,
		     struct net_side *there)
{
	struct net_side here = { -1, -1 };
	int result = -1;

	if (!devices)
		return 0;
	if (net_side_own(&here) == 0 && net_side_of(there, pid) == 0)
		result = net_devices_move_all(devices, &here, there);
	net_side_close(&here);
	return result;
}

/*
 * After a failure.  A container that ends does not come here: then the kernel
 * gives real cards back to the host, without their addresses.
 */
void net_devices_return(struct net_device *devices, struct net_side *there)
{
	struct net_side here = { -1, -1 };

	if (!devices || net_side_own(&here) < 0)
		return;
	for (struct net_device *d = devices; d->name; d++)
		if (d->is_moved &&
		    (net_move(&d->link, there, &here, d->name) < 0 ||
		     net_restore(&d->link, &here) < 0))
			error_call(NULL,
				   "linux.netDevices.%s: give it back to "
				   "the host",
				   d->name);
	net_side_close(&here);
}

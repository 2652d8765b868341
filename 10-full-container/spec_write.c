/* spec: write a config.json to start from. */
#include <errno.h>
#include <stdio.h>

#include "01-uts/error.h"
#include "10-full-container/container.h"

const struct option_entry spec_options[] = {
	{ 'b', "bundle", "DIR", "where to write it (default: here)",
	  option_string, offsetof(struct request, bundle) },
	{ 0 },
};

int command_spec(struct request *request)
{
	(void)request;
	return EXIT_OCI;
}

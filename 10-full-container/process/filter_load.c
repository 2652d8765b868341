#include <errno.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/error.h"
#include "10-full-container/process/filter.h"

static const struct hint filter_hints[] = {
	{ EACCES, "a filter needs no_new_privs (leave --allow-new-privs out) "
		  "or CAP_SYS_ADMIN" },
	{ EINVAL, "the kernel has no seccomp filters, or not one of the flags "
		  "or actions" },
	{ ENOMEM, "all filters of a process together are too long" },
	{ EBUSY, "another filter of this process has a listener already" },
	{ 0, NULL },
};

int filter_load(const struct filter *filter)
{
	long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			      filter->flags, &filter->program);

	if (result < 0)
		return error_call(filter_hints,
				  "load a seccomp filter of %u instructions",
				  filter->program.len);
	/* Not an error to the kernel: the id of a thread, see seccomp(2). */
	if (result > 0 && (filter->flags & SECCOMP_FILTER_FLAG_TSYNC) &&
	    !(filter->flags & SECCOMP_FILTER_FLAG_NEW_LISTENER))
		return error_input(NULL,
				   "load a seccomp filter into all threads: "
				   "thread %ld has another one",
				   result);
	return (int)result;
}

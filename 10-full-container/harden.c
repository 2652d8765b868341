#include "10-full-container/harden.h"

#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "01-uts/error.h"

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

int harden_close_inherited(unsigned int first)
{
	if (syscall(SYS_close_range, first, UINT_MAX, CLOSE_RANGE_CLOEXEC) < 0)
		return error_call(NULL, "close inherited descriptors at exec");
	return 0;
}

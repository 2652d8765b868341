/* A call that is not to be made. */
#pragma once

#include <sys/types.h>

/* The call at whose entry this thread is stopped fails with ENOSYS. */
void refuse_call(pid_t tid);

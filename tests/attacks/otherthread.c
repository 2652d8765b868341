/*
 * A second thread makes a directory.  If a filter kills that thread alone, the
 * first one goes on, and says so.
 */
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *make_directory(void *argument)
{
	(void)argument;
	syscall(SYS_mkdirat, -100 /* AT_FDCWD */, "/tmp/owned", 0700);
	return NULL;
}

int main(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, make_directory, NULL) != 0)
		return 1;
	pthread_join(thread, NULL);
	puts("the first thread goes on");
	return 0;
}

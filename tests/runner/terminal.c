#include "tests/runner/terminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "tests/runner/helpers.h"

/* Lines come out as they were written, and what is typed is not repeated. */
static void be_plain(int terminal)
{
	struct termios mode;

	ck_assert_int_eq(tcgetattr(terminal, &mode), 0);
	mode.c_lflag &= ~(tcflag_t)ECHO;
	mode.c_oflag &= ~(tcflag_t)OPOST;
	ck_assert_int_eq(tcsetattr(terminal, TCSANOW, &mode), 0);
}

struct running start_on_terminal(const struct manner *manner,
				 const char *const words[])
{
	struct manner with_terminal = manner ? *manner : (struct manner){ 0 };
	int keyboard = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct running running;

	ck_assert_int_ge(keyboard, 0);
	ck_assert_int_eq(grantpt(keyboard), 0);
	ck_assert_int_eq(unlockpt(keyboard), 0);
	with_terminal.terminal =
		open(ptsname(keyboard), O_RDWR | O_NOCTTY | O_CLOEXEC);
	ck_assert_int_ge(with_terminal.terminal, 0);
	be_plain(with_terminal.terminal);
	running = start(&with_terminal, words);
	close(with_terminal.terminal);
	close(running.in);
	close(running.out);
	running.in = keyboard;
	running.out = fcntl(keyboard, F_DUPFD_CLOEXEC, 0);
	return running;
}

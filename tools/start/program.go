// @title@: a start in Go (1.19 or newer).
//
// @exercise@ says what is asked for.  As it is, this
// runs the command as any program does, and isolates nothing.  Fill in what is
// marked "yours": four moments, in the order in which they come.
//
// A Go program has threads from its beginning, so it cannot fork: it starts
// itself a second time, as "inside", which then becomes the command.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// An option, and an example of its value; "": it takes none.
var known = map[string]string{
	// @options@
}

// Each option, with all values that were given.
type options map[string][]string

// In the parent, before there is a child: how it is to be started.
func before(given options, attributes *syscall.SysProcAttr) error {
	// Yours: attributes.Cloneflags |= syscall.CLONE_NEW... makes namespaces.
	return nil
}

// In the parent: the child exists, and waits.
func outside(given options, child int) error {
	// Yours.
	return nil
}

// In the child, which then becomes the command.  All is done by one thread:
// many things belong to a thread, and not to the process.
func inside(given options) error {
	// Yours.  What the package syscall has no function for goes by its number:
	//	_, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_GET_DUMPABLE, 0, 0)
	return nil
}

// In the parent: the command has ended.
func after(given options) error {
	// Yours: what the kernel keeps is removed here.
	return nil
}

const gateDescriptor = 3 // of the child: the first of its ExtraFiles

func fail(status int, what ...any) {
	fmt.Fprintln(os.Stderr, append([]any{filepath.Base(os.Args[0]) + ":"}, what...)...)
	os.Exit(status)
}

func must(err error) {
	if err != nil {
		fail(125, err)
	}
}

// What is in front of the command; an unknown word is wrong usage: 2.
func parseOptions(words []string) (given options, command []string) {
	given = options{}
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		name, value, hasValue := strings.Cut(words[0], "=")
		words = words[1:]
		if name == "--" {
			break
		}
		example, isKnown := known[name]
		if !isKnown {
			fail(2, "there is no option", name)
		}
		if example != "" && !hasValue {
			if len(words) == 0 {
				fail(2, name, "needs a value")
			}
			value, words = words[0], words[1:]
		}
		given[name] = append(given[name], value)
	}
	if len(words) == 0 {
		fail(2, "which command?")
	}
	return given, words
}

func beParent() {
	given, _ := parseOptions(os.Args[1:])
	gate, openGate, err := os.Pipe()
	must(err)
	self := exec.Command("/proc/self/exe", os.Args[1:]...)
	self.Args[0] = "inside"
	self.Stdin, self.Stdout, self.Stderr = os.Stdin, os.Stdout, os.Stderr
	self.ExtraFiles = []*os.File{gate}
	// Who is killed takes the command along.
	self.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	must(before(given, self.SysProcAttr))
	must(self.Start())
	signal.Notify(make(chan os.Signal, 1), os.Interrupt) // Ctrl-C is the command's
	gate.Close()
	must(outside(given, self.Process.Pid))
	_, err = openGate.Write([]byte("g"))
	must(err)
	self.Wait()
	must(after(given))
	status := self.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		os.Exit(128 + int(status.Signal()))
	}
	os.Exit(status.ExitStatus())
}

func beChild() {
	given, command := parseOptions(os.Args[1:])
	gate := os.NewFile(gateDescriptor, "the gate")
	if count, _ := gate.Read(make([]byte, 1)); count != 1 {
		os.Exit(125) // nobody is there any more
	}
	gate.Close()
	must(inside(given))
	path, err := exec.LookPath(command[0])
	if err == nil {
		err = syscall.Exec(path, command, os.Environ())
	}
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
		fail(127, err)
	}
	fail(126, err)
}

func main() {
	runtime.LockOSThread()
	if os.Args[0] == "inside" {
		beChild()
	}
	beParent()
}

"""Run tests of the CRI, each a function whose name is a sentence.

    python3 tests/oci/cri MODULE...

WORK, in the environment, is the directory with the engine's socket.  A test
that has a parameter gets the pod that the tests of a run share: most of them
need one, and do not change it.
"""
import importlib
import inspect
import sys
import traceback

import grpc
import kubelet


def tests_of(module):
    """In the order in which they are written."""
    for name, test in vars(module).items():
        of_others = getattr(test, "__module__", None) != module.__name__
        if inspect.isfunction(test) and not of_others and not name.startswith("_"):
            yield name, test


def say(verdict, name, why=""):
    print(f"{verdict}  cri {name}" + (f": {why}" if why else ""), flush=True)


class Shared:
    """The pod of the tests that share one: it is made for the first of them."""

    pod = None

    def get(self):
        if not self.pod:
            try:
                self.pod = kubelet.Pod("shared")
            except grpc.RpcError as error:
                say("FAIL", "a_pod_is_made", error.details())
                sys.exit(1)
        return self.pod


def run(name, test, shared):
    try:
        test(*[shared.get() for _ in inspect.signature(test).parameters])
        say("pass", name)
    except kubelet.Skip as why:
        say("skip", name, why)
    except Exception as error:  # whatever it was, the next one is run
        where = traceback.extract_tb(error.__traceback__)[-1]
        details = error.details() if hasattr(error, "details") else error
        say("FAIL", name, f"\n      {details}\n      {type(error).__name__} in {where.name}")


def main():
    shared = Shared()
    for module in sys.argv[1:]:
        for name, test in tests_of(importlib.import_module(module)):
            run(name, test, shared)
    if shared.pod:
        shared.pod.remove()
    with open(f"{kubelet.work}/all_was_said", "w", encoding="utf-8"):
        pass


main()

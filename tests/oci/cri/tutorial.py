"""What the tutorial shows: its RuntimeClass and its pod."""
import pathlib
import re

import yaml
from kubelet import Pod, same

TOP = pathlib.Path(__file__).resolve().parents[3]


def _blocks(language):
    text = (TOP / "TUTORIAL.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def _lines(text):
    """Those that say something."""
    return [line for line in text.splitlines() if line and line[0] != "#"]


def the_tutorials_handler_is_the_one_that_is_tried():
    example = (TOP / "tools/install/examples/containerd.toml").read_text(encoding="utf-8")
    tried = _lines(example.replace("@bindir", "/usr/local/bin"))
    (shown,) = [block for block in _blocks("toml") if "containerd.runtimes.ten-steps" in block]
    same(_lines(shown), ["version = 2", *tried])


def the_tutorials_pod_says_hello():
    """As a kubelet reads it.  There is no registry: the image is ours."""
    (block,) = [block for block in _blocks("yaml") if "kind: RuntimeClass" in block]
    chosen, pod = yaml.safe_load_all(block)
    same((chosen["apiVersion"], chosen["kind"]), ("node.k8s.io/v1", "RuntimeClass"))
    same((pod["apiVersion"], pod["kind"]), ("v1", "Pod"))
    same(pod["spec"]["runtimeClassName"], chosen["metadata"]["name"])
    with Pod(pod["metadata"]["name"], handler=chosen["handler"]) as made:
        (container,) = pod["spec"]["containers"]
        same(made.run(*container["command"]), "hello from a pod=0")

"""The streams of Exec and Attach: a WebSocket, whose messages begin with the
number of a channel (v4.channel.k8s.io)."""
import base64
import json
import os
import socket
import struct
import urllib.parse

STDIN, STDOUT, STDERR, STATUS, SIZE = range(5)


class Stream:
    """What is at the address that the engine gave."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=30)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n".encode()
        )
        self.file = self.socket.makefile("rb")
        answer = self.file.readline()
        assert b" 101 " in answer, f"no stream: {answer!r}"
        while self.file.readline().strip():
            pass
        self.said = {STDOUT: b"", STDERR: b"", STATUS: b""}

    def close(self):
        self.file.close()
        self.socket.close()

    def send(self, number, data):
        """One message, masked, as a client's has to be (RFC 6455)."""
        data = bytes([number]) + data
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
        assert len(data) < 126
        self.socket.sendall(struct.pack("BB", 0x82, 0x80 | len(data)) + mask + masked)

    def resize(self, width, height):
        self.send(SIZE, json.dumps({"Width": width, "Height": height}).encode())

    def receive(self):
        """One message; False at the end of all."""
        head = self.file.read(2)
        if len(head) < 2 or head[0] & 0x0F == 8:
            return False
        length = head[1] & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", self.file.read(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", self.file.read(8))
        data = self.file.read(length)
        if data and data[0] in self.said:
            self.said[data[0]] += data[1:]
        return True

    def expect(self, text):
        """Read until it was said."""
        while text not in self.said[STDOUT]:
            assert self.receive(), f"no {text!r} in {self.said}"

    def ended(self):
        """Read to the end: what was said, and the command's status."""
        while self.receive():
            pass
        status = json.loads(self.said[STATUS] or "{}")
        code = 0
        for cause in status.get("details", {}).get("causes", []):
            if cause.get("reason") == "ExitCode":
                code = int(cause["message"])
        self.close()
        return self.said[STDOUT], self.said[STDERR], code

"""A WebSocket client of the standard library alone (RFC 6455)."""

import base64
import json
import os
import socket
import struct


class Refused(Exception):
    pass


class WebSocket:
    def __init__(self, port, target, seconds):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
                             f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                             f"Sec-WebSocket-Key: {key}\r\n\r\n").encode())
        self.stream = self.socket.makefile("rb")
        status = self.stream.readline().decode()
        while self.stream.readline() not in (b"\r\n", b""):
            pass
        if not status.startswith("HTTP/1.1 101 "):
            self.disconnect()
            raise Refused(status.strip())

    def disconnect(self):
        self.stream.close()
        self.socket.close()

    def send(self, opcode, payload):
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack(">H", len(payload))
        self.socket.sendall(bytes([0x80 | opcode]) + size + mask + masked)

    def send_json(self, value):
        self.send(1, json.dumps(value).encode())

    def receive(self):
        """The opcode and the payload of the next frame."""
        first, size = self.stream.read(2)
        if size == 126:
            size = struct.unpack(">H", self.stream.read(2))[0]
        return first & 0xF, self.stream.read(size)

    def receive_json(self):
        opcode, payload = self.receive()
        assert opcode == 1, (opcode, payload)
        return json.loads(payload)

    def close(self, code=1000):
        """The code of the other end's Close; messages on the way are dropped."""
        self.send(8, struct.pack(">H", code))
        while True:
            opcode, payload = self.receive()
            if opcode == 8:
                return struct.unpack(">H", payload[:2])[0]

# SPDX-License-Identifier: GPL-2.0-or-later
"""A guest of QEMU's user network, at the other end of a datagram socket."""
import socket
import struct
import time

MAC = b"\x52\x54\x00\x12\x34\x56"
ADDRESS = socket.inet_aton("10.0.2.15")
HOST = socket.inet_aton("10.0.2.2")
OTHERS = b"\xff" * 6
SYN, RST, PSH, ACK = 2, 4, 8, 16
TCP, UDP, ICMP = 6, 17, 1


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return struct.pack("!H", ~total & 0xffff)


def packet(protocol, target, body):
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), 1, 0, 64, protocol, 0) + ADDRESS + target
    return OTHERS + MAC + b"\x08\x00" + head[:10] + checksum(head) + head[12:] + body


def segment(target, ports, numbers, flags, data=b""):
    tcp = struct.pack("!HHIIBBHHH", *ports, *numbers, 0x50, flags, 8192, 0, 0) + data
    false = ADDRESS + target + struct.pack("!HH", TCP, len(tcp))
    return packet(TCP, target, tcp[:16] + checksum(false + tcp) + tcp[18:])


class Guest:
    def __init__(self, ours, theirs):
        self.theirs = theirs
        self.target, self.ports, self.following = HOST, (0, 0), 0
        self.wire = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.wire.bind(ours)
        self.wire.settimeout(30)
        # It says where it is, so that answers reach it.
        self.send(OTHERS + MAC + b"\x08\x06" + struct.pack("!HHBBH", 1, 0x800, 6, 4, 1) + MAC + ADDRESS
                  + b"\0" * 6 + HOST)

    def close(self):
        self.wire.close()

    def send(self, frame):
        self.wire.sendto(frame, self.theirs)

    def receive(self, protocol):
        """Source, and what is in the next packet of the protocol."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            frame = self.wire.recv(65536)
            if frame[12:14] == b"\x08\x00" and frame[23] == protocol:
                length = struct.unpack("!H", frame[16:18])[0]
                return frame[26:30], frame[34:14 + length]
        raise TimeoutError("no packet")

    def receive_from_service(self):
        ports = struct.pack("!HH", *reversed(self.ports))
        while not (tcp := self.receive(TCP)[1]).startswith(ports):
            pass
        return tcp

    def dhcp(self):
        """An address is offered."""
        body = struct.pack("!BBBBIHH", 1, 1, 6, 0, 1, 0, 0) + b"\0" * 16 + MAC + b"\0" * 202
        body += b"\x63\x82\x53\x63\x35\x01\x01\xff"
        self.send(packet(UDP, b"\xff" * 4, struct.pack("!HHHH", 68, 67, 8 + len(body), 0) + body))
        while (answer := self.receive(UDP)[1])[:2] != b"\0\x43":
            pass
        return "offered " + socket.inet_ntoa(answer[8 + 16:8 + 20])

    def tftp(self, name):
        body = b"\0\x01" + name.encode() + b"\0octet\0"
        self.send(packet(UDP, HOST, struct.pack("!HHHH", 2000, 69, 8 + len(body), 0) + body))
        return repr(self.receive(UDP)[1][8:40])

    def call(self, address, port):
        """Connects to a service of the host."""
        self.target, self.ports = socket.inet_aton(address), (40000, int(port))
        self.send(segment(self.target, self.ports, (1, 0), SYN))
        tcp = self.receive_from_service()
        if tcp[13] & RST:
            return "reset"
        self.following = struct.unpack("!I", tcp[4:8])[0] + 1
        self.send(segment(self.target, self.ports, (2, self.following), ACK))
        return "connected"

    def say(self, text):
        self.send(segment(self.target, self.ports, (2, self.following), PSH | ACK, text.encode()))
        return "sent"

    def hear(self):
        """What comes back first."""
        while True:
            tcp = self.receive_from_service()
            data = tcp[(tcp[12] >> 4) * 4:]
            if data or tcp[13] & RST:
                return repr(data)

    def serve(self, port, text):
        """Somebody connects to the host's port: is met, is sent a text, which is shown."""
        with socket.create_connection(("127.0.0.1", int(port)), 30) as caller:
            source, tcp = self.receive(TCP)
            while tcp[13] != SYN:
                source, tcp = self.receive(TCP)
            theirs, ours, number = struct.unpack("!HHI", tcp[:8])
            self.send(segment(source, (ours, theirs), (1, number + 1), SYN | ACK))
            self.send(segment(source, (ours, theirs), (2, number + 1), PSH | ACK, text.encode()))
            return repr(caller.recv(len(text)))

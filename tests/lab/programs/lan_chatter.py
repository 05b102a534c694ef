# What hosts on a LAN say to everybody: mDNS and SSDP by multicast, NetBIOS, DHCP and discovery
# protocols by broadcast, LLMNR. Real message formats where they are short. Usage: ADDRESS ROUNDS.
import os
import random
import socket
import struct
import sys
import time

address, rounds = sys.argv[1], int(sys.argv[2])


def name(labels):
    return b"".join(bytes([len(label)]) + label for label in labels.encode().split(b".")) + b"\0"


def question(labels, kind):
    return struct.pack(">6H", random.getrandbits(16), 0, 1, 0, 0, 0) + name(labels) + struct.pack(">2H", kind, 1)


def netbios(labels):
    padded = labels.upper().ljust(15).encode() + b"\0"
    half = b"".join(bytes([65 + (byte >> 4), 65 + (byte & 15)]) for byte in padded)
    return struct.pack(">6H", random.getrandbits(16), 0x0110, 1, 0, 0, 0) + b"\x20" + half + b"\0" + struct.pack(">2H", 32, 1)


def dhcp():
    head = struct.pack(">4BIHH", 1, 1, 6, 0, random.getrandbits(32), 0, 0) + b"\0" * 16
    return head + os.urandom(6) + b"\0" * 202 + b"\x63\x82\x53\x63" + b"\x35\x01\x01\xff"


SSDP = b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 2\r\nST: ssdp:all\r\n\r\n'
broadcast = address.rsplit(".", 1)[0] + ".255"
TALK = [
    (5353, ("224.0.0.251", 5353), lambda: question("_ipp._tcp.local", 12)),
    (5353, ("224.0.0.251", 5353), lambda: question("_airplay._tcp.local", 12)),
    (None, ("239.255.255.250", 1900), lambda: SSDP),
    (137, (broadcast, 137), lambda: netbios("workgroup")),
    (138, (broadcast, 138), lambda: b"\x11\x02" + os.urandom(80)),
    (None, ("224.0.0.252", 5355), lambda: question("wpad", 1)),
    (17500, ("255.255.255.255", 17500), lambda: b'{"host_int": 1}'),
    (68, ("255.255.255.255", 67), dhcp),
    (None, (broadcast, 32412), lambda: b"M-SEARCH * HTTP/1.0\r\n\r\n"),
    (None, (broadcast, 57621), lambda: b"SpotUdp0" + os.urandom(20)),
]
for _ in range(rounds):
    for source_port, where, message in TALK:
        out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        out.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        out.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
        out.bind((address, source_port or 0))
        out.sendto(message(), where)
        out.close()
        time.sleep(random.uniform(0.01, 0.08))
    time.sleep(0.3)

# Answers every datagram to one UDP port of each given address, from that address: `answerer.py PORT ADDRESS...`.
# What is sent looks like the port's own protocol as far as the lab's tools look: IKE (500), SNMP (161), SIP.

import select
import socket
import sys


def ike(data):
    """A notification that no proposal was chosen (RFC 2408), with the asker's cookie."""
    payload = bytes([0, 0, 0, 12, 0, 0, 0, 1, 1, 0, 0, 14])
    header = data[:8] + b"labcooki" + bytes([11, 0x10, 5, 0]) + bytes(4)
    return header + (28 + len(payload)).to_bytes(4, "big") + payload


def snmp(data):
    """The question with the type of a response."""
    return data.replace(b"\xa0", b"\xa2", 1)


def sip(_):
    return b"SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"


port = int(sys.argv[1])
answer = {500: ike, 161: snmp}.get(port, sip)
sockets = []
for address in sys.argv[2:]:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind((address, port))
    sockets.append(one)
print("ready", flush=True)
while True:
    for one in select.select(sockets, [], [])[0]:
        data, sender = one.recvfrom(2048)
        one.sendto(answer(data), sender)

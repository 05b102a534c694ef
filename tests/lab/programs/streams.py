# Media streams over UDP: one side listens on every other port from 16384, the other sends datagrams
# of a voice codec's size to each, 20 ms apart. Usage: listen|send ADDRESS STREAMS.
import os
import socket
import struct
import sys
import time

role, address, streams = sys.argv[1], sys.argv[2], int(sys.argv[3])
ports = [16384 + 2 * i for i in range(streams)]
sockets = []
for port in ports:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(("0.0.0.0", port))
    sockets.append(one)
if role == "listen":
    print("ready", flush=True)
    while True:
        time.sleep(1)
for tick in range(25):
    for one, port in zip(sockets, ports):
        header = struct.pack(">BBHII", 0x80, 0, tick, tick * 160, port)
        one.sendto(header + os.urandom(160), (address, port))
    time.sleep(0.02)

# SYN scans that imitate, field by field, tools which are not packaged: Mirai-like bots, unicornscan,
# newer zmap and masscan. Usage: KIND TARGET, the target an address (ports 1-100) or a network (150 of
# its hosts). Answers are left to the kernel, which resets.
import ipaddress
import random
import socket
import struct
import sys
import time

kind, where = sys.argv[1], ipaddress.ip_network(sys.argv[2])
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
probe.connect((str(where.network_address), 9))
source = int(ipaddress.ip_address(probe.getsockname()[0]))
key = random.getrandbits(32)
fixed_port = random.randrange(1024, 60000)
fixed_window = random.randrange(1000, 60000)


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def send(target, port):
    sport, seq, window, options = random.randrange(32768, 61000), random.getrandbits(32), 65535, b""
    ttl, ip_id = 255, random.getrandbits(16)
    if kind == "mirai":
        sport, seq, window, ttl = fixed_port, target, fixed_window, 64
    elif kind == "unicornscan":
        sport, window, options = fixed_port, 4128, b"\x02\x04\x05\xb4"
        swapped = struct.unpack("<I", struct.pack(">I", target))[0]
        seq = key ^ swapped ^ ((port << 16) + sport & 0xFFFFFFFF)
    elif kind == "zmap4":
        ttl, options = 64, b"\x02\x04\x05\xb4\x01\x03\x03\x08\x01\x01\x04\x02"
    elif kind == "masscan-new":
        sport, window, options = fixed_port, 1025, b"\x02\x04\x05\xb4"
        ip_id = (target ^ port ^ seq) & 0xFFFF
    words = 5 + len(options) // 4
    tcp = struct.pack(">HHIIBBHHH", sport, port, seq, 0, words << 4, 2, window, 0, 0) + options
    pseudo = struct.pack(">IIBBH", source, target, 0, 6, len(tcp))
    tcp = tcp[:16] + struct.pack(">H", checksum(pseudo + tcp)) + tcp[18:]
    head = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(tcp), ip_id, 0, ttl, 6, 0, source, target)
    raw.sendto(head + tcp, (str(ipaddress.ip_address(target)), 0))
    time.sleep(0.01)


if where.num_addresses == 1:
    ports = list(range(1, 101))
    random.shuffle(ports)
    for port in ports:
        send(int(where.network_address), port)
else:
    for number in random.sample(range(where.num_addresses), 150):
        port = 443 if kind == "zmap4" else 2323 if random.random() < 0.1 else 23
        send(int(where.network_address) + number, port)

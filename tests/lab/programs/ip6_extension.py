# A SYN scan over IPv6 with extension headers before TCP, as Topera did: what a detector that looks
# only at a fixed offset never sees. Usage: TARGET FIRST LAST KIND, KIND one of hop-by-hop,
# destination, both, atomic-fragment, fragments, tiny-fragments. Answers are left to the kernel, which resets.
import random
import sys
import time
import warnings

warnings.filterwarnings("ignore")
from scapy.config import conf
from scapy.layers.inet import TCP
from scapy.layers.inet6 import (
    IPv6,
    IPv6ExtHdrDestOpt,
    IPv6ExtHdrFragment,
    IPv6ExtHdrHopByHop,
    PadN,
    fragment6,
)
from scapy.layers.l2 import Ether

target, first, last, kind = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
# Padding makes the header 8 octets long, so that its length field is 0.
HEADERS = {
    "hop-by-hop": IPv6ExtHdrHopByHop(options=[PadN(optdata=b"\0" * 4)]),
    "destination": IPv6ExtHdrDestOpt(options=[PadN(optdata=b"\0" * 4)]),
    "both": IPv6ExtHdrHopByHop(options=[PadN(optdata=b"\0" * 4)])
    / IPv6ExtHdrDestOpt(options=[PadN(optdata=b"\0" * 4)]),
    "atomic-fragment": IPv6ExtHdrFragment(id=random.getrandbits(32), m=0, offset=0),
}
link = conf.L2socket(iface="eth0")
ether = Ether(src=link.outs.getsockname()[4], dst=sys.argv[5])
ports = list(range(first, last + 1))
random.shuffle(ports)
source_port = random.randrange(40000, 60000)
for port in ports:
    probe = TCP(sport=source_port, dport=port, seq=random.getrandbits(32), window=1024, options=[("MSS", 1440)])
    head = IPv6(dst=target, hlim=64)
    if kind.endswith("fragments"):
        if kind == "fragments":
            probe.options += [("SAckOK", b""), ("Timestamp", (1, 0)), ("NOP", None), ("WScale", 7)]
        # After 8 bytes the ports are known and the flags are not; after 24 only options are missing.
        piece = 24 if kind == "fragments" else 8
        whole = head / IPv6ExtHdrFragment(id=random.getrandbits(32)) / probe
        packets = fragment6(whole, 40 + 8 + piece)
    else:
        packets = [head / HEADERS[kind] / probe]
    for packet in packets:
        link.send(ether / packet)
    time.sleep(0.01)
time.sleep(0.5)

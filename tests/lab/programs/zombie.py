# A host for idle scans: its IP ID counts up by one per packet sent, whoever it answers, as printers
# and old systems do. A filter keeps the kernel from seeing TCP; this program answers in its stead:
# RST for anything unasked, to SYN with RST and ACK. Runs until it is ended.
import sys
import warnings

warnings.filterwarnings("ignore")
from scapy.config import conf
from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether

device = sys.argv[1]
link = conf.L2socket(iface=device, filter="tcp")
identification = 4000
print("ready", flush=True)
while True:
    frame = link.recv()
    if frame is None or TCP not in frame or IP not in frame:
        continue
    if frame[Ether].src == link.outs.getsockname()[4]:
        continue
    ip, tcp = frame[IP], frame[TCP]
    if tcp.flags.R or ip.dst == "255.255.255.255":
        continue
    if tcp.flags.A:
        answer = TCP(sport=tcp.dport, dport=tcp.sport, flags="R", seq=tcp.ack)
    else:
        answer = TCP(sport=tcp.dport, dport=tcp.sport, flags="RA", seq=0, ack=tcp.seq + 1)
    identification = (identification + 1) & 0xFFFF
    ether = Ether(src=frame[Ether].dst, dst=frame[Ether].src)
    link.send(ether / IP(src=ip.dst, dst=ip.src, id=identification, ttl=64) / answer)

# A host that speaks just enough SCTP to be scanned: INIT-ACK on the ports given, ABORT on the
# others, silence for a COOKIE-ECHO to an open port (RFC 9260, sections 5.1, 8.4). The kernels the lab
# runs on often have no SCTP, and only a raw socket keeps them from answering "protocol unreachable".
import random
import socket
import sys
import warnings

warnings.filterwarnings("ignore")
from scapy.layers.inet import IP
from scapy.layers.sctp import SCTP, SCTPChunkAbort, SCTPChunkCookieEcho, SCTPChunkInit
from scapy.layers.sctp import SCTPChunkInitAck

ports = {int(word) for word in sys.argv[1:]}
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_SCTP)
print("ready", flush=True)
while True:
    packet, (source, _) = raw.recvfrom(65535)
    probe = IP(packet)
    if SCTP not in probe:
        continue
    if SCTPChunkInit in probe:
        tag = probe[SCTPChunkInit].init_tag
        if probe[SCTP].dport in ports:
            answer = SCTPChunkInitAck(init_tag=random.getrandbits(32), a_rwnd=106496, n_out_streams=10,
                                      n_in_streams=10, init_tsn=random.getrandbits(32))
        else:
            answer = SCTPChunkAbort()
    elif SCTPChunkCookieEcho in probe and probe[SCTP].dport not in ports:
        tag = probe[SCTP].tag
        answer = SCTPChunkAbort()
    else:
        continue
    reply = SCTP(sport=probe[SCTP].dport, dport=probe[SCTP].sport, tag=tag) / answer
    raw.sendto(bytes(reply), (source, 0))

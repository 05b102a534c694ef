# A name server that takes its time: every question is answered correctly, 0.4 seconds later. Runs
# until it is ended.
import select
import socket
import time

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("0.0.0.0", 53))
waiting = []
print("ready", flush=True)
while True:
    ready, _, _ = select.select([server], [], [], 0.02)
    if ready:
        question, client = server.recvfrom(512)
        # The same question, marked as an answer with no records.
        waiting.append((time.monotonic() + 0.4, question[:2] + b"\x81\x80" + question[4:], client))
    while waiting and waiting[0][0] <= time.monotonic():
        _, answer, client = waiting.pop(0)
        server.sendto(answer, client)

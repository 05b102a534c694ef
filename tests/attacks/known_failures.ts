// Attacks that are not told yet, and honest traffic that is: the name of the case, and what is said of it
// today. A case that is right is to be removed from here: its test fails until it is.

export const KNOWN_FAILURES: Record<string, string> = {
  "explain: a monitor's checks, with the witness":
    "1 of 1: 1: 192.0.2.40 did not scan;   20 attempts, 2026-01-05 08:00:00.000 to 08:00:00.007: 20 used;   20 used: speaks for the source",
  "explain: a traceroute, with the witness":
    "1 of 1: 1: 192.0.2.40 did not scan;   90 attempts, 2026-01-05 08:00:00.000 to 08:00:08.935: 90 harmless;   90 harmless: traceroute: UDP to a high port with a small TTL (--trace-ttl) (by its own packets only)",
  "witnesses: SYN-ACK probes from port 20":
    '6 of 6: {"family":"v4","answered":"all","pace":0.0001}: ports is 19, not 40: says 198.51.100.7 vertical syn-ack 19 ports (open -, 19 closed, 0 silent), 1 hosts, none',
  "witnesses: SYN-ACK probes from port 443":
    '6 of 6: {"family":"v4","answered":"all","pace":0.0001}: ports is 19, not 40: says 198.51.100.7 vertical syn-ack 19 ports (open -, 19 closed, 0 silent), 1 hosts, none',
  "witnesses: SYN-ACK probes from port 53":
    '6 of 6: {"family":"v4","answered":"all","pace":0.0001}: ports is 19, not 40: says 198.51.100.7 vertical syn-ack 19 ports (open -, 19 closed, 0 silent), 1 hosts, none',
  "witnesses: SYN-ACK probes from port 80":
    '6 of 6: {"family":"v4","answered":"all","pace":0.0001}: ports is 19, not 40: says 198.51.100.7 vertical syn-ack 19 ports (open -, 19 closed, 0 silent), 1 hosts, none',
};

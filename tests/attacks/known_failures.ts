// Attacks that are not told yet, and honest traffic that is: the name of the case, and what is said of it
// today. A case that is right is to be removed from here: its test fails until it is.

export const KNOWN_FAILURES: Record<string, string> = {
  "witnesses: SYN-ACK probes from port 20":
    '6 of 6: {"family":"v4","answered":"all","pace":0.0001}: ports is 19, not 40: says 198.51.100.7 vertical syn-ack 19 ports (open -, 19 closed, 0 silent), 1 hosts, none',
  "witnesses: SYN-ACK probes from port 443":
    '6 of 6: {"family":"v4","answered":"all","pace":0.0001}: ports is 19, not 40: says 198.51.100.7 vertical syn-ack 19 ports (open -, 19 closed, 0 silent), 1 hosts, none',
  "witnesses: SYN-ACK probes from port 53":
    '6 of 6: {"family":"v4","answered":"all","pace":0.0001}: ports is 19, not 40: says 198.51.100.7 vertical syn-ack 19 ports (open -, 19 closed, 0 silent), 1 hosts, none',
  "witnesses: SYN-ACK probes from port 80":
    '6 of 6: {"family":"v4","answered":"all","pace":0.0001}: ports is 19, not 40: says 198.51.100.7 vertical syn-ack 19 ports (open -, 19 closed, 0 silent), 1 hosts, none',
};

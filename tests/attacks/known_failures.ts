// Attacks that are not told yet, and honest traffic that is: the name of the case, and what is said of it
// today. A case that is right is to be removed from here: its test fails until it is.

export const KNOWN_FAILURES: Record<string, string> = {
  "budgets: a flood of forged sources to many ports is one event at its begin and one at its end":
    "2 of 2: 3000: 0 events of a flood",
  "budgets: a flood of forged sources to one port is one event at its begin and one at its end":
    "2 of 2: 3000: 0 events of a flood",
  "explain: a monitor's checks, with the witness":
    "1 of 1: 1: 192.0.2.40 did not scan;   20 attempts, 2026-01-05 08:00:00.000 to 08:00:00.007: 20 used;   20 used: speaks for the source",
  "explain: a traceroute, with the witness":
    "1 of 1: 1: 192.0.2.40 did not scan;   90 attempts, 2026-01-05 08:00:00.000 to 08:00:08.935: 90 harmless;   90 harmless: traceroute: UDP to a high port with a small TTL (--trace-ttl) (by its own packets only)",
  "link: a gateway that asks for its leases again and again":
    "2 of 2: 20: says 10.77.0.254 horizontal arp 0 ports (open -, 0 closed, 0 silent), 20 hosts, none; 10.77.0.254 horizontal arp 0 ports (open -, 0 closed, 0 silent), 19 hosts, none; 10.77.0.254 horizontal arp 0 ports (open -, 0 closed, 0 silent), 18 hosts, none; 10.77.0.",
  "link: a machine that asks for one address after the other is a sweep from the first on":
    '4 of 12: ["up",1.2,"alone"]: hosts is 119, not 120: says 10.77.0.66 horizontal arp 0 ports (open -, 0 closed, 0 silent), 119 hosts, none',
  "link: a router asks for those who are sought from outside, at any pace":
    '6 of 8: ["up",0.05,null]: says 10.77.0.254 horizontal arp 0 ports (open -, 0 closed, 0 silent), 120 hosts, none',
  "link: a sweep from outside, for which the router asks by ARP: the router is none":
    '5 of 8: ["up",1,0.5]: says 10.77.0.254 horizontal arp 0 ports (open -, 0 closed, 0 silent), 93 hosts, none; 198.51.100.7 horizontal syn 1 ports (open -, 1 closed, 0 silent), 24 hosts, none',
  "link: addresses of one machine that look like nothing in common but their link address":
    '2 of 4: [4,"own order",null]: says 10.77.0.61 (of 10.77.0.2,10.77.0.60,10.77.0.61,10.77.0.62,10.77.0.63, 0 forged) distributed connect 60 ports (open -, 60 closed, 0 silent), 1 hosts, none',
  "link: decoys that one machine on the link sends, as nmap -D does":
    '24 of 24: [1,"first","fast"]: Expected values to be strictly deep-equal:',
  "live: decoys of one machine are said with its link address":
    "1 of 1: Expected values to be strictly equal:",
  "witnesses: SYN-ACK probes from port 20":
    '6 of 6: {"family":"v4","answered":"all","pace":0.0001}: ports is 19, not 40: says 198.51.100.7 vertical syn-ack 19 ports (open -, 19 closed, 0 silent), 1 hosts, none',
  "witnesses: SYN-ACK probes from port 443":
    '6 of 6: {"family":"v4","answered":"all","pace":0.0001}: ports is 19, not 40: says 198.51.100.7 vertical syn-ack 19 ports (open -, 19 closed, 0 silent), 1 hosts, none',
  "witnesses: SYN-ACK probes from port 53":
    '6 of 6: {"family":"v4","answered":"all","pace":0.0001}: ports is 19, not 40: says 198.51.100.7 vertical syn-ack 19 ports (open -, 19 closed, 0 silent), 1 hosts, none',
  "witnesses: SYN-ACK probes from port 80":
    '6 of 6: {"family":"v4","answered":"all","pace":0.0001}: ports is 19, not 40: says 198.51.100.7 vertical syn-ack 19 ports (open -, 19 closed, 0 silent), 1 hosts, none',
  "witnesses: an ARP sweep, in any order and at any pace below a second":
    '2 of 27: ["random",0.3,2]: says nothing',
};

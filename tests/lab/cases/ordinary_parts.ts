// Ordinary traffic of which a capture holds a part: one direction, or requests whose answers a firewall
// keeps out.

import type { Case } from "../plan.ts";
import { vsftpd } from "../servers.ts";
import { CLIENT, TARGET } from "./common.ts";

const CLIENT_ONLY = { outside: { client: [`${CLIENT}/24`] } };
const MANY = { ...CLIENT_ONLY, inside: { target: ["203.0.113.10-54/24"] } };
const hosts = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => `203.0.113.${first + i}`).join(" ");

export const ordinaryParts: Case[] = [
  {
    name: "ping-rounds",
    story:
      "A monitor pings thirty hosts every two seconds, of which five are gone; one direction is seen",
    quiet: true,
    world: MANY,
    captures: {
      "-in": { at: "client", direction: "in" },
      "-out": { at: "client", direction: "out" },
      "-at-hosts-in": { at: "target", direction: "in" },
    },
    home: ["203.0.113.0/24"],
    async run(world) {
      await world.host("client").shell(
        `fping -q -c 5 -p 2000 ${hosts(30, 59)}`,
        { mayFail: true },
      );
    },
  },
  {
    name: "ftp-passive-dropped",
    story:
      "Twenty-five FTP clients at once of a server whose firewall keeps out every data connection",
    quiet: true,
    world: CLIENT_ONLY,
    captures: { "": { at: "target" }, "-in": { at: "target", direction: "in" } },
    async run(world) {
      await vsftpd(world.target, 25);
      await world.target.drop("tcp dport 1024-65535");
      await world.host("client").shell(
        `for i in $(seq 0 24); do curl -s -m 3 -o /dev/null ftp://${TARGET}/pub/file$i.txt & done; wait; true`,
      );
    },
  },
  {
    name: "visitor-in-order",
    story:
      "One visitor fetches from forty-five hosts of a network, one after the other, and its router asks for each",
    quiet: true,
    world: MANY,
    captures: { "": { at: "target" }, "-in": { at: "target", direction: "in" } },
    home: ["203.0.113.0/24"],
    async run(world) {
      await world.target.listen(8080);
      await world.host("client").shell(
        `for h in ${
          hosts(10, 54)
        }; do exec 3<>/dev/tcp/$h/8080; echo hello >&3; read -t 1 line <&3; exec 3>&-; done; true`,
      );
    },
  },
];

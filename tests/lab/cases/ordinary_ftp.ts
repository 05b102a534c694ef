// File transfer: a new port for every small file, on one side or the other. This is what raises
// scanlogd most often.

import type { Case } from "../plan.ts";
import { vsftpd } from "../servers.ts";

const client = {
  inside: { target: ["203.0.113.10/24"] },
  outside: { client: ["198.51.100.40/24"] },
};

/** lftp fetches the whole folder; `commands` set the mode. */
function mirror(commands: string): string[] {
  const set = "set net:timeout 5; set net:max-retries 2; set ftp:sync-mode on; set xfer:clobber on";
  return ["lftp", "-c", `${set}; ${commands}`];
}

export const ordinaryFtp: Case[] = [
  {
    name: "ftp-passive",
    story:
      "lftp fetches 120 small and empty files in passive mode: the client opens a new high port of the server for each",
    quiet: true,
    world: client,
    captures: {
      "": { at: "target" },
      "-in": {
        at: "target",
        direction: "in",
        story: "The same passive FTP, only what the server received",
      },
      "-at-client": { at: "client", story: "The same passive FTP, seen at the client" },
    },
    async run(world) {
      await vsftpd(world.target, 120);
      const get = "set ftp:passive-mode on; open 203.0.113.10; mget -O $LAB/got pub/*"
        .replace("$LAB", world.folder);
      await Deno.mkdir(`${world.folder}/got`);
      await world.host("client").run(mirror(get));
    },
  },
  {
    name: "ftp-active",
    story:
      "lftp fetches 120 small and empty files in active mode: the server opens a new high port of the client for each",
    quiet: true,
    world: client,
    captures: {
      "": { at: "target" },
      "-at-client": {
        at: "client",
        story: "The same active FTP, seen at the client: connections from port 20 of the server",
      },
      "-at-client-in": {
        at: "client",
        direction: "in",
        story: "The same active FTP, only what the client received",
      },
    },
    async run(world) {
      await vsftpd(world.target, 120);
      const get = "set ftp:passive-mode off; open 203.0.113.10; mget -O $LAB/got pub/*"
        .replace("$LAB", world.folder);
      await Deno.mkdir(`${world.folder}/got`);
      await world.host("client").run(mirror(get));
    },
  },
  {
    name: "ftp-passive-upload",
    story: "curl puts 40 files, ten of them empty, to the server in passive mode, a login each",
    quiet: true,
    world: client,
    captures: { "": { at: "target", snaplen: 96 } },
    async run(world) {
      await vsftpd(world.target, 3);
      const path = await world.file("up/full.txt", "some words\n");
      await world.file("up/empty.txt", "");
      const folder = path.slice(0, -"/full.txt".length);
      await world.host("client").shell(
        `for i in $(seq 40); do f=full; [ $((i % 4)) = 0 ] && f=empty; ` +
          `curl -s --disable-epsv -T ${folder}/$f.txt ftp://203.0.113.10/upload/$i.txt; done`,
        { mayFail: true },
      );
    },
  },
];

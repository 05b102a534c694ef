import assert from "node:assert/strict";
import { VisitKeeper } from "../../src/state/visit_keeper.ts";
import { takePort } from "../../src/detect/scandog/beside/visit/kept_ports.ts";
import { Traffic } from "../detect/scandog/traffic.ts";
import { stateRow } from "../state/rows.ts";
import { skipped } from "../support/skip.ts";
import { whyNoRoot } from "./run_probe.ts";
import { onTinyDisk } from "./tiny_disk.ts";

Deno.test({
  name:
    "a state that cannot be saved is said once, stays in memory, and is saved when there is room",
  ignore: skipped("a full disk", whyNoRoot()),
  fn: () =>
    onTinyDisk(512 * 1024, async (directory) => {
      const path = `${directory}/state`, said: string[] = [];
      const say = (text: string) => void said.push(text);
      const open = async () => {
        const prepared = await VisitKeeper.prepare(path, { error: say, notice: say, detail: say });
        prepared.open({ who: "other", owners: [] });
        const { visits } = new Traffic().detector;
        prepared.keeper.attach(visits);
        return { keeper: prepared.keeper, ports: visits.ports };
      };
      const { keeper, ports } = await open();
      const learn = (from: number, to: number) => {
        for (let port = from; port < to; port++) {
          const scanner = new Uint8Array(16).fill(port & 255, 0, 4);
          assert.ok(takePort(ports, stateRow({ scanner, key: 1 << 16 | port, state: 0 })) >= 0);
        }
      };
      learn(0, 200);
      keeper.turn(0);
      assert.equal(ports.changes.count, 0);
      // Until nothing more fits.
      assert.throws(() => Deno.writeFileSync(`${directory}/other`, new Uint8Array(2 ** 20)));
      learn(200, 2000);
      for (let ms = 20_000; ms < 60_000; ms += 5000) keeper.turn(ms);
      assert.equal(said.length, 2, said.join("\n"));
      assert.match(
        said[1],
        /^state .*\/state: cannot be written: the disk is full; what is learned/,
      );
      assert.ok(ports.changes.count > 0);

      Deno.removeSync(`${directory}/other`);
      for (let ms = 200_000; ms < 200_500; ms += 50) keeper.turn(ms);
      assert.equal(ports.changes.count, 0);
      assert.match(said[2], /^state .*\/state: saved again$/);
      assert.equal(said.length, 3);
      assert.ok(keeper.close());
      const later = await open();
      assert.equal(later.ports.size, 2000);
      later.keeper.close();
    }),
});

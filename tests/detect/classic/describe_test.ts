import assert from "node:assert/strict";
import { technique } from "../../../src/detect/classic/describe.ts";
import { TcpFlag } from "../../../src/record.ts";

const { Fin, Syn, Rst, Psh, Ack, Urg, Ece, Cwr } = TcpFlag;

Deno.test("technique() names the scan that the flags belong to", () => {
  assert.equal(technique(Syn, Syn), "syn");
  assert.equal(technique(Syn | Ece | Cwr, Syn), "syn");
  assert.equal(technique(Syn | Rst, 0), "syn");
  assert.equal(technique(Syn | Ack | Rst | Psh | Fin, 0), "connect");
  assert.equal(technique(Fin, Fin), "fin");
  assert.equal(technique(0, 0), "null");
  assert.equal(technique(Fin | Psh | Urg, Fin | Psh | Urg), "xmas");
  assert.equal(technique(Fin | Syn, Fin | Syn), "other-tcp");
  assert.equal(technique(Fin, 0), "other-tcp");
  assert.equal(technique(Syn | Rst, Rst), "other-tcp");
});

// What answers of DHCP servers pay for: as many pings as clients had asked, of who answered them.

import assert from "node:assert/strict";
import { LeaseAnswers } from "../../../../src/detect/scandog/table/lease_answers.ts";

const CLIENT = 5, SERVER = 7, SERVERS = 256;

/** How many pings of a server are paid for after so many questions and answers. */
function paid(questions: number, answers: number, server = SERVER): number {
  const leases = new LeaseAnswers();
  for (let i = 0; i < questions; i++) leases.noteQuestion(CLIENT);
  for (let i = 0; i < answers; i++) leases.note(SERVER);
  return left(leases, server);
}

function left(leases: LeaseAnswers, server: number): number {
  let count = 0;
  for (; leases.has(server); count++) leases.spend(server);
  return count;
}

Deno.test("each answer pays for one ping of its server, where somebody had asked", () => {
  assert.equal(paid(0, 3), 0);
  assert.equal(paid(1, 3), 1);
  assert.equal(paid(3, 1), 1);
  assert.equal(paid(3, 3), 3);
  assert.equal(paid(3, 3, SERVER + 1), 0, "of nobody else");
});

Deno.test("64 questions are open at most", () => {
  assert.equal(paid(64, 100), 64);
  assert.equal(paid(65, 100), 64);
});

Deno.test("who answers itself is not paid", () => {
  const leases = new LeaseAnswers();
  leases.noteQuestion(SERVER);
  leases.note(SERVER);
  assert.equal(leases.has(SERVER), false);
  leases.noteQuestion(CLIENT);
  leases.note(SERVER);
  leases.note(SERVER);
  assert.equal(left(leases, SERVER), 2, "the latest who asked counts");
});

Deno.test("255 answers of a server are kept, and one more does not begin anew", () => {
  const leases = new LeaseAnswers();
  for (let i = 0; i < 256; i++) {
    leases.noteQuestion(CLIENT);
    leases.note(SERVER);
  }
  assert.equal(left(leases, SERVER), 255);
});

Deno.test("a server in another's place begins anew, and only its own place is its", () => {
  const leases = new LeaseAnswers();
  for (let i = 0; i < 9; i++) leases.noteQuestion(CLIENT);
  for (const server of [SERVER, SERVER, SERVER + 1, SERVER + SERVERS]) leases.note(server);
  assert.equal(leases.has(SERVER), false);
  assert.equal(left(leases, SERVER + SERVERS), 1);
  assert.equal(left(leases, SERVER + 1), 1);
});

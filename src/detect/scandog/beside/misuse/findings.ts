// What answers that nobody asked for show: that somebody uses an address of others. Knows how many came to whom;
// nothing of scans.
//
// Collected by the host that sent them:
// - it answers from many ports: it is scanned, and the address that gets its answers stands on the
//   probes beside the scanner's own (a decoy);
// - it answers from a port or two, to many ports or addresses: it is flooded, with forged sources;
// - it sends SYN-ACKs that no server's kernel would, to one port: it reads the IP IDs of their refusals,
//   to use who refuses them as the zombie of an idle scan.
// In the first two cases the host that is seen here is the victim, and innocent. In the third who reads the
// IP IDs must be there; but nothing proves it, and whoever wants to blame somebody can forge it.

import type { Memory } from "../../memory.ts";
import { ROUTE_SPREAD } from "../../probe/distance.ts";
import { Mark } from "../../table/attempt_state.ts";
import { eachFailed } from "../../table/attempt_chains.ts";
import { Unasked } from "../../table/outcome_queue.ts";
import { type Answers, TOOL_WINDOW_MAX } from "./answers.ts";

/** Probes of one port that make it the zombie's: nmap begins with six. */
const PROBES_MIN = 6;
/** Ports that answered which make it a scan. */
const SCANNED_MIN = 10;
/** Ports of the idle scan's target that are seen to answer; before it nmap forges packets from one. */
const TARGET_PORTS_MIN = 2;
/** Answers, and distinct ports or hosts that got them, which make it a flood of few ports. */
const FLOOD_MIN = 100;
const FLOODED_PORTS_MAX = 4;
const FORGED_PORTS_MIN = 32;
const FORGED_HOSTS_MIN = 16;
/** Failed attempts of an address looked at to see whether it scans by itself. */
const OWN_ATTEMPTS_MAX = 256;

export type Finding = "zombie" | "decoy" | "flood-backscatter";

/** What the answers of a host show; undefined: nothing that is sure. */
export function findingOf(memory: Memory, answers: Answers, index: number): Finding | undefined {
  if (isProber(answers, index)) return "zombie";
  if (answers.real.of(index) !== 0) return undefined;
  const ports = answers.ports.of(index), addresses = answers.ownHosts.of(index);
  // With forged sources by the hundred, each gets a few answers; a decoy gets them all.
  if (ports >= SCANNED_MIN && addresses * SCANNED_MIN <= answers.worth(index)) {
    return isScanner(memory, answers, index) ? undefined : "decoy";
  }
  const isMany = answers.ownPorts.of(index) >= FORGED_PORTS_MIN || addresses >= FORGED_HOSTS_MIN;
  // A scan by SYN-ACKs is none of a server's answers.
  const count = answers.synAcks.of(index) - answers.tools.of(index) +
    answers.kinds[Unasked.Refusal].of(index);
  const isFlood = ports <= FLOODED_PORTS_MAX && count >= FLOOD_MIN && isMany;
  return isFlood ? "flood-backscatter" : undefined;
}

/** True when all that came are SYN-ACKs made by hand, to one port. */
function isProber(answers: Answers, index: number): boolean {
  const synAcks = answers.synAcks.of(index);
  return answers.real.of(index) === 0 && answers.varied.of(index) === 0 &&
    synAcks >= PROBES_MIN && synAcks === answers.worth(index) &&
    synAcks === answers.tools.of(index) &&
    (answers.windowMax.of(index) <= TOOL_WINDOW_MAX ||
      answers.ttlMax.of(index) - answers.ttlMin.of(index) > ROUTE_SPREAD);
}

/** The idle scan's target: another host whose answers come to the port that `zombie` probes; undefined: none seen. */
export function idleScanTarget(answers: Answers, zombie: number): number | undefined {
  const beside = answers.inUse()
    .filter((index) => answers.ports.of(index) >= TARGET_PORTS_MIN)
    .filter((index) => index !== zombie && answers.isBeside(index, zombie));
  const most = Math.max(...beside.map((index) => answers.worth(index)));
  return beside.find((index) => answers.worth(index) === most);
}

/** True when these answers come from the target of an idle scan that another entry shows. */
export function isIdleScanTarget(answers: Answers, index: number): boolean {
  return answers.inUse().some((other) =>
    isProber(answers, other) && answers.isBeside(index, other)
  );
}

/** True when the address that gets the answers is seen failing at the host itself. */
function isScanner(memory: Memory, answers: Answers, index: number): boolean {
  const { subjects, table, hash } = memory;
  const own = answers.ownAddressAt(index);
  const subject = subjects.find(answers.words, own, 0, hash.address(answers.words, own));
  if (subject < 0) return false;
  let isScanner = false;
  eachFailed(memory, subject, OWN_ATTEMPTS_MAX, (slot) => {
    isScanner = !table.has(slot, Mark.ReplyOnly) &&
      table.isTarget(slot, answers.words, answers.addressAt(index));
    return !isScanner;
  });
  return isScanner;
}

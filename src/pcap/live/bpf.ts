// BPF programs: compiled from expressions by libpcap, joined so that several must all agree, and told how much
// of a packet to keep. A program returns how many bytes that is; 0 drops the packet.

import { cString, type Libpcap } from "./libpcap.ts";
import { PcapError } from "./pcap_error.ts";

/** `struct bpf_program`: a count of instructions, padding, an address. */
const PROGRAM_BYTES = 16;
const PROGRAM_COUNT = 0;
const PROGRAM_ADDRESS = 8;

/** `struct bpf_insn`: 16 bits of operation, two jumps of 8 bits, a 32-bit operand. */
const INSTRUCTION_BYTES = 8;
const OPERAND = 4;
const RETURN_CONSTANT = 0x06; // BPF_RET | BPF_K; the compiler emits no other return
const JUMP_ALWAYS = 0x05; // BPF_JMP | BPF_JA; the operand counts from the next instruction

/** For `ip broadcast`, which is then refused: PCAP_NETMASK_UNKNOWN. */
const NETMASK_UNKNOWN = 0xffffffff;

/**
 * Compiles `expression` for the link type of `handle` (a `pcap_t`) and gives the `bpf_program`, whose
 * instructions are libpcap's until `pcap_freecode`. Throws `PcapError` of kind `filter` with the
 * expression and libpcap's words.
 */
export function compile(
  libpcap: Libpcap,
  handle: Deno.PointerValue,
  expression: string,
): Uint8Array<ArrayBuffer> {
  const program = new Uint8Array(PROGRAM_BYTES);
  const text = cString(expression, "filter");
  if (libpcap.pcap.pcap_compile(handle, program, text, 1, NETMASK_UNKNOWN) !== 0) {
    const said = libpcap.stringOf(libpcap.pcap.pcap_geterr(handle));
    throw new PcapError("filter", expression, `Bad filter "${expression}": ${said}`);
  }
  return program;
}

/** How many instructions a `bpf_program` has. */
export function instructionCount(program: Uint8Array<ArrayBuffer>): number {
  return new DataView(program.buffer).getUint32(PROGRAM_COUNT, true);
}

/** A copy of the instructions of a `bpf_program`. */
export function instructionsOf(
  libpcap: Libpcap,
  program: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(instructionCount(program) * INSTRUCTION_BYTES);
  libpcap.copyAt(new DataView(program.buffer).getBigUint64(PROGRAM_ADDRESS, true), copy);
  return copy;
}

/**
 * One program that selects what every one of `programs` (instructions each, at least one) selects:
 * where one would accept, it goes on to the next.
 *
 * Not the same as compiling the expressions joined by `and`: there a `vlan` in one, even a negated
 * one, moves the offsets of all that follow (pcap-filter(7)).
 */
export function allOf(programs: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const length = programs.reduce((sum, program) => sum + program.length, 0);
  // A small array may lie where the garbage collector moves it; a buffer of its own does not.
  const joined = new Uint8Array(new ArrayBuffer(length));
  const view = new DataView(joined.buffer);
  let at = 0;
  for (const program of programs) {
    joined.set(program, at);
    const end = at + program.length;
    for (; at < end; at += INSTRUCTION_BYTES) {
      if (end === length || view.getUint16(at, true) !== RETURN_CONSTANT) continue;
      if (view.getUint32(at + OPERAND, true) === 0) continue; // rejects
      view.setUint16(at, JUMP_ALWAYS, true);
      view.setUint32(at + OPERAND, (end - at) / INSTRUCTION_BYTES - 1, true);
    }
  }
  return joined;
}

/** The same program, which keeps `bytes` of what it selects, and `otherwise` of all else instead of dropping it. */
export function keeping(
  program: Uint8Array<ArrayBuffer>,
  bytes: number,
  otherwise: number,
): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(new ArrayBuffer(program.length));
  changed.set(program);
  const view = new DataView(changed.buffer);
  for (let at = 0; at < changed.length; at += INSTRUCTION_BYTES) {
    if (view.getUint16(at, true) !== RETURN_CONSTANT) continue;
    const isSelected = view.getUint32(at + OPERAND, true) !== 0;
    view.setUint32(at + OPERAND, isSelected ? bytes : otherwise, true);
  }
  return changed;
}

/** A `bpf_program` of these instructions; valid while `instructions` lives. */
export function programOf(
  libpcap: Libpcap,
  instructions: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const program = new Uint8Array(PROGRAM_BYTES);
  const view = new DataView(program.buffer);
  view.setUint32(PROGRAM_COUNT, instructions.length / INSTRUCTION_BYTES, true);
  // Copying nothing onto itself gives the address, which Deno would not tell under path-limited FFI.
  const address = libpcap.libc.copyAndLocate(instructions, instructions, 0n);
  view.setBigUint64(PROGRAM_ADDRESS, address, true);
  return program;
}

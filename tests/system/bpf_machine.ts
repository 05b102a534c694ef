// The kernel's filter machine, as far as our filter uses it: what would it say to this system call?

export interface SystemCall {
  arch: number;
  number: number;
  args: number[];
}

/** Runs a `struct sock_filter[]` over `struct seccomp_data`; throws on a program the kernel refuses. */
export function runFilter(filter: Uint8Array<ArrayBuffer>, call: SystemCall): number {
  const data = new DataView(new ArrayBuffer(64));
  data.setInt32(0, call.number, true);
  data.setUint32(4, call.arch, true);
  call.args.forEach((value, i) => data.setBigUint64(16 + 8 * i, BigInt(value), true));
  const program = new DataView(filter.buffer, filter.byteOffset, filter.length);
  let accumulator = 0;
  for (let at = 0; at < program.byteLength; at += 8) {
    const code = program.getUint16(at, true);
    const [then, otherwise] = [program.getUint8(at + 2), program.getUint8(at + 3)];
    const value = program.getUint32(at + 4, true);
    const jump = (taken: boolean) => at += 8 * (taken ? then : otherwise);
    if (code === 0x20) accumulator = data.getUint32(value, true);
    else if (code === 0x54) accumulator = (accumulator & value) >>> 0;
    else if (code === 0x15) jump(accumulator === value);
    else if (code === 0x35) jump(accumulator >= value);
    else if (code === 0x06) return value;
    else throw new Error(`unknown instruction ${code}`);
  }
  throw new Error("the program runs past its end");
}

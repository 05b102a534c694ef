import assert from "node:assert/strict";
import { CAP_NET_ADMIN, CAP_NET_RAW } from "../../src/system/capabilities.ts";
import { seccompFilter, type SeccompOptions } from "../../src/system/seccomp.ts";
import { SYSTEM_CALLS } from "../../src/system/system_calls.ts";
import { exists, skipped } from "../support/skip.ts";
import { runFilter } from "./bpf_machine.ts";

const ALLOW = 0x7fff0000;
const EPERM = 0x00050001;
/** EAFNOSUPPORT: as if the kernel lacked the sort of socket. */
const NO_SUCH_SOCKET = 0x00050061;
const ENOSYS = 0x00050026;

const DROPPED: SeccompOptions = { captureSockets: false, remaining: 0n };
const ROOT: SeccompOptions = { captureSockets: true, remaining: 0n };
const WITH_RAW: SeccompOptions = { captureSockets: false, remaining: CAP_NET_RAW };
const WITH_ADMIN: SeccompOptions = { captureSockets: false, remaining: CAP_NET_ADMIN };

for (const [machine, calls] of Object.entries(SYSTEM_CALLS)) {
  const verdict = (options: SeccompOptions, number: number, ...args: number[]) =>
    runFilter(seccompFilter(calls, options), { arch: calls.auditArch, number, args });

  Deno.test(`seccompFilter() for ${machine} refuses its list and no other call`, () => {
    const special = [calls.socket, calls.ioctl, calls.setsockopt, calls.clone, calls.clone3];
    for (const options of [DROPPED, ROOT, WITH_RAW, WITH_ADMIN]) {
      const refused = new Set(Object.values(calls.refused));
      for (let number = 0; number < 600; number++) {
        if (special.includes(number)) continue;
        const expected = refused.has(number) ? EPERM : ALLOW;
        assert.equal(verdict(options, number), expected, `call ${number}`);
      }
      assert.equal(verdict(options, calls.clone3), ENOSYS);
    }
  });

  Deno.test(`seccompFilter() for ${machine} refuses calls made for another machine`, () => {
    const filter = seccompFilter(calls, DROPPED);
    // i386, 32-bit ARM, and x86-64's second table.
    for (const arch of [0x40000003, 0x40000028]) {
      assert.equal(runFilter(filter, { arch, number: 0, args: [] }), EPERM);
    }
    assert.equal(verdict(DROPPED, 0x40000000 | calls.socket, 1, 2, 0), EPERM);
  });

  Deno.test(`seccompFilter() for ${machine} lets threads be made but no namespaces`, () => {
    const threadFlags = 0x3d0f00; // what pthread_create(3) passes
    assert.equal(verdict(DROPPED, calls.clone, threadFlags), ALLOW);
    for (const bit of [17, 25, 26, 27, 28, 29, 30]) {
      assert.equal(verdict(DROPPED, calls.clone, threadFlags | 1 << bit), EPERM, `bit ${bit}`);
    }
  });

  Deno.test(`seccompFilter() for ${machine} lets logs be reached but nothing be captured`, () => {
    const flags = 0o2004000; // SOCK_CLOEXEC | SOCK_NONBLOCK
    for (const family of [1, 2, 10]) {
      for (const type of [1, 2]) {
        assert.equal(verdict(DROPPED, calls.socket, family, type | flags, 0), ALLOW);
      }
    }
    for (const family of [2, 10]) {
      for (const type of [3, 10]) {
        assert.equal(verdict(DROPPED, calls.socket, family, type | flags, 6), NO_SUCH_SOCKET);
      }
    }
    for (let family = 0; family < 50; family++) {
      if ([1, 2, 10, 16].includes(family)) continue;
      assert.equal(
        verdict(DROPPED, calls.socket, family, 2, 0),
        NO_SUCH_SOCKET,
        `family ${family}`,
      );
      assert.equal(verdict(ROOT, calls.socket, family, 3, 0), ALLOW, `family ${family}`);
    }
  });

  Deno.test(`seccompFilter() for ${machine} lets addresses be looked up while that is all one can do`, () => {
    const route = (options: SeccompOptions) => verdict(options, calls.socket, 16, 3, 0);
    assert.deepEqual([DROPPED, WITH_RAW, WITH_ADMIN].map(route), [ALLOW, ALLOW, NO_SUCH_SOCKET]);
    for (let protocol = 1; protocol < 30; protocol++) {
      assert.equal(
        verdict(DROPPED, calls.socket, 16, 3, protocol),
        NO_SUCH_SOCKET,
        `protocol ${protocol}`,
      );
    }
  });

  Deno.test(`seccompFilter() for ${machine} refuses settings to whom they would be granted`, () => {
    const SIOCSIFFLAGS = 0x8914, SIOCGIFFLAGS = 0x8913, TUNSETIFF = 0x400454ca, SIOCOUTQ = 0x5411;
    const ioctl = (request: number) => verdict(WITH_ADMIN, calls.ioctl, 3, request);
    assert.deepEqual(
      [SIOCSIFFLAGS, 0x8916, 0x8946, 0x89f0, TUNSETIFF].map(ioctl),
      Array(5).fill(EPERM),
    );
    assert.deepEqual(
      [SIOCGIFFLAGS, 0x8912, 0x8933, SIOCOUTQ, 0x541b].map(ioctl),
      Array(5).fill(ALLOW),
    );
    assert.equal(verdict(DROPPED, calls.ioctl, 3, SIOCSIFFLAGS), ALLOW, "the kernel refuses it");

    const option = (options: SeccompOptions, level: number, name: number) =>
      verdict(options, calls.setsockopt, 3, level, name);
    const forging = [[0, 19], [41, 75], [1, 36], [0, 64], [41, 64], [1, 32], [1, 33]];
    const ordinary = [[1, 9], [6, 1], [0, 1], [263, 1], [1, 19], [6, 36], [0, 36]];
    for (const options of [WITH_RAW, WITH_ADMIN]) {
      for (const [level, name] of forging) assert.equal(option(options, level, name), EPERM);
      for (const [level, name] of ordinary) {
        assert.equal(option(options, level, name), ALLOW, `${level} ${name}`);
      }
    }
    assert.equal(option(DROPPED, 0, 19), ALLOW);
  });
}

const HEADERS: Record<string, string> = {
  x86_64: "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
  aarch64: "/usr/include/asm-generic/unistd.h",
};

for (const [machine, header] of Object.entries(HEADERS)) {
  Deno.test({
    name: `SYSTEM_CALLS for ${machine} are the numbers of the kernel's header`,
    ignore: skipped(
      `system call numbers of ${machine}`,
      !exists(header) && `there is no ${header} (Debian: linux-libc-dev)`,
    ),
    fn() {
      const text = Deno.readTextFileSync(header);
      const numbers = new Map(
        [...text.matchAll(/#define __NR(?:3264)?_(\w+)\s+(\d+)/g)].map((
          [, name, number],
        ) => [name, Number(number)]),
      );
      const { refused, capture, auditArch: _, ...others } = SYSTEM_CALLS[machine];
      for (const [name, number] of Object.entries({ ...refused, ...capture, ...others })) {
        assert.equal(number, numbers.get(name), name);
      }
    },
  });
}

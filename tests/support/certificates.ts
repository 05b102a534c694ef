// Certificates for tests: an authority of one's own and what it signs, made by openssl.

import assert from "node:assert/strict";
import { exists } from "./skip.ts";

const PROGRAM = "/usr/bin/openssl";

export function whyNoOpenssl(): string | false {
  return exists(PROGRAM) ? false : "there is no openssl (Debian: openssl)";
}

/** Why syslog over TLS cannot be tried here, or false. */
export function whyNoTls(): string | false {
  const [major, minor] = Deno.version.deno.split(".").map(Number);
  if (major < 2 || major === 2 && minor < 8) return "it takes Deno 2.8";
  return whyNoOpenssl();
}

/** Paths of a certificate and its key, in PEM. */
export interface Pair {
  certificate: string;
  key: string;
}

function openssl(...args: string[]): void {
  const { success, stderr } = new Deno.Command(PROGRAM, { args }).outputSync();
  assert.ok(success, new TextDecoder().decode(stderr));
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** An authority; all of it is in `folder`. */
export class Authority {
  readonly certificate: string;
  private readonly key: string;

  constructor(private readonly folder: string, private readonly name: string) {
    [this.certificate, this.key] = [`${folder}/${name}.pem`, `${folder}/${name}.key`];
    openssl(
      ...["req", "-x509", ...NEW_KEY, "-days", "2", "-subj", `/CN=${name}`],
      ...["-keyout", this.key, "-out", this.certificate],
    );
  }

  /** A certificate for these names: `DNS:host` or `IP:address`. `days` may be in the past. */
  sign(file: string, names: string, days = 2): Pair {
    const path = `${this.folder}/${this.name}-${file}`;
    const [certificate, key] = [`${path}.pem`, `${path}.key`];
    Deno.writeTextFileSync(`${path}.ext`, `subjectAltName=${names}\n`);
    openssl(
      ...["req", ...NEW_KEY, "-subj", `/CN=${file}`, "-keyout", key, "-out", `${path}.csr`],
    );
    openssl(
      ...["x509", "-req", "-in", `${path}.csr`, "-CA", this.certificate, "-CAkey", this.key],
      ...["-CAcreateserial", "-days", `${days}`, "-extfile", `${path}.ext`, "-out", certificate],
    );
    return { certificate, key };
  }
}

/** Runs `use` with a folder for them. */
export async function withCertificates(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

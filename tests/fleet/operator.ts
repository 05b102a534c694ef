// An operator, an account and its users, signed as `nsc` signs them: a server that believes the operator needs no list of
// users. See docs.nats.io, "JWT".

import { Buffer } from "node:buffer";
import { nkeys } from "@nats-io/nats-core";

type Pair = ReturnType<typeof nkeys.createUser>;

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
const encoded = (value: unknown) => base64url(new TextEncoder().encode(JSON.stringify(value)));

/** `issuer` says of the key `subject` what is in `nats`. */
function token(issuer: Pair, subject: Pair, name: string, nats: Record<string, unknown>): string {
  const body = [
    encoded({ typ: "JWT", alg: "ed25519-nkey" }),
    encoded({
      jti: name,
      iat: Math.floor(Date.now() / 1000),
      iss: issuer.getPublicKey(),
      sub: subject.getPublicKey(),
      name,
      nats: { version: 2, ...nats },
    }),
  ].join(".");
  return `${body}.${base64url(issuer.sign(new TextEncoder().encode(body)))}`;
}

const NO_LIMITS = { subs: -1, data: -1, payload: -1 };
const ACCOUNT_LIMITS = {
  ...NO_LIMITS,
  imports: -1,
  exports: -1,
  wildcards: true,
  conn: -1,
  leaf: -1,
};
const JETSTREAM_LIMITS = { mem_storage: 1 << 26, disk_storage: 1 << 30, streams: -1, consumer: -1 };

export class Operator {
  private readonly operator = nkeys.createOperator();
  private readonly account = nkeys.createAccount();
  private readonly system = nkeys.createAccount();

  /** For the server's configuration. */
  config(): string {
    const [account, system] = [this.account, this.system].map((pair) => pair.getPublicKey());
    const tokenOf = (pair: Pair, name: string, limits: Record<string, unknown>) =>
      token(this.operator, pair, name, { type: "account", limits });
    const jetStream = tokenOf(this.account, "scan", { ...ACCOUNT_LIMITS, ...JETSTREAM_LIMITS });
    return `operator: ${token(this.operator, this.operator, "op", { type: "operator" })}
      system_account: ${system}
      resolver: MEMORY
      resolver_preload: { ${account}: ${jetStream}
        ${system}: ${tokenOf(this.system, "sys", ACCOUNT_LIMITS)} }`;
  }

  /** A file of credentials, as a user is given it. Without subjects he may do all. */
  credentials(name: string, publish?: readonly string[], subscribe?: readonly string[]): string {
    const pair = nkeys.createUser();
    const jwt = token(this.account, pair, name, {
      ...NO_LIMITS,
      type: "user",
      ...(publish && { pub: { allow: publish } }),
      ...(subscribe && { sub: { allow: subscribe } }),
    });
    const seed = new TextDecoder().decode(pair.getSeed());
    return `-----BEGIN NATS USER JWT-----\n${jwt}\n------END NATS USER JWT------\n
************************* IMPORTANT *************************
NKEY Seed printed below can be used to sign and prove identity.

-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n\n***\n`;
  }
}

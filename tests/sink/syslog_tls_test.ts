import assert from "node:assert/strict";
import { materialFaults, overTls } from "../../src/sink/syslog_tls.ts";
import { Authority, whyNoOpenssl, whyNoTls, withCertificates } from "../support/certificates.ts";
import { scandog } from "../support/scandog.ts";
import { skipped } from "../support/skip.ts";

const ignore = skipped("certificates", whyNoOpenssl());
const text = (path: string) => Deno.readTextFileSync(path);

Deno.test({
  name: "materialFaults() knows a certificate, a key, and whether they belong together",
  ignore,
  fn: () =>
    withCertificates((folder) => {
      const authority = new Authority(folder, "ca");
      const [one, two] = [
        authority.sign("one", "DNS:one.test"),
        authority.sign("two", "DNS:two.test"),
      ];
      const authorities = text(authority.certificate) + text(one.certificate);
      const certificate = text(one.certificate), key = text(one.key);
      assert.deepEqual(materialFaults({}), []);
      assert.deepEqual(materialFaults({ authorities, certificate, key }), []);
      const parts = (material: Parameters<typeof materialFaults>[0]) =>
        materialFaults(material).map(({ part, reason }) => `${part} ${reason}`);
      assert.deepEqual(parts({ authorities: "", certificate: key, key: certificate }), [
        "authorities holds no certificate in PEM",
        "certificate holds no certificate in PEM",
        "key holds no private key in PEM without a passphrase",
      ]);
      assert.deepEqual(parts({ certificate, key: text(two.key) }), [
        "key is not the key of the certificate",
      ]);
      return Promise.resolve();
    }),
});

Deno.test("watch refuses files for TLS that are not as needed, each in one line", async () => {
  const url = "tls://127.0.0.1:1";
  const cases: [string[], number, RegExp][] = [
    [
      ["--syslog", url, "--syslog-cert", "/etc/hosts"],
      2,
      /--syslog-cert is of no use without --syslog-key/,
    ],
    [
      ["--syslog", url, "--syslog-key", "/etc/hosts"],
      2,
      /--syslog-key is of no use without --syslog-cert/,
    ],
    [
      ["--syslog", "tcp://127.0.0.1:1", "--syslog-ca", "/etc/hosts"],
      2,
      /--syslog-ca is for --syslog tls:/,
    ],
    [
      ["--syslog", url, "--syslog-ca", "/nonesuch"],
      1,
      /^scandog: --syslog-ca \/nonesuch: cannot be read: No such file/,
    ],
    [
      ["--syslog", url, "--syslog-ca", "/etc/hosts"],
      1,
      /^scandog: --syslog-ca \/etc\/hosts: holds no certificate/,
    ],
  ];
  for (const [args, code, reason] of cases) {
    const words = ["watch", "-i", "nosuch0", "--config", "/dev/null", "--user", "root", ...args];
    const { status, err } = await scandog(words);
    assert.equal(status, code, err);
    assert.match(err, reason);
  }
});

Deno.test({
  name: "overTls() gives up a far end that says nothing, closes at once, or speaks something else",
  ignore: skipped("syslog over TLS", whyNoTls()),
  fn: async () => {
    const greetings: [string | undefined, boolean, RegExp][] = [
      [undefined, false, /no answer in time/],
      [undefined, true, /closed|reset|disconnected/i],
      ["220 mail.test ready\r\n", false, /./],
    ];
    for (const [greeting, closes, reason] of greetings) {
      const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const connect = overTls("collector.test", listener.addr.port, {});
      const abort = new AbortController();
      const failed = assert.rejects(connect("127.0.0.1", abort.signal), reason);
      const connection = await listener.accept();
      if (greeting !== undefined) await connection.write(new TextEncoder().encode(greeting));
      if (closes) connection.close();
      else if (greeting === undefined) abort.abort(new Error("no answer in time"));
      await failed;
      if (!closes) connection.close();
      listener.close();
    }
  },
});

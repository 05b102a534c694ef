// Real servers for the ordinary traffic, each with a private configuration in the world's own
// folder and in the foreground, so that it ends with the world.

import { delay, type Service } from "./process.ts";
import type { Host } from "./host.ts";

/** Bytes that look like an image or an archive: cheap, the same in every run. */
export function filler(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** Pages: `index.html` that refers to `parts` pictures spread over the named servers. */
export async function site(host: Host, parts: number, servers: string[]): Promise<string> {
  const pictures: string[] = [];
  for (let i = 0; i < parts; i++) {
    await host.world.file(`site/part${i}.png`, filler(200 + 97 * (i % 40), i));
    pictures.push(`<img src="http://${servers[i % servers.length]}/part${i}.png">`);
  }
  const page = `<!doctype html><title>shop</title><body>${pictures.join("\n")}</body>`;
  const index = await host.world.file("site/index.html", page);
  return index.slice(0, -"/index.html".length);
}

/** nginx on port 80 (and others) of every address, with the pages of `root`. */
export async function nginx(host: Host, root: string, ports = [80], more = ""): Promise<Service> {
  const listen = ports.map((port) => `listen ${port}; listen [::]:${port};`).join(" ");
  const prefix = `${host.world.folder}/nginx-${host.name}`;
  await Deno.mkdir(prefix, { recursive: true });
  const config = await host.world.file(
    `nginx-${host.name}.conf`,
    `daemon off; worker_processes 1; user root; pid ${prefix}/pid; error_log ${prefix}/error.log;
events { worker_connections 512; }
http {
  access_log off; client_body_temp_path ${prefix}/a; proxy_temp_path ${prefix}/b;
  fastcgi_temp_path ${prefix}/c; uwsgi_temp_path ${prefix}/d; scgi_temp_path ${prefix}/e;
  keepalive_timeout 5s; default_type text/html; types { image/png png; }
  server { ${listen} root ${root}; ${more} location /missing/ { return 404; } location /broken/ { return 500; } }
}
`,
  );
  const service = host.start(["nginx", "-c", config, "-p", prefix]);
  await delay(300);
  return service;
}

/** vsftpd for anonymous users, with `files` small files, every fifth of them empty. */
export async function vsftpd(host: Host, files: number, more = ""): Promise<Service> {
  for (let i = 0; i < files; i++) {
    await host.world.file(
      `ftp/pub/file${i}.txt`,
      i % 5 === 0 ? "" : `file ${i}\n`.repeat(i % 9 + 1),
    );
  }
  const empty = `${host.world.folder}/empty`;
  await Deno.mkdir(empty, { recursive: true });
  await Deno.mkdir(`${host.world.folder}/ftp/upload`, { recursive: true });
  await Deno.chmod(`${host.world.folder}/ftp/upload`, 0o777);
  const config = await host.world.file(
    "vsftpd.conf",
    `listen=YES
background=NO
anonymous_enable=YES
no_anon_password=YES
anon_upload_enable=YES
anon_umask=022
write_enable=YES
ftp_username=ftp
anon_root=${host.world.folder}/ftp
secure_chroot_dir=${empty}
seccomp_sandbox=NO
isolate_network=NO
connect_from_port_20=YES
pasv_enable=YES
port_enable=YES
xferlog_enable=NO
max_per_ip=0
${more}
`,
  );
  const service = host.start(["vsftpd", config]);
  await delay(300);
  return service;
}

/** dnsmasq that knows the names given (`name=address`), and asks `upstream` for the rest. */
export async function dnsmasq(
  host: Host,
  names: string[],
  upstream: string[] = [],
  more: string[] = [],
): Promise<Service> {
  const records = names.map((name) => {
    const [domain, address] = name.split("=");
    return `--address=/${domain}/${address}`;
  });
  const service = host.start([
    "dnsmasq",
    "--keep-in-foreground",
    "--no-resolv",
    "--no-hosts",
    "--user=root",
    "--pid-file=",
    "--conf-file=/dev/null",
    ...records,
    ...upstream.map((address) => `--server=${address}`),
    ...more,
  ]);
  await delay(300);
  return service;
}

/** sshd with keys of its own; returns the options that make `ssh` use them. */
export async function sshd(host: Host, ports = [22]): Promise<string[]> {
  const folder = `${host.world.folder}/ssh`;
  await Deno.mkdir(folder, { recursive: true });
  for (const key of ["host", "user"]) {
    const made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", `${folder}/${key}`];
    await host.run(made, { unsaid: true });
  }
  await Deno.copyFile(`${folder}/user.pub`, `${folder}/authorized`);
  await Deno.mkdir("/run/sshd", { recursive: true });
  const config = await host.world.file(
    "sshd_config",
    `${ports.map((port) => `Port ${port}`).join("\n")}
HostKey ${folder}/host
AuthorizedKeysFile ${folder}/authorized
PidFile none
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
UsePAM no
MaxStartups 50
Subsystem sftp internal-sftp
`,
  );
  host.start(["/usr/sbin/sshd", "-D", "-e", "-f", config]);
  await delay(300);
  const options = ["UserKnownHostsFile=/dev/null", "StrictHostKeyChecking=no", "BatchMode=yes"];
  return [
    "-q",
    "-i",
    `${folder}/user`,
    "-F",
    "none",
    ...options.flatMap((option) => ["-o", option]),
  ];
}

/** A headless browser's command line for one page, without its own errands on the internet. */
export function browser(host: Host, url: string, profile = "browser"): string[] {
  return [
    "chromium",
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    `--user-data-dir=${host.world.folder}/${profile}-${host.name}`,
    "--timeout=8000",
    "--dump-dom",
    url,
  ];
}

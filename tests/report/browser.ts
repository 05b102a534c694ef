// A real browser for tests of pages: headless Chromium over its DevTools protocol. Own profile, no
// network of its own, ended with the test.

import { exists } from "../support/skip.ts";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  ..."--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars".split(
    " ",
  ),
  ..."--disable-background-networking --disable-component-update --disable-sync".split(" "),
  ..."--disable-default-apps --disable-extensions --mute-audio --remote-debugging-port=0".split(
    " ",
  ),
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];
const ANSWER_MS_MAX = 300_000;

/** Why there is no browser here, or false. */
export function whyNoBrowser(): string | false {
  return !exists(CHROMIUM) && "chromium is not installed";
}

type Members = Record<string, unknown>;

/** One browser, one tab. */
export class Browser {
  /** What the page's console and the browser's log said since the last `open`. */
  messages: string[] = [];
  private readonly waiting = new Map<number, (answer: Members) => void>();
  /** Pages that are there, by the number that the browser gave their loading; and who waits for one. */
  private readonly loaded = new Set<string>();
  private onLoad: () => void = () => {};
  private count = 0;
  private session = "";

  private constructor(
    private readonly process: Deno.ChildProcess,
    private readonly profile: string,
    private readonly socket: WebSocket,
    private readonly reading: Promise<void>,
  ) {
    socket.onmessage = ({ data }) => this.take(JSON.parse(data));
  }

  /** Runs `use` with a browser of its own. */
  static async with(use: (browser: Browser) => Promise<void>): Promise<void> {
    const profile = await Deno.makeTempDir({ prefix: "scandog-browser-" });
    const process = new Deno.Command(CHROMIUM, {
      args: [...FLAGS, `--user-data-dir=${profile}`, "about:blank"],
      env: { TZ: "UTC" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const found = Promise.withResolvers<string>();
    const reading = (async () => {
      const decoder = new TextDecoder();
      let said = "";
      for await (const bytes of process.stderr) {
        said += decoder.decode(bytes, { stream: true });
        const address = /DevTools listening on (ws:\S+)/.exec(said);
        if (address !== null) found.resolve(address[1]);
      }
      found.reject(new Error(`chromium ended: ${said}`));
    })();
    found.promise.catch(() => {});
    try {
      const socket = new WebSocket(await found.promise);
      await new Promise((resolve, reject) => {
        socket.onopen = resolve;
        socket.onerror = reject;
      });
      const browser = new Browser(process, profile, socket, reading);
      await browser.attach();
      try {
        await use(browser);
      } finally {
        await browser.close();
      }
    } catch (error) {
      try {
        process.kill("SIGKILL");
      } catch {
        // It has ended already.
      }
      throw error;
    }
  }

  private async attach(): Promise<void> {
    const { targetInfos } = await this.send("Target.getTargets") as {
      targetInfos: { type: string; targetId: string }[];
    };
    const { targetId } = targetInfos.find(({ type }) => type === "page")!;
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    this.session = sessionId as string;
    for (const domain of ["Page", "Runtime", "Log", "Accessibility", "DOM"]) {
      await this.send(`${domain}.enable`);
    }
    await this.send("Page.setLifecycleEventsEnabled", { enabled: true });
  }

  private take({ id, method, params, result, error }: Members): void {
    if (typeof id === "number") {
      this.waiting.get(id)?.({ result, error });
      this.waiting.delete(id);
      return;
    }
    const name = method as string;
    const { entry, args, exceptionDetails } = (params ?? {}) as Record<string, Members | Members[]>;
    if (name === "Log.entryAdded") this.messages.push(String((entry as Members).text));
    if (name === "Runtime.consoleAPICalled") {
      this.messages.push((args as Members[]).map(({ value }) => value).join(" "));
    }
    if (name === "Runtime.exceptionThrown") {
      this.messages.push(String((exceptionDetails as Members).text));
    }
    const { name: stage, loaderId } = (params ?? {}) as Record<string, string>;
    if (name === "Page.lifecycleEvent" && stage === "load") {
      this.loaded.add(loaderId);
      this.onLoad();
    }
  }

  /** One command of the protocol. Throws what the browser answers as an error. */
  async send(method: string, params: Members = {}): Promise<Members> {
    const id = ++this.count;
    const answered = Promise.withResolvers<Members>();
    this.waiting.set(id, answered.resolve);
    const timer = setTimeout(
      () => answered.reject(new Error(`${method}: no answer from chromium`)),
      ANSWER_MS_MAX,
    );
    const sessionId = this.session === "" ? undefined : this.session;
    this.socket.send(JSON.stringify({ id, method, params, sessionId }));
    const { result, error } = await answered.promise.finally(() => clearTimeout(timer));
    if (error !== undefined) throw new Error(`${method}: ${(error as Members).message}`);
    return result as Members;
  }

  /** Loads an address and waits until it is there. */
  async open(url: string): Promise<void> {
    this.messages = [];
    const { errorText, loaderId } = await this.send("Page.navigate", { url });
    if (errorText !== undefined) throw new Error(`${url}: ${errorText}`);
    // Not any page's: on a slow machine the empty one, with which the browser begins, may be late.
    while (!this.loaded.has(loaderId as string)) {
      await new Promise<void>((resolve) => this.onLoad = resolve);
    }
    // Messages of the page come in their turn.
    await this.evaluate("0");
  }

  /** The value of an expression in the page. */
  async evaluate<T = unknown>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    }) as { result: { value: T }; exceptionDetails?: { text: string; exception?: Members } };
    if (exceptionDetails !== undefined) {
      throw new Error(`${exceptionDetails.text} ${exceptionDetails.exception?.description}`);
    }
    return result.value;
  }

  async setWidth(width: number, height = 900): Promise<void> {
    const metrics = { width, height, deviceScaleFactor: 1, mobile: false };
    await this.send("Emulation.setDeviceMetricsOverride", metrics);
  }

  async setMedia(media: "screen" | "print", scheme: "light" | "dark"): Promise<void> {
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await this.send("Emulation.setEmulatedMedia", { media, features });
  }

  async setScripts(isOn: boolean): Promise<void> {
    await this.send("Emulation.setScriptExecutionDisabled", { value: !isOn });
  }

  /** The accessibility tree: role and name of each node that is not ignored. */
  async accessible(): Promise<{ role: string; name: string; level?: number }[]> {
    const { nodes } = await this.send("Accessibility.getFullAXTree") as {
      nodes: {
        ignored: boolean;
        role?: { value: string };
        name?: { value: string };
        properties?: { name: string; value: { value: unknown } }[];
      }[];
    };
    return nodes.filter(({ ignored }) => !ignored).map(({ role, name, properties }) => ({
      role: role?.value ?? "",
      name: name?.value ?? "",
      level: properties?.find(({ name }) => name === "level")?.value.value as number | undefined,
    }));
  }

  /** A picture of the page's top, as PNG. */
  async screenshot(): Promise<Uint8Array> {
    const { data } = await this.send("Page.captureScreenshot", { format: "png" });
    return Uint8Array.from(atob(data as string), (c) => c.charCodeAt(0));
  }

  private async close(): Promise<void> {
    await this.send("Browser.close").catch(() => {});
    await this.process.status;
    await this.reading;
    this.socket.close();
    await Deno.remove(this.profile, { recursive: true }).catch(() => {});
  }
}

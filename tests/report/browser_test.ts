// The pages in a real browser: what is on screen and what a screen reader is told, at three widths, light,
// dark and on paper, with scripts and without. No pictures are compared: they break with a font.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { page } from "../../src/report/page/page.ts";
import { inRepository } from "../support/paths.ts";
import { scandog } from "../support/scandog.ts";
import { skipped } from "../support/skip.ts";
import { Browser, whyNoBrowser } from "./browser.ts";
import { hostileInput } from "./hostile.ts";
import { DAY_CASES, madeDay } from "./made_day.ts";

const ignore = skipped("the report in a browser", whyNoBrowser());

/** Different stories: one scan, a sweep, a visit, decoys, misuse, IPv6, an own host, nothing. */
const CASES = [
  "mixed-syn",
  "sweep-1000-hosts",
  "visit-by-neighbour",
  "decoy-last",
  "idle-scan-at-zombie",
  "ip6-syn",
  "outbound-sweep",
  "web-browser",
];
const WIDTHS = [390, 820, 1280];
const HOME = ["--home", "203.0.113.0/24,2001:db8:113::/48,192.0.2.0/24"];
const SCANS_OF_A_DAY = 200;
/** As little contrast as small text may have (WCAG 2, AA). */
const CONTRAST_MIN = 4.5;

function captureOf(name: string): string {
  const folder = inRepository(`testdata/cases/${name}`);
  const file = [...Deno.readDirSync(folder)].find(({ name }) => name.startsWith("capture"))!;
  return `${folder}/${file.name}`;
}

let made: Promise<string> | undefined;

/** Pages of the cases and of a day, made once, in a folder that goes with the process. */
async function withPages(use: (folder: string, names: string[]) => Promise<void>): Promise<void> {
  made ??= makePages();
  await use(await made, [...CASES, "day"]);
}

async function makePages(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "scandog-pages-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  const make = async (name: string, capture: string) => {
    const args = ["report", capture, "-o", `${folder}/${name}.html`, ...HOME];
    const { status, err } = await scandog(args);
    assert.equal(status, 0, err);
  };
  for (const name of CASES) await make(name, captureOf(name));
  await Deno.writeFile(`${folder}/day.pcap`, madeDay(DAY_CASES, SCANS_OF_A_DAY));
  await make("day", `${folder}/day.pcap`);
  return folder;
}

/** Facts about what is on screen, found out in the page. */
const LOOK = `(() => {
  const colour = (text) => text.match(/[\\d.]+/g).map(Number);
  const bright = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = colour(getComputedStyle(at).backgroundColor);
      if (a > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const contrast = (element) => {
    const one = bright(colour(getComputedStyle(element).color)), two = bright(ground(element));
    return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
  };
  const texts = [...document.querySelectorAll("h1,h2,p,li span,li b,td,th,dd,dt,a,summary,label")]
    .filter((element) => element.textContent.trim() !== "" && element.getClientRects().length > 0);
  const box = (element) => element.getBoundingClientRect();
  return {
    overflow: document.documentElement.scrollWidth - innerWidth,
    h1: document.querySelector("h1").textContent,
    h1Bottom: box(document.querySelector("h1")).bottom,
    tilesBottom: box(document.querySelector(".tiles")).bottom,
    contrast: Math.min(...texts.map(contrast)),
    background: getComputedStyle(document.body).backgroundColor,
    bars: [...document.querySelectorAll(".when g")].map(box)
      .filter(({ width, height }) => width > 0 && height > 0).length,
    barsOutside: [...document.querySelectorAll(".when g")].filter((g) => {
      const inner = box(g), outer = box(g.closest("svg"));
      return inner.left < outer.left - 6 || inner.right > outer.right + 6;
    }).length,
    // Colour alone does not tell a link from the sentence that it is in.
    plainLinks: [...document.querySelectorAll("p a, li a, h3 a")]
      .filter((a) => getComputedStyle(a).textDecorationLine === "none").length,
    images: document.images.length,
    styled: document.querySelectorAll("[style]").length,
    buttons: document.querySelectorAll("button").length,
  };
})()`;

interface Look {
  overflow: number;
  h1: string;
  h1Bottom: number;
  tilesBottom: number;
  contrast: number;
  background: string;
  bars: number;
  barsOutside: number;
  plainLinks: number;
  images: number;
  styled: number;
  buttons: number;
}

Deno.test({
  name:
    "pages of eight cases and a day: at three widths, light, dark and print, scripts on and off",
  ignore,
  async fn() {
    await withPages(async (folder, names) => {
      assert.ok((await Deno.stat(`${folder}/day.html`)).size < 500_000);
      await Browser.with(async (browser) => {
        for (const name of names) {
          const headings = new Set<string>();
          for (const scripts of [true, false]) {
            await browser.setScripts(scripts);
            await browser.setMedia("screen", "light");
            await browser.open(`file://${folder}/${name}.html`);
            for (const width of WIDTHS) {
              await browser.setWidth(width);
              for (
                const [media, scheme] of [["screen", "light"], ["screen", "dark"], [
                  "print",
                  "dark",
                ]] as const
              ) {
                await browser.setMedia(media, scheme);
                const where = `${name}, ${width} px, ${media}, ${scheme}, scripts ${scripts}`;
                const look = await browser.evaluate<Look>(LOOK);
                headings.add(look.h1);
                assert.ok(look.overflow <= 0, `${where}: ${look.overflow} px too wide`);
                assert.ok(look.contrast >= CONTRAST_MIN, `${where}: contrast ${look.contrast}`);
                assert.equal(look.barsOutside, 0, where);
                assert.equal(
                  look.bars > 0,
                  name !== "web-browser" && name !== "idle-scan-at-zombie",
                  where,
                );
                assert.deepEqual([look.plainLinks, look.images, look.styled], [0, 0, 0], where);
                assert.equal(
                  look.buttons > 0,
                  scripts && name !== "web-browser" && name !== "idle-scan-at-zombie",
                  where,
                );
                // The story is on the first screen, without scrolling.
                assert.ok(look.h1Bottom < 500 && look.tilesBottom < 900, where);
                const isDark = media === "screen" && scheme === "dark";
                assert.equal(look.background === "rgb(255, 255, 255)", !isDark, where);
              }
            }
            assert.deepEqual(browser.messages, [], name);
          }
          assert.equal(headings.size, 1, "the same sentence everywhere");
        }
      });
    });
  },
});

Deno.test({
  name: "a screen reader is told the headings in order, named pictures, and tables with heads",
  ignore,
  async fn() {
    await withPages(async (folder) => {
      await Browser.with(async (browser) => {
        await browser.setWidth(1280);
        await browser.open(`file://${folder}/day.html`);
        const tree = await browser.accessible();
        const of = (role: string) => tree.filter((node) => node.role === role);
        const headings = of("heading").map(({ name, level }) => `${level} ${name}`);
        assert.match(headings[0], /^1 \d+ scans from \d+ sources in .*: \d+ found open ports on/);
        const second = headings.filter((text) => text.startsWith("2 "));
        assert.deepEqual(second, [
          "2 Look at these first",
          "2 When",
          "2 What was tried",
          "2 How the scans went",
          "2 Ports",
          "2 Sources",
          "2 Targets",
          "2 Who came back",
          "2 What may be missing",
          "2 How this was made",
        ]);
        assert.equal(of("main").length, 1);
        assert.ok(of("image").length >= 4);
        for (const { name } of of("image")) assert.notEqual(name, "");
        assert.ok(of("table").length >= 4);
        assert.ok(of("rowheader").length > 100 && of("columnheader").length > 20);
        for (const { role, name } of [...of("columnheader"), ...of("link"), ...of("button")]) {
          assert.notEqual(name.trim(), "", `a ${role} without a name`);
        }
        // What colour tells is told in words as well.
        const texts = tree.map(({ name }) => name).join("\n");
        for (const words of ["found something open", "no answer", "came back and used it"]) {
          assert.ok(texts.includes(words), words);
        }
      });
    });
  },
});

Deno.test({
  name: "tables sort by their heads, and the filter works without scripts",
  ignore,
  async fn() {
    await withPages(async (folder) => {
      await Browser.with(async (browser) => {
        await browser.setWidth(1280);
        await browser.open(`file://${folder}/day.html`);
        const column = (n: number) =>
          browser.evaluate<string[]>(
            `[...document.querySelectorAll(".sources-table tbody tr")].map((row) => row.cells[${n}].textContent)`,
          );
        const click = (n: number) =>
          browser.evaluate(
            `document.querySelectorAll(".sources-table thead button")[${n}].click()`,
          );
        const before = await column(4);
        await click(4);
        const ports = (await column(4)).map((text) => Number(text.replaceAll(",", "")));
        assert.deepEqual(ports, [...ports].sort((a, b) => b - a), "most ports first");
        assert.notDeepEqual(await column(4), before);
        await click(4);
        assert.deepEqual(
          (await column(4)).map((text) => Number(text.replaceAll(",", ""))),
          ports.toReversed(),
        );
        assert.equal(
          await browser.evaluate(`document.querySelector(".sources-table [aria-sort]").ariaSort`),
          "ascending",
        );
        await browser.setScripts(false);
        await browser.open(`file://${folder}/day.html`);
        assert.deepEqual(await column(4), before);
        const shown = () =>
          browser.evaluate<number>(
            `[...document.querySelectorAll(".sources-table tbody tr")].filter((row) => row.getClientRects().length > 0).length`,
          );
        const all = await shown();
        const label = await browser.evaluate<{ x: number; y: number }>(`(() => {
          const label = document.querySelector("label[for=only-found]");
          label.scrollIntoView({ block: "center" });
          const { x, y, width, height } = label.getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2 };
        })()`);
        for (const type of ["mousePressed", "mouseReleased"]) {
          await browser.send("Input.dispatchMouseEvent", {
            type,
            ...label,
            button: "left",
            clickCount: 1,
          });
        }
        const found = await shown();
        assert.ok(found > 0 && found < all, `${found} of ${all}`);
      });
    });
  },
});

/** A server of one page, with a header; counts what else is asked for. */
function serve(html: string, policy: string | undefined) {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname !== "/") asked.push(pathname);
    const headers: Record<string, string> = { "content-type": "text/html; charset=utf-8" };
    if (policy !== undefined) headers["content-security-policy"] = policy;
    return pathname === "/" ? new Response(html, { headers }) : new Response("x");
  });
  return { server, asked, url: `http://127.0.0.1:${server.addr.port}/` };
}

const digest = (text: string) => createHash("sha256").update(text).digest("base64");

Deno.test({
  name: "hostile names do nothing, and the policy blocks a planted script, style, image and frame",
  ignore,
  async fn() {
    const html = page(hostileInput(), digest);
    const planted = html.replace(
      "<main>",
      '<main><script>window.planted=1</script><script src="/s.js"></script><img src="/i.png" ' +
        'onerror="window.planted=2"><style>h1{display:none}</style><p style="position:fixed">p</p>' +
        '<link rel="stylesheet" href="/c.css"><iframe src="/f.html"></iframe><form action="/p"></form>',
    );
    await Browser.with(async (browser) => {
      for (const text of [html, planted]) {
        const { server, asked, url } = serve(text, undefined);
        await browser.setWidth(1280);
        await browser.open(url);
        assert.equal(await browser.evaluate("typeof window.planted"), "undefined");
        const isShown = `document.querySelector("h1").getClientRects().length > 0`;
        assert.equal(await browser.evaluate(isShown), true);
        assert.deepEqual(asked.filter((path) => path !== "/favicon.ico"), []);
        if (text === html) {
          assert.equal(await browser.evaluate("document.images.length"), 0);
          assert.equal(await browser.evaluate("document.scripts.length"), 1);
          assert.deepEqual(
            browser.messages.filter((text) => /Content Security Policy/.test(text)),
            [],
          );
          const shown = await browser.evaluate<string>("document.body.innerText");
          assert.ok(shown.includes(`"><script>alert(1)</script><img src=x onerror=alert(2)>'&`));
        } else {
          assert.equal(
            await browser.evaluate(`getComputedStyle(document.querySelector("main > p")).position`),
            "static",
          );
          const blocked = browser.messages.filter((text) => /Content Security Policy/.test(text));
          assert.ok(blocked.length >= 5, blocked.join("\n"));
        }
        await server.shutdown();
      }
    });
  },
});

Deno.test({
  name:
    "under a server that forbids scripts and styles, the page reads, and its pictures have colours",
  ignore,
  async fn() {
    const { status, out } = await scandog([
      "report",
      "--format",
      "html",
      captureOf("mixed-syn"),
      ...HOME,
    ]);
    assert.equal(status, 0);
    const jenkins =
      "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self';";
    const { server, url } = serve(out, jenkins);
    await Browser.with(async (browser) => {
      await browser.setWidth(1280);
      await browser.open(url);
      const facts = await browser.evaluate<
        { text: string; fill: string; bar: number; buttons: number }
      >(`({
        text: document.body.innerText,
        fill: getComputedStyle(document.querySelector(".when g rect, .when g use")).fill,
        bar: document.querySelector(".when g").getBoundingClientRect().width,
        buttons: document.querySelectorAll("button").length,
      })`);
      assert.match(facts.text, /198\.51\.100\.7 scanned 120 ports of 203\.0\.113\.10/);
      // Words do not run together where nothing sets them apart.
      assert.match(facts.text, /1 scan\b/);
      assert.equal(facts.fill, "rgb(213, 94, 0)");
      assert.ok(facts.bar > 10);
      assert.equal(facts.buttons, 0);
    });
    await server.shutdown();
  },
});

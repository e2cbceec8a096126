// Opens pages in headless Chromium and prints, as JSON, what each of them did: requests, dialogs, scripts, errors.
// usage: node open.mjs JOB.json    JOB: [{"page": "/a.html", "shots": [{"path", "dark", "width", "height", "full"}], "uncheck": ["id"]}]
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import chromium from "@sparticuz/chromium";
import { chromium as playwright } from "playwright-core";

const jobs = JSON.parse(readFileSync(process.argv[2], "utf8"));
const browser = await playwright.launch({
  executablePath: await chromium.executablePath(),
  args: ["--no-sandbox", "--headless=shell", "--disable-gpu", "--disable-dev-shm-usage"],
  headless: true,
});
const told = [];
for (const job of jobs) {
  const url = pathToFileURL(job.page).href;
  const seen = { page: job.page, requests: [], dialogs: 0, errors: [], console: [], widths: [] };
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
  const page = await context.newPage();
  page.on("request", (request) => { if (request.url() !== url) seen.requests.push(request.url()); });
  page.on("dialog", (dialog) => { seen.dialogs += 1; dialog.dismiss(); });
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("console", (message) => seen.console.push(message.text()));
  await page.goto(url, { waitUntil: "load" });
  // Open everything: an event handler that waits for a click or a toggle would show itself here.
  seen.dom = await page.evaluate(() => {
    const every = [...document.querySelectorAll("*")];
    return {
      scripts: document.scripts.length,
      handlers: every.filter((e) => [...e.attributes].some((a) => a.name.startsWith("on"))).length,
      loading: document.querySelectorAll("img,iframe,object,embed,link,video,audio,base,svg,math").length,
      styles: document.querySelectorAll("[style]").length,
      styled: getComputedStyle(document.querySelector("main") ?? document.body).display !== "inline"
        && getComputedStyle(document.body).maxWidth !== "none",
      links: [...document.querySelectorAll("a[href]")].map((a) => a.getAttribute("href")),
      elements: every.length,
      findings: document.querySelectorAll("details.finding").length,
      wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      ids: every.filter((e) => e.id).length - new Set(every.filter((e) => e.id).map((e) => e.id)).size,
    };
  });
  for (const id of job.uncheck ?? []) {
    await page.focus(`#${id}`);
    await page.keyboard.press("Space");
  }
  const visible = () => [...document.querySelectorAll("details.finding")].filter((e) => e.offsetParent !== null).length;
  seen.visible = await page.evaluate(visible);
  for (const id of job.uncheck ?? []) await page.check(`#${id}`);
  const summary = page.locator("details.finding > summary").first();
  if (await summary.count()) {
    const before = await page.evaluate(() => document.querySelector("details.finding").open);
    await summary.focus();
    await page.keyboard.press("Enter");
    seen.toggled = before !== (await page.evaluate(() => document.querySelector("details.finding").open));
    await page.keyboard.press("Enter");
  }
  for (const shot of job.shots ?? []) {
    await page.emulateMedia({ colorScheme: shot.dark ? "dark" : "light", media: shot.print ? "print" : "screen" });
    await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0); });
    await page.setViewportSize({ width: shot.width ?? 1200, height: shot.height ?? 900 });
    seen.widths.push(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth));
    if (shot.path) await page.screenshot({ path: shot.path, fullPage: shot.full ?? false });
  }
  await context.close();
  told.push(seen);
}
await browser.close();
console.log(JSON.stringify(told));

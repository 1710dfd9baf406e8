// Lighthouse's performance audit of pages, each as a line of JSON:   node audit.mjs BROWSER < [{"address", "device", "cookie"}, …]
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const wanted = JSON.parse(await new Response(process.stdin).text());
const quiet = ["background-networking", "component-update", "sync", "quic"].map((word) => `--disable-${word}`);
const chrome = await launch({
  chromePath: process.argv[2],
  chromeFlags: ["--headless", "--no-sandbox", "--disable-gpu", ...quiet],
});
for (const signal of ["SIGTERM", "SIGHUP"]) {
  process.once(signal, () => {
    chrome.kill();
    process.exit(1);
  });
}
try {
  for (const { address, device, cookie } of wanted) {
    const flags = { port: chrome.port, onlyCategories: ["performance"], extraHeaders: cookie ? { Cookie: cookie } : {} };
    const { lhr } = await lighthouse(address, flags, device === "desktop" ? desktopConfig : undefined);
    console.log(JSON.stringify(lhr));
  }
} finally {
  await chrome.kill();
}

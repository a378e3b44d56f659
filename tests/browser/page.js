// The page in a real browser: node page.js URL SHOTS
//
// Prints "ok" at the end; an assertion that fails ends it.
"use strict";

const assert = require("assert");
const { chromium } = require(process.env.PLAYWRIGHT || "playwright-core");

const [url, shots] = process.argv.slice(2);
const problems = [];

function row(page, task)
{
	return page.locator("#t-" + task);
}

async function pids(page, task)
{
	const text = await row(page, task).innerText();
	const m = text.match(/pid ([0-9, \n]+)/);

	return m ? m[1].split(/[^0-9]+/).filter(Boolean).map(Number) : [];
}

// Polls until fn() is true.
async function until(what, fn)
{
	const end = Date.now() + 20000;

	while (!await fn()) {
		if (Date.now() > end)
			assert.fail("not within 20 s: " + what);
		await new Promise(r => setTimeout(r, 50));
	}
}

async function open(browser, options)
{
	const context = await browser.newContext(options);
	const page = await context.newPage();

	page.on("console", m => problems.push("console: " + m.text()));
	page.on("pageerror", e => problems.push("error: " + e.message));
	page.on("requestfailed", r => {
		/* A stream that is closed with its page. */
		if (!r.url().endsWith("/status/events"))
			problems.push("failed: " + r.url());
	});
	page.on("response", r => {
		if (r.status() >= 400)
			problems.push(r.status() + ": " + r.url());
	});
	await page.goto(url);
	return page;
}

async function live(page)
{
	await until("the page is live", async () =>
	    await page.locator("#live.on").count() === 1);
}

async function main()
{
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
		args: ["--no-sandbox", "--disable-gpu",
		    "--disable-dev-shm-usage"]
	});
	let page = await open(browser, {
		viewport: { width: 1280, height: 900 }, colorScheme: "light"
	});

	await live(page);
	for (const task of ["sys_conf", "ntpd", "ws_server"])
		assert.equal(await row(page, task).count(), 1, task);
	assert.match(await row(page, "ntpd").innerText(), /running/);
	assert.match(await row(page, "ws_server").innerText(), /4 of 4/);
	assert.match(await row(page, "lonely").innerText(), /off/);
	// A word is not torn in two.
	for (const word of await page.locator("tbody .state").all()) {
		const box = await word.boundingBox();

		assert.ok(box.height < 32, "a state takes two lines");
	}
	// The states in the drawing are words, too.
	const svg = page.locator("svg[role=group]");
	assert.match(await svg.textContent(), /ntpd.*running/);
	assert.equal(await svg.locator("a").count(), 7);
	await page.screenshot({ path: shots + "/light.png", fullPage: true });

	// What is killed is followed.
	const was = await pids(page, "ntpd");
	assert.equal(was.length, 1);
	process.kill(was[0], "SIGKILL");
	await until("a killed task is shown anew", async () => {
		const now = await pids(page, "ntpd");

		return now.length === 1 && now[0] !== was[0];
	});
	await until("its end is shown", async () =>
	    /died on SIGKILL/.test(await row(page, "ntpd").innerText()));

	// A button; the focus stays where it was.
	const before = await pids(page, "ntpd");
	await row(page, "ntpd").getByRole("button",
	    { name: "Restart ntpd" }).press("Enter");
	await until("the button restarts it", async () => {
		const now = await pids(page, "ntpd");

		return now.length === 1 && now[0] !== before[0];
	});
	await page.locator("#c-ws_server").fill("2");
	await page.locator("#c-ws_server").press("Enter");
	await until("the count is set", async () =>
	    /2 of 2/.test(await row(page, "ws_server").innerText()));
	await row(page, "ntpd").getByRole("button",
	    { name: "Stop ntpd" }).click();
	await until("the button stops it", async () =>
	    await row(page, "ntpd").getByRole("button",
	    { name: "Start ntpd" }).count() === 1);
	await page.screenshot({ path: shots + "/stopped.png",
	    fullPage: true });
	await row(page, "ntpd").getByRole("button",
	    { name: "Start ntpd" }).click();
	await until("the button starts it", async () =>
	    (await pids(page, "ntpd")).length === 1);
	await page.getByRole("button", { name: "Reload the" }).click();
	await until("the reload is shown", async () =>
	    /generation 2/.test(await page.locator("dl").innerText()) &&
	    /4 of 4/.test(await row(page, "ws_server").innerText()));
	assert.equal(await page.locator("#alert").innerText(), "");

	// By the keyboard alone.
	await page.reload();
	await live(page);
	await page.keyboard.press("Tab");
	assert.equal(await page.evaluate(() =>
	    document.activeElement.className), "skip");

	// In the dark, on a phone, and without script.
	page = await open(browser, {
		viewport: { width: 1280, height: 900 }, colorScheme: "dark"
	});
	await live(page);
	await page.screenshot({ path: shots + "/dark.png", fullPage: true });
	page = await open(browser, {
		viewport: { width: 390, height: 844 }, deviceScaleFactor: 2,
		isMobile: true, colorScheme: "light"
	});
	await live(page);
	assert.ok(await page.evaluate(() =>
	    document.documentElement.scrollWidth <= innerWidth),
	    "the page is wider than the phone");
	await page.screenshot({ path: shots + "/phone.png", fullPage: true });
	page = await open(browser, { javaScriptEnabled: false });
	const plain = await pids(page, "ntpd");
	await row(page, "ntpd").getByRole("button",
	    { name: "Restart ntpd" }).click();
	await until("a plain form restarts it", async () => {
		await page.goto(url);
		const now = await pids(page, "ntpd");

		return now.length === 1 && now[0] !== plain[0];
	});
	assert.deepEqual(problems, []);

	// What the policy forbids does not happen, and is said to be so.
	page = await open(browser, {});
	await live(page);
	const ran = await page.evaluate(async () => {
		const said = [];

		document.addEventListener("securitypolicyviolation", e =>
		    said.push(e.effectiveDirective));
		const script = document.createElement("script");
		script.textContent = "window.ran = true";
		document.body.append(script);
		const img = document.createElement("img");
		img.src = "https://example.com/x.png";
		document.body.append(img);
		document.body.insertAdjacentHTML("beforeend",
		    "<p style='color: red' onclick='window.ran = true'>x</p>");
		document.body.lastChild.click();
		await new Promise(r => setTimeout(r, 300));
		return [window.ran === undefined, said.length];
	});
	assert.equal(ran[0], true, "an inline script ran");
	assert.ok(ran[1] >= 3, "the policy was not asked");
	await browser.close();
	console.log("ok");
}

main().catch(e => {
	console.error(e);
	console.error(problems);
	process.exit(1);
});

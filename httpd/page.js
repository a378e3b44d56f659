"use strict";

/*
 * The page works without this: it then shows what was so when it was
 * loaded.  Here it follows the server's events by taking over what a fresh
 * page says, so that all the words are made in one place.
 */
(function () {
	const live = document.getElementById("live");
	const alertBox = document.getElementById("alert");
	let busy = false;
	let again = false;
	let source = null;

	function say(kind, text) {
		live.className = kind;
		if (live.textContent !== text)
			live.textContent = text;
	}

	/* Makes "to" look like "from", and leaves alone what does already. */
	function morph(to, from) {
		if (to.isEqualNode(from))
			return;
		if (to.nodeType !== from.nodeType ||
		    to.nodeName !== from.nodeName ||
		    (to.id || "") !== (from.id || "")) {
			to.replaceWith(document.importNode(from, true));
			return;
		}
		if (to.nodeType !== Node.ELEMENT_NODE) {
			to.nodeValue = from.nodeValue;
			return;
		}
		for (const a of Array.from(to.attributes))
			if (!from.hasAttribute(a.name))
				to.removeAttribute(a.name);
		for (const a of from.attributes)
			if (to.getAttribute(a.name) !== a.value)
				to.setAttribute(a.name, a.value);
		const old = Array.from(to.childNodes);
		const fresh = Array.from(from.childNodes);
		for (let i = 0; i < fresh.length; i++) {
			if (i < old.length)
				morph(old[i], fresh[i]);
			else
				to.append(document.importNode(fresh[i], true));
		}
		for (let i = fresh.length; i < old.length; i++)
			old[i].remove();
	}

	async function refresh() {
		if (busy) {
			again = true;
			return;
		}
		busy = true;
		try {
			const r = await fetch("/", {
				headers: { Accept: "text/html" },
				cache: "no-store"
			});
			if (!r.ok)
				throw new Error(r.statusText);
			const page = new DOMParser().parseFromString(
			    await r.text(), "text/html");
			const main = page.querySelector("main");
			/* What somebody is typing stays. */
			const at = document.activeElement;
			const typed = at && at.matches("input") ?
			    [at.id, at.value] : null;
			morph(document.querySelector("main"), main);
			if (typed) {
				const input =
				    document.getElementById(typed[0]);
				if (input)
					input.value = typed[1];
			}
			document.title = page.title;
			tick();
			say("on", "live");
		} catch (e) {
			say("off", "no connection, trying again");
		}
		busy = false;
		if (again) {
			again = false;
			refresh();
		}
	}

	function words(seconds) {
		const d = Math.floor(seconds / 86400);
		const h = Math.floor(seconds / 3600) % 24;
		const m = Math.floor(seconds / 60) % 60;
		if (d > 0)
			return d + " d " + h + " h";
		if (h > 0)
			return h + " h " + m + " min";
		if (m > 0)
			return m + " min";
		return Math.floor(seconds) + " s";
	}

	/* Uptimes run on; the server's clock counts. */
	function tick() {
		const main = document.querySelector("main");
		const skew = Number(main.dataset.now) - loaded(main);
		for (const e of document.querySelectorAll("[data-since]")) {
			const text = words(Math.max(0, (Date.now() + skew -
			    Number(e.dataset.since)) / 1000));
			if (e.textContent !== text)
				e.textContent = text;
		}
	}

	let stamp = "";
	let stampAt = 0;
	function loaded(main) {
		if (main.dataset.now !== stamp) {
			stamp = main.dataset.now;
			stampAt = Date.now();
		}
		return stampAt;
	}

	async function send(event) {
		const form = event.target;
		const body = new URLSearchParams(new FormData(form));
		if (event.submitter && event.submitter.name)
			body.set(event.submitter.name, event.submitter.value);
		event.preventDefault();
		if (event.submitter)
			event.submitter.disabled = true;
		alertBox.textContent = "";
		try {
			const r = await fetch("/", {
				method: "POST",
				body: body,
				headers: { Accept: "text/plain" }
			});
			if (!r.ok)
				alertBox.textContent = (await r.text())
				    .trim().replace(/\t/g, ": ");
		} catch (e) {
			alertBox.textContent = "The server does not answer.";
		}
		if (event.submitter)
			event.submitter.disabled = false;
		refresh();
	}

	function follow() {
		source = new EventSource("/status/events");
		source.addEventListener("change", refresh);
		source.addEventListener("away", function () {
			say("off", "the monitor does not answer");
		});
		source.onerror = function () {
			say("off", "no connection, trying again");
			if (source.readyState === EventSource.CLOSED)
				setTimeout(follow, 3000);
		};
	}

	document.addEventListener("submit", send);
	setInterval(tick, 1000);
	tick();
	follow();
	addEventListener("pagehide", function () {
		source.close();
	});
	addEventListener("pageshow", function (event) {
		if (event.persisted)
			follow();
	});
})();

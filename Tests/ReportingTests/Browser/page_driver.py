"""Drives report.html in a headless Chromium over its debugging pipe; standard library only.

page_driver.py BROWSER PAGE SCENARIO [EXPECTED.json]: prints what is wrong, one line each, and exits with 1 if anything is.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time


class Browser:
    """One Chromium with one page. Messages are JSON, each ended by a zero byte, on file descriptors 3 and 4."""

    def __init__(self, program, width=1280, height=900):
        self.folder = tempfile.mkdtemp()
        to_browser, self.output = os.pipe()
        self.input, from_browser = os.pipe()

        def connect():
            os.dup2(os.dup(to_browser), 3)
            os.dup2(os.dup(from_browser), 4)

        # Above 4, so that neither end is overwritten while the other is put in place.
        to_browser, from_browser = [self.above(fd) for fd in (to_browser, from_browser)]
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             f"--user-data-dir={self.folder}", "--remote-debugging-pipe", f"--window-size={width},{height}", "about:blank"],
            preexec_fn=connect, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.number = 0
        self.problems = []
        self.session = None
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Accessibility"):
            self.call(domain + ".enable")
        self.resize(width, height)

    @staticmethod
    def above(fd):
        import fcntl
        new = fcntl.fcntl(fd, fcntl.F_DUPFD, 10)
        os.close(fd)
        return new

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.output, data):]
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def receive(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.input, 1 << 16)
            if not piece:
                raise RuntimeError("the browser has gone")
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(line)
        self.note(message.get("method"), message.get("params", {}))
        return message

    def note(self, method, parameters):
        if method == "Runtime.exceptionThrown":
            self.problems.append("exception: " + json.dumps(parameters)[:600])
        elif method == "Runtime.consoleAPICalled" and parameters.get("type") in ("error", "warning", "assert"):
            self.problems.append("console: " + json.dumps(parameters.get("args"))[:600])
        elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            self.problems.append("log: " + parameters["entry"]["text"][:600])

    def resize(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def js(self, expression):
        """The value of an expression; a promise is waited for."""
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {json.dumps(result['exceptionDetails'])[:400]}")
        return result["result"].get("value")

    def wait(self, condition, seconds=60):
        """Until an expression is true. The page itself may be forbidden to run scripts, so it is looked at from outside."""
        end = time.monotonic() + seconds
        while not self.js(f"!!({condition})"):
            if time.monotonic() > end:
                raise RuntimeError(f"never came true: {condition}; {self.problems}")
            time.sleep(0.02)

    def open(self, path, ready=True):
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        self.wait("document.readyState === 'complete'")
        if ready:
            self.wait("document.documentElement.dataset.ready")

    def key(self, name, code=None):
        for kind in ("keyDown", "keyUp"):
            extra = {"text": "\r"} if name == "Enter" and kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=code or 0, **extra)

    def screenshot(self, path, whole=False):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Checks:
    def __init__(self, page, expected):
        self.page = page
        self.expected = expected
        self.failures = []

    def same(self, what, found, wanted):
        if found != wanted:
            self.failures.append(f"{what}: {found!r}, not {wanted!r}")

    def true(self, what, found):
        if not found:
            self.failures.append(f"{what}: {found!r}")

    # What the scenarios look at.

    def count(self):
        return self.page.js("document.getElementById('count').textContent").replace("\u202f", "")

    def select(self, name, value):
        self.page.js(f"""(() => {{ const s = document.getElementById({json.dumps(name)});
            const o = [...s.options].find((o) => o.textContent === {json.dumps(value)});
            if (!o) throw new Error('no option ' + {json.dumps(value)} + ' in ' + [...s.options].map((o) => o.textContent));
            s.value = o.value; s.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()""")

    def search(self, words, deep=False):
        self.page.js("(document.getElementById('count').textContent = '', 0)")
        self.page.js(f"(document.getElementById('search').value = {json.dumps(words)}, 0)")
        self.page.js(f"(document.getElementById('deep').checked = {json.dumps(deep)}, 0)")
        # Changing the check box searches at once, typing only when it rests.
        self.page.js("document.getElementById('deep').dispatchEvent(new Event('change'))")
        self.page.wait("document.getElementById('count').textContent.includes('searched:')")

    def open_first(self):
        self.page.js("document.querySelector('.vrow').click()")
        self.page.wait("document.getElementById('session').open")

    # Scenarios.

    def opens(self):
        p = self.page
        self.same("state", p.js("document.documentElement.dataset.ready"), "yes")
        self.same("count", self.count(), f"All {self.expected['sessions']} sessions.")
        self.same("rows that assistive technology is told of", p.js("document.getElementById('list').getAttribute('aria-rowcount')"), str(self.expected["sessions"] + 1))
        self.true("few rows are in the document", 5 <= p.js("document.querySelectorAll('.vrow').length") <= 60)
        self.same("scripts that can run", p.js("[...document.scripts].filter((s) => !s.type).length"), 1)
        self.true("nothing is fetched", p.js("performance.getEntriesByType('resource').length") == 0)

    def tables(self):
        p = self.page
        column = "[...document.querySelectorAll('#arms tbody tr')].map((r) => parseFloat(r.cells[7].textContent))"
        heads = "document.querySelectorAll('#arms thead th')[7]"
        before = p.js(column)
        p.js(f"{heads}.querySelector('button').click()")
        up = p.js(column)
        self.same("ascending", up, sorted(before))
        self.same("said so", p.js(f"{heads}.getAttribute('aria-sort')"), "ascending")
        p.js(f"{heads}.querySelector('button').click()")
        self.same("descending", p.js(column), sorted(before, reverse=True))
        self.same("one head says so", p.js("document.querySelectorAll('#arms [aria-sort]').length"), 1)
        # The list of sessions.
        p.js("document.querySelectorAll('.vhead button')[3].click()")
        tokens = "[...document.querySelectorAll('.vrow')].map((r) => Number(r.children[3].textContent.replace(/\\s/g, '')))"
        least = p.js(tokens)
        self.same("list ascending", least, sorted(least))
        self.same("the least tokens", least[0], self.expected["minTokens"])
        p.js("document.querySelectorAll('.vhead button')[3].click()")
        self.same("the most tokens", p.js(tokens)[0], self.expected["maxTokens"])
        p.js("document.querySelector('.vport').scrollTop = 1e9; 0")
        p.wait(f"{tokens}.at(-1) === {self.expected['minTokens']}")

    def filters(self):
        p = self.page
        total = self.expected["sessions"]
        for word, number in self.expected["results"].items():
            self.select("f-result", word)
            self.same(word, self.count(), f"{number} of {total} sessions.")
        self.select("f-result", "right")
        self.select("f-row", self.expected["row"])
        self.same("right of one arm", self.count(), f"{self.expected['rightOfRow']} of {total} sessions.")
        p.js("document.querySelector('#filters [type=reset]').click()")
        p.wait("document.getElementById('count').textContent.startsWith('All')")
        self.same("cleared", self.count(), f"All {total} sessions.")
        p.js("document.querySelector('[data-filter=cutoff]').click()")
        self.same("the panel's button filters", self.count(), f"{self.expected['results']['cut off']} of {total} sessions.")

    def searches(self):
        total = self.expected["sessions"]
        self.search(self.expected["id"])
        self.true("by id", self.count().startswith(f"{self.expected['sessionsPerItem']} of {total} sessions; searched"))
        self.search("needle-7c1")
        self.true("answers are not searched unless asked", self.count().startswith("0 of"))
        self.search("NEEDLE-7c1", deep=True)
        self.true("by answer: " + self.count(), self.count().startswith("1 of"))
        self.open_first()
        self.true("found", "needle-7c1" in self.page.js("document.getElementById('session-body').textContent"))

    def session(self):
        p = self.page
        self.search(self.expected["timelineItem"])
        self.select("f-row", self.expected["row"])
        p.js("document.querySelector('.vrow').focus()")
        p.key("Enter", 13)
        p.wait("document.getElementById('session').open")
        body = "document.getElementById('session-body')"
        self.same("bars", p.js(f"{body}.querySelectorAll('svg rect').length"), self.expected["draws"])
        for kind, number in self.expected["bars"].items():
            self.same("bars " + kind, p.js(f"{body}.querySelectorAll('rect.bar-{kind}').length"), number)
        heads = p.js(f"[...{body}.querySelectorAll('h3')].map((h) => h.textContent)")
        for head in ("Requests", "Input", "Answer", "Extracted", "Target", "Candidates", "Notes", "This item in every arm"):
            self.true("has " + head, head in heads)
        self.same("peers", p.js(f"{body}.querySelectorAll('.peers button').length"), self.expected["sessionsPerItem"])
        p.js(f"{body}.querySelector('.peers button:not([aria-current])').click()")
        p.wait("!document.getElementById('session-title').textContent.includes('samples=4')")
        p.key("Escape", 27)
        p.wait("!document.getElementById('session').open")
        self.true("focus is back in the list", p.js("document.activeElement.classList.contains('vrow')"))
        p.js("document.querySelector('#filters [type=reset]').click()")
        p.wait("document.getElementById('count').textContent.startsWith('All')")
        p.js("document.querySelector('.vrow').focus()")
        for _ in range(40):
            p.key("ArrowDown", 40)
        self.same("arrows move", p.js("document.activeElement.getAttribute('aria-rowindex')"), "42")
        p.key("End", 35)
        self.same("to the end", p.js("document.activeElement.getAttribute('aria-rowindex')"), str(self.expected["sessions"] + 1))
        p.key("Enter", 13)
        p.wait("document.getElementById('session').open")
        self.true("no next at the end", p.js("document.getElementById('next').disabled"))
        title = p.js("document.getElementById('session-title').textContent")
        p.js("document.getElementById('previous').click()")
        p.wait(f"document.getElementById('session-title').textContent !== {json.dumps(title)}")

    def flips(self):
        p = self.page
        for flip in self.expected["flips"]:
            self.select("flip-a", flip["a"])
            self.select("flip-b", flip["b"])
            p.js("(() => { let b; while ((b = document.querySelector('#flip-lists > div > button:not([hidden])'))) b.click(); })()")
            for place, key in ((0, "aOnly"), (1, "bOnly")):
                found = p.js(f"[...document.querySelectorAll('#flip-lists > div')[{place}].querySelectorAll('li')].map((l) => l.textContent)")
                self.same(key, found, flip[key])
        p.js("document.querySelector('#flip-lists li button').click()")
        p.wait("document.getElementById('session').open")
        self.true("a name opens the wrong session", "wrong" in p.js("document.querySelector('#session-body dd').textContent"))

    def axis(self):
        p = self.page
        visible = "[...document.querySelectorAll('.axes figure')].filter((f) => f.offsetHeight > 0).map((f) => f.id)"
        self.same("one plot", p.js(visible), ["plot-total_tokens"])
        p.js("document.getElementById('axis-critical_path_p50_s').click()")
        self.same("another plot", p.js(visible), ["plot-critical_path_p50_s"])

    def theme(self):
        p = self.page
        p.scheme("light")
        back = "getComputedStyle(document.body).backgroundColor"
        light = p.js(back)
        p.scheme("dark")
        dark = p.js(back)
        self.true("dark is not light", light != dark)
        seen = []
        for _ in range(3):
            p.js("document.getElementById('theme').click()")
            seen.append((p.js("document.getElementById('theme').textContent"), p.js(back)))
        self.same("the button", seen, [("Theme: light", light), ("Theme: dark", dark), ("Theme: auto", dark)])

    def hostile(self):
        p = self.page
        title = p.js("document.title")
        tags = "[...new Set([...document.body.querySelectorAll('*')].map((e) => e.localName))].filter((t) => ['img', 'iframe', 'object', 'embed', 'u', 'b', 'link', 'base', 'meta'].includes(t))"
        scripts = p.js("document.scripts.length")
        p.js("(document.querySelector('.vport').style.height = '4000px', 0)")
        for word in self.expected["hostile"]:
            self.search(word["item"])
            self.select("f-row", word["row"])
            self.open_first()
            p.wait(f"document.getElementById('session-title').textContent.includes({json.dumps(word['item'])})")
            text = p.js("document.getElementById('session-body').textContent")
            for part in word["shown"]:
                self.true(f"{word['item']} shows {part!r}", part in text)
            self.true("what is shown is bounded", len(text) < 60_000)
            wide = p.js("document.getElementById('session').scrollWidth - document.getElementById('session').clientWidth")
            self.true(f"{word['item']} does not stretch the page: {wide}", wide <= 1)
            bad = p.js(r"/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(document.body.innerText)")
            self.same("no control characters", bad, False)
            p.key("Escape", 27)
            p.wait("!document.getElementById('session').open")
        self.same("tags", p.js(tags), [])
        self.same("title", p.js("document.title"), title)
        self.same("scripts", p.js("document.scripts.length"), scripts)
        self.same("nothing ran", p.js("typeof window.owned"), "undefined")

    def accessibility(self):
        p = self.page
        self.same("language", p.js("document.documentElement.lang"), "en")
        levels = p.js("[...document.querySelectorAll('main h1, main h2, main h3, main h4')].map((h) => Number(h.localName[1]))")
        self.same("first heading", levels[0], 1)
        self.true(f"no level is skipped: {levels}", all(b - a <= 1 for a, b in zip(levels, levels[1:])))
        self.same("one first heading", levels.count(1), 1)
        self.same("landmarks", p.js("['nav', 'main', 'header'].map((t) => document.querySelectorAll('body ' + t).length)"), [1, 1, 1])
        self.same("ids are unique", p.js("(() => { const ids = [...document.querySelectorAll('[id]')].map((e) => e.id); return ids.filter((id, i) => ids.indexOf(id) !== i); })()"), [])
        self.same("tables have captions", p.js("[...document.querySelectorAll('table')].filter((t) => !t.caption || !t.caption.textContent).length"), 0)
        self.same("heads have scopes", p.js("[...document.querySelectorAll('table th')].filter((t) => !t.scope).length"), 0)
        self.same("plots have names", p.js("[...document.querySelectorAll('svg:not([aria-hidden])')].filter((s) => s.getAttribute('role') !== 'img' || !s.getAttribute('aria-label')).length"), 0)
        self.open_first()
        nodes = p.call("Accessibility.getFullAXTree")["nodes"]
        roles = {"button", "link", "combobox", "searchbox", "textbox", "checkbox", "radio", "grid", "dialog", "table", "img", "region", "navigation"}
        for node in nodes:
            role = node.get("role", {}).get("value", "").lower()
            if not node.get("ignored") and role in roles and not node.get("name", {}).get("value", "").strip():
                self.failures.append(f"{role} without a name: {json.dumps(node)[:300]}")
        p.key("Escape", 27)
        self.same("labels of plots that lie on one another", p.js(OVERLAPS), [])
        self.same("words that run out of their cells", p.js(RUNS_OUT), 0)
        p.resize(360, 740)
        self.same("no scrolling sideways on a narrow screen", p.js("document.documentElement.scrollWidth > document.documentElement.clientWidth"), False)

    def large(self):
        p = self.page
        self.opens()
        self.same("sampled texts are said so", p.js("document.getElementById('sessions').textContent.includes('The page has room')"), self.expected["sampled"])
        p.js("document.querySelector('.vport').scrollTop = 1e9; 0")
        p.wait(f"[...document.querySelectorAll('.vrow')].at(-1).getAttribute('aria-rowindex') === '{self.expected['sessions'] + 1}'")
        self.true("few rows", p.js("document.querySelectorAll('.vrow').length") <= 60)
        p.js("[...document.querySelectorAll('.vrow')].at(-1).click()")
        p.wait("document.getElementById('session').open")

    def unscripted(self):
        p = self.page
        self.true("tables", p.js("document.querySelectorAll('table').length") > 4)
        self.same("a plot is seen", p.js("[...document.querySelectorAll('.axes figure')].filter((f) => f.offsetHeight > 0).length"), 1)
        self.true("says what is missing", "needs JavaScript" in p.js("document.getElementById('sessions').innerText"))
        self.same("no empty controls", p.js("[...document.querySelectorAll('main form, #theme, #list')].filter((f) => f.offsetHeight > 0).length"), 0)


# Pairs of labels in a plot of which one covers more than a sliver of the other.
OVERLAPS = """[...document.querySelectorAll('svg')].filter((s) => s.getClientRects().length).flatMap((svg) => {
  const labels = [...svg.querySelectorAll('text.label')].map((t) => [t.textContent, t.getBoundingClientRect()]);
  return labels.flatMap(([a, one], i) => labels.slice(i + 1).filter(([, other]) => {
    const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    return width > 2 && height > 4;
  }).map(([b]) => a + ' / ' + b));
})"""
RUNS_OUT = "[...document.querySelectorAll('td')].filter((c) => c.scrollWidth > c.clientWidth + 1).length"


def main():
    program, path, scenario = sys.argv[1:4]
    expected = json.load(open(sys.argv[4])) if len(sys.argv) > 4 else {}
    page = Browser(program)

    def give_up():
        page.process.kill()
        print("the browser did not answer for two minutes", flush=True)
        os._exit(2)

    timer = threading.Timer(120, give_up)
    timer.daemon = True
    timer.start()
    try:
        checks = Checks(page, expected)
        if scenario == "unscripted":
            page.call("Emulation.setScriptExecutionDisabled", value=True)
        page.open(path, ready=scenario != "unscripted")
        getattr(checks, scenario)()
        failures = checks.failures + page.problems
    finally:
        page.close()
    for failure in failures:
        print(failure)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()

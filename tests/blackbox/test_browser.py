"""/docs, /redoc and /scalar in headless Chromium: Authorize, Try it out, 200; no console error, no request
that leaves the machine. Driven over WebDriver (chromedriver); skipped by run.py where Chromium is
not installed."""

import base64
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.request
import urllib.error

from server import ADMIN, Server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")


class Browser:
    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.driver = subprocess.Popen([DRIVER, f"--port={self.port}"], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while True:
            try:
                if self.call("GET", "/status")["ready"]:
                    break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "goog:chromeOptions": {"binary": CHROMIUM, "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--disable-quic", "--window-size=1300,1600",
                f"--user-data-dir={self.profile.name}"]}}}})
        self.session = f"/session/{session['sessionId']}"

    def close(self):
        try:
            self.call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.profile.cleanup()

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", method=method,
            data=None if body is None and method != "POST" else json.dumps(body or {}).encode(),
            headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from None

    def open(self, url):
        self.call("POST", self.session + "/url", {"url": url})

    def run(self, script, *arguments):
        return self.call("POST", self.session + "/execute/sync",
                         {"script": script, "args": list(arguments)})

    def wait(self, script, *arguments, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if value := self.run(script, *arguments):
                return value
            time.sleep(0.1)
        raise AssertionError(f"never true: {script}\n{self.run('return document.body.innerText')}")

    def find(self, selector):
        element = self.call("POST", self.session + "/element",
                            {"using": "css selector", "value": selector})
        return f"{self.session}/element/{next(iter(element.values()))}"

    def click(self, selector):
        self.wait("return document.querySelector(arguments[0]) !== null", selector)
        self.call("POST", self.find(selector) + "/click")

    def type(self, selector, text):
        self.call("POST", self.find(selector) + "/value", {"text": text})

    def log(self, kind):
        return self.call("POST", self.session + "/se/log", {"type": kind})

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("GET", self.session + "/screenshot")))

    def assert_quiet(self, test, server):
        """No error on the console; every request went to our server."""
        errors = [entry for entry in self.log("browser") if entry["level"] == "SEVERE"]
        test.assertEqual(errors, [])
        for entry in self.log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url = message["params"]["request"]["url"]
                test.assertTrue(
                    url.startswith((f"http://127.0.0.1:{server.port}/", "data:", "blob:",
                                    "chrome:")), url)


@unittest.skipUnless(CHROMIUM and DRIVER, "Chromium and chromedriver are not installed")
class Pages(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.server.start()
        self.addCleanup(self.server.stop)
        self.browser = Browser()
        self.addCleanup(self.browser.close)
        self.root = f"http://127.0.0.1:{self.server.port}"

    def shot(self, name):
        if folder := os.environ.get("PORTICO_SCREENSHOTS"):
            self.browser.screenshot(os.path.join(folder, name + ".png"))

    def test_swagger_ui_logs_in_and_tries_a_route(self):
        browser = self.browser
        browser.open(self.root + "/docs")
        browser.click(".auth-wrapper .authorize")
        browser.wait("return document.querySelector('input#oauth_username, "
                     "input[name=username]') !== null")
        browser.type("input#oauth_username, input[name=username]", ADMIN["username"])
        browser.type("input#oauth_password, input[name=password]", ADMIN["password"])
        self.shot("authorize")
        browser.click(".modal-ux button.authorize")
        browser.wait("return /Logout/.test(document.querySelector('.modal-ux').innerText)")
        browser.click(".modal-ux .btn-done")
        block = browser.wait(
            "const path = [...document.querySelectorAll('.opblock')].find(block => "
            "/\\/api\\/v1\\/users\\/me$/.test(block.querySelector('.opblock-summary-path')"
            ".innerText.replace(/\\u200b/g, '')) && block.classList.contains('opblock-get')); "
            "if (!path) return null; path.scrollIntoView(); return '#' + path.id")
        block = block.replace("/", "\\/")
        browser.click(block + " .opblock-summary-control")
        browser.click(block + " .try-out__btn")
        browser.click(block + " .execute")
        browser.wait("const cell = document.querySelector(arguments[0] + "
                     "' .live-responses-table .response .response-col_status'); "
                     "return cell && cell.innerText.startsWith('200')", block)
        browser.run("document.querySelector(arguments[0]).scrollIntoView()", block)
        self.shot("docs")
        self.assertIn(ADMIN["username"], browser.run(
            "return document.querySelector(arguments[0] + ' .live-responses-table').innerText",
            block))
        browser.assert_quiet(self, self.server)

    def test_redoc_shows_the_routes(self):
        self.browser.open(self.root + "/redoc")
        self.browser.wait("return /MyAPI/.test(document.body.innerText) && "
                          "document.querySelectorAll('[data-section-id]').length > 5")
        self.shot("redoc")
        self.browser.assert_quiet(self, self.server)

    def test_scalar_shows_the_routes(self):
        self.browser.open(self.root + "/scalar")
        self.browser.wait("return /MyAPI/.test(document.body.innerText) && "
                          "/Sign up|Register|users/i.test(document.body.innerText)")
        self.shot("scalar")
        self.browser.assert_quiet(self, self.server)


if __name__ == "__main__":
    unittest.main()

"""A function URL on loopback, and a page of another origin that uses it.

usage: cross_origin.py FUNCTION_PORT PAGE_PORT FRONT_PORT

The front makes an event of each request, invokes the function at FUNCTION_PORT with it, and adds the CORS headers that
template.yaml configures to those of the function, as Lambda does; it answers preflight requests by itself. Under
/doubled it adds them twice.
Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
"""

import base64
import http.server
import json
import re
import sys
import threading
import urllib.request

from loopback import Handler

PHOTOGRAPH = "events/objects/dog-photos/uploads/mixed-breed.jpg"
PAGE = """<!doctype html>
<meta charset="utf-8">
<title>Another origin</title>
<style>body{font:16px DejaVu Sans,sans-serif;margin:24px}img{max-height:320px}td{padding:2px 12px 2px 0}</style>
<h1>…</h1>
<p>Page: <code id="page"></code>, function URL: <code id="url"></code></p>
<img id="photograph" src="/photograph.jpg">
<table id="classes"></table>
<script>
const url = location.search.slice(1), heading = document.querySelector("h1")
document.querySelector("#page").textContent = location.origin
document.querySelector("#url").textContent = url
async function post() {
  const photograph = await (await fetch("/photograph.jpg")).arrayBuffer()
  const answer = await fetch(url, {method: "POST", headers: {"Content-Type": "image/jpeg"}, body: photograph})
  const result = (await answer.json()).results[0]
  heading.textContent = `${result.class} ${result.probability.toFixed(3)}`
  for (const each of result.probabilities.slice(0, 5)) {
    const row = document.querySelector("#classes").insertRow()
    row.insertCell().textContent = each.class
    row.insertCell().textContent = each.probability.toFixed(4)
  }
  document.body.dataset.outcome = "read"
}
post().catch(error => {
  heading.textContent = error
  document.body.dataset.outcome = error instanceof TypeError ? "refused" : "broken"
})
</script>
"""


def configured():
    """The headers of the CORS settings in template.yaml."""
    with open("template.yaml", encoding="utf-8") as file:
        block = re.search(r"\n( +)Cors:\n((?:\1 +.*\n)+)", file.read())[2]
    names = {"AllowOrigins": "Origin", "AllowMethods": "Methods", "AllowHeaders": "Headers"}
    settings = {name: value.strip("[]").replace('"', "") for name, value in re.findall(r"(\w+): (.+)", block)}
    headers = {f"Access-Control-Allow-{names[name]}": settings[name] for name in names}
    return headers | {"Access-Control-Max-Age": settings["MaxAge"]}


class Page(Handler):
    def do_GET(self):
        if self.path == "/photograph.jpg":
            with open(PHOTOGRAPH, "rb") as file:
                return self.answer(200, file.read(), [("Content-Type", "image/jpeg")])
        self.answer(200, PAGE.encode(), [("Content-Type", "text/html")])


class FunctionURL(Handler):
    def do_GET(self):
        self.respond()

    def do_POST(self):
        self.respond()

    def do_OPTIONS(self):
        """A preflight request does not reach the function."""
        self.answer(200, headers=CONFIGURED.items())

    def respond(self):
        body = self.body()
        host = "abcdefghijklmnopqrstuvwxyz012345.lambda-url.us-east-1.on.aws"
        event = {
            "version": "2.0", "routeKey": "$default", "rawPath": self.path, "rawQueryString": "",
            "headers": {name.lower(): value for name, value in self.headers.items()} | {"host": host},
            "requestContext": {
                "accountId": "anonymous", "apiId": host.split(".")[0], "domainName": host,
                "domainPrefix": host.split(".")[0], "requestId": "d23f0824-128b-4f33-8c5c-7fd0a6a3a450",
                "http": {"method": self.command, "path": self.path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
            },
            "body": base64.b64encode(body).decode(), "isBase64Encoded": True,
        }
        request = urllib.request.Request(
            f"http://127.0.0.1:{FUNCTION_PORT}/2015-03-31/functions/function/invocations", json.dumps(event).encode())
        with urllib.request.urlopen(request) as invoked:
            said = json.load(invoked)
        text = said["body"]
        body = base64.b64decode(text) if said["isBase64Encoded"] else text.encode()
        added = [(name, value) for name, value in CONFIGURED.items() if name.endswith("Origin")]
        times = 2 if self.path == "/doubled" else 1
        self.answer(said["statusCode"], body, [*said["headers"].items(), *added * times])


FUNCTION_PORT, PAGE_PORT, FRONT_PORT = map(int, sys.argv[1:])
CONFIGURED = configured()
page = http.server.ThreadingHTTPServer(("127.0.0.1", PAGE_PORT), Page)
threading.Thread(target=page.serve_forever, daemon=True).start()
http.server.ThreadingHTTPServer(("127.0.0.1", FRONT_PORT), FunctionURL).serve_forever()

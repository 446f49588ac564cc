"""What credentials come from, on 127.0.0.1: STS, the instance and container metadata services, IAM Identity Center.

The name of each key contains its source; each request to STS is recorded for comparison.
"""

import json
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

EXPIRATION = "2099-01-02T03:04:05Z"
SECRET = "SECRETVALUE"


def key(name):
    return "ASIA" + name.upper().replace("-", "").replace("_", "")


def metadata(name):
    return {"AccessKeyId": key(name), "SecretAccessKey": SECRET, "Token": f"{SECRET}-{name}", "Expiration": EXPIRATION}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="application/json"):
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_PUT(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        good = self.path == "/latest/api/token" and self.headers.get("x-aws-ec2-metadata-token-ttl-seconds")
        self.answer(200 if good else 404, "imds-token" if good else "")

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        if path.startswith("/latest/"):
            return self.instance(path)
        if path == "/federation/credentials":
            good = self.headers.get("x-amz-sso_bearer_token") == "sso-token"
            role = {"accessKeyId": key("sso"), "secretAccessKey": SECRET, "sessionToken": f"{SECRET}-sso",
                    "expiration": 4070919845000}
            return self.answer(200 if good else 401, {"roleCredentials": role} if good else {"message": "no"})
        if path == "/container":
            return self.answer(200, metadata("container"))
        if path == "/container-with-token":
            good = self.headers.get("Authorization") == "Basic abc"
            return self.answer(200 if good else 401, metadata("container-with-token") if good else {})
        return self.answer(404, {"message": "nothing here"})

    def instance(self, path):
        if self.headers.get("x-aws-ec2-metadata-token") != "imds-token":
            return self.answer(401, "")
        folder = "/latest/meta-data/iam/security-credentials/"
        answers = {folder: "instance-role", folder + "instance-role": metadata("instance"),
                   "/latest/meta-data/placement/region": "eu-north-1"}
        return self.answer(200 if path in answers else 404, answers.get(path, ""))

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = dict(urllib.parse.parse_qsl(body))
        authorization = self.headers.get("Authorization", "")
        caller = authorization.partition("Credential=")[2].partition("/")[0]
        token = self.headers.get("X-Amz-Security-Token", "")
        action = form.get("Action", "")
        if action == "GetCallerIdentity":
            return self.xml(action, f"<Arn>arn:aws:iam::123456789012:user/{caller}/{len(token)}</Arn><UserId>U</UserId>"
                                    "<Account>123456789012</Account>")
        self.server.requests.append({**form, "caller": caller, "token": token})
        role = form.get("RoleArn", "").rpartition("/")[2]
        if role == "forbidden":
            error = ("<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to "
                     "perform: sts:AssumeRole</Message></Error><RequestId>req-1</RequestId></ErrorResponse>")
            return self.answer(403, error, "text/xml")
        return self.xml(action, f"""<AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId>
          <Arn>arn:aws:sts::123456789012:assumed-role/{role}/s</Arn></AssumedRoleUser><Credentials>
          <AccessKeyId>{key(role + "by" + (caller or "token"))}</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey>
          <SessionToken>{SECRET}-{role}</SessionToken><Expiration>{EXPIRATION}</Expiration></Credentials>""")

    def xml(self, action, content):
        space = "https://sts.amazonaws.com/doc/2011-06-15/"
        self.answer(200, f'<{action}Response xmlns="{space}"><{action}Result>{content}</{action}Result>'
                         f"</{action}Response>", "text/xml")


def start():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.requests = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"

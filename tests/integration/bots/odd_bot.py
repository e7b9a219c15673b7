"""A bot that keeps the child contract with the standard library alone, or breaks it as `data/behaviour` says."""

import json
import os
import signal
import socket
import sys
import threading
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

BEHAVIOUR = Path("data/behaviour").read_text().split() if Path("data/behaviour").exists() else []


class Egress(HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("egress")
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def call(boot: dict[str, Any], method: str, **params: object) -> tuple[int, dict[str, Any]]:
    connection = Egress(boot["egress_socket"])
    connection.request(
        "POST", f"/bot{boot['bot_id']}:egress/{method}", json.dumps(params), {"Content-Type": "application/json"}
    )
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def poll(boot: dict[str, Any]) -> None:
    offset = 0
    while True:
        try:
            _, answer = call(boot, "getUpdates", offset=offset, timeout=25)
        except OSError:
            time.sleep(0.1)
            continue
        for update in answer.get("result", []) if answer.get("ok") else []:
            offset = update["update_id"] + 1
            text = update["message"]["text"]
            if text == "/crash":
                os._exit(3)
            call(boot, "sendMessage", chat_id=update["message"]["chat"]["id"], text=f"you said {text}")
        if not answer.get("ok"):
            time.sleep(0.2)


class Health(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        aside = int("poisoned" in BEHAVIOUR)
        body = json.dumps({"alive": True, "state": "polling", "poisoned": aside, "aside": aside}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    if "dies" in BEHAVIOUR:
        sys.exit("it was a hard life with the token 123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1")
    if "ignores" in BEHAVIOUR:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if os.fork() == 0:  # and somebody it leaves behind
            if "escapes" in BEHAVIOUR:
                os.setsid()
            while True:
                time.sleep(60)
    else:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    pipe = os.fdopen(int(os.environ["MANCER_BOOT_FD"]), "rb")
    line = pipe.readline()
    if not line:
        os._exit(0)
    boot = json.loads(line)
    server = HTTPServer(("127.0.0.1", 0), Health, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=boot["http_fd"])
    if "silent" not in BEHAVIOUR:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Thread(target=poll, args=(boot,), daemon=True).start()
    print("listening", flush=True)
    while pipe.readline():
        pass
    if "ignores" in BEHAVIOUR:
        time.sleep(60)
    os._exit(0)


if __name__ == "__main__":
    main()

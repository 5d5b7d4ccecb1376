"""A real text service on this machine, for tests: it takes texts, refuses them, is slow, or is not there."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

SID, TOKEN = "AC0123", "a secret"
FROM = "+15005550006"


@dataclass
class TextService:
    """Answers as Twilio's Messages resource does, or always with one refusal."""

    refusal: int | None = None
    waits: float = 0.0  # seconds before each answer
    texts: list[dict[str, str]] = field(default_factory=list)
    visits: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)


@contextmanager
def text_service(service: TextService) -> Iterator[str]:
    """A server that hands its texts to the service; answers its address, login and all."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200, {"sid": SID})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if service.refusal is None:
                service.texts.append({name: values[0] for name, values in parse_qs(body).items()})
            self._answer(201, {"sid": "SM1", "status": "queued"})

        def _answer(self, status: int, said: dict[str, str]) -> None:
            time.sleep(service.waits)
            service.visits.append(f"{self.command} {self.path}")
            service.logins.append(self.headers["Authorization"])
            if service.refusal is not None:
                status = service.refusal
                said = {"code": 21211, "message": "The 'To' number is not valid."}  # type: ignore[dict-item]
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Tests have nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{SID}:{TOKEN.replace(' ', '%20')}@127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""The road between a phone and the portal: open, cut, or one on which the answers get lost."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from portal import Portal

AT_ONCE = 65_536
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
EVENTS = b"POST /offline/events "


class Road:
    """Everything that a phone sends goes through here, whether a page or the worker sends it.

    A browser that is told to be offline knows that it is, and waits. Here it finds out, as in a lift:
    the request does not arrive, or it arrives and nobody ever hears the answer.
    """

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self._door.getsockname()[1]}"
        self._is_cut = self._holds = self._loses_answers = False
        self._instead: dict[bytes, bytes] = {}
        self._ends: set[socket.socket] = set()
        threading.Thread(target=self._let_in, daemon=True).start()

    def cut(self) -> None:
        """Nothing passes, and what is under way is lost."""
        self._is_cut = True
        for end in list(self._ends):
            _hang_up(end)

    def lose_answers(self) -> None:
        """What the phone sends arrives; it never hears so."""
        self._loses_answers = True

    def hold(self) -> None:
        """What the phone sends is on its way and does not get there."""
        self._holds = True

    def open(self) -> None:
        self._is_cut = self._holds = self._loses_answers = False

    def shut_the_door_to_events(self) -> None:
        """The portal is too busy for what waits on phones, and shows its pages all the same."""
        self._instead[EVENTS] = BUSY

    def open_the_door_to_events(self) -> None:
        self._instead.pop(EVENTS)

    def serve_instead(self, address: str, script: str) -> None:
        """A script of another release, under an address of the portal's."""
        body = script.encode()
        head = f"Content-Type: text/javascript\r\nContent-Length: {len(body)}\r\nConnection: close"
        self._instead[f"GET {address} ".encode()] = (
            f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + body
        )

    def serve_as_it_is(self, address: str) -> None:
        self._instead.pop(f"GET {address} ".encode())

    def close(self) -> None:
        self.cut()
        self._door.close()

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                phone, _ = self._door.accept()
                threading.Thread(target=self._carry, args=(phone,), daemon=True).start()

    def _carry(self, phone: socket.socket) -> None:
        with phone, suppress(OSError):
            if self._is_cut:
                return
            with socket.create_connection(("127.0.0.1", self._portal.port)) as portal:
                self._ends |= {phone, portal}
                back = threading.Thread(target=self._bring_back, args=(portal, phone), daemon=True)
                back.start()
                self._take_there(phone, portal)
                back.join()
                self._ends -= {phone, portal}

    def _take_there(self, phone: socket.socket, portal: socket.socket) -> None:
        with _hung_up_afterwards(portal):
            while said := phone.recv(AT_ONCE):
                if answer := self._answer_to(said):
                    phone.sendall(answer)
                    phone.shutdown(socket.SHUT_WR)
                    while phone.recv(AT_ONCE):
                        pass
                    return
                if not self._holds:
                    portal.sendall(said)

    def _bring_back(self, portal: socket.socket, phone: socket.socket) -> None:
        with _hung_up_afterwards(phone):
            while said := portal.recv(AT_ONCE):
                if self._loses_answers:
                    return
                phone.sendall(said)

    def _answer_to(self, said: bytes) -> bytes | None:
        return next(
            (self._instead[begins] for begins in self._instead if said.startswith(begins)), None
        )


@contextmanager
def _hung_up_afterwards(other: socket.socket) -> Iterator[None]:
    try:
        with suppress(OSError):
            yield
    finally:
        _hang_up(other)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)

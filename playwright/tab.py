"""A tab of Firefox at phone size: what a person finds, taps and reads in it, and what a script can ask it."""

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from bidi import Firefox, Refused

PATIENCE_S = 30  # two processors may be busy with other things
IS_FUNCTION = re.compile(r"\s*(async\s*)?(\([^)]*\)|\w+)\s*=>")
# Answers travel as JSON: how the protocol itself writes values is for other needs.
AS_JSON = "async (given) => JSON.stringify(await ({function})(JSON.parse(given))) ?? 'null'"
CLOCK = """() => {{
  const Real = Date;
  globalThis.Date = class Date extends Real {{
    constructor(...parts) {{
      if (parts.length) super(...parts);
      else super(Real.now() + {ahead_ms});
    }}
    static now() {{ return Real.now() + {ahead_ms}; }}
  }};
}}"""
TEXTS = """(css) => [...document.querySelectorAll(css)]
  .filter((element) => element.checkVisibility()).map((element) => element.innerText)"""
TO_THE_MIDDLE = "(element) => element.scrollIntoView({block: 'center', behavior: 'instant'})"

Node = dict[str, Any]


class Tab:
    """One tab, whose pages live so many milliseconds ahead. What is not there yet is waited for."""

    def __init__(self, firefox: Firefox, *, ahead_ms: int, size: dict[str, int]) -> None:
        self._firefox = firefox
        self._id: str = firefox.ask("browsingContext.create", type="tab")["context"]
        clock = CLOCK.format(ahead_ms=ahead_ms)
        firefox.ask("script.addPreloadScript", functionDeclaration=clock, contexts=[self._id])
        self.set_viewport_size(size)

    def close(self) -> None:
        self._ask("browsingContext.close")

    def is_at(self, place: Mapping[str, float]) -> None:
        """Where the phone is from now on, as its satellites tell it."""
        self._firefox.ask(
            "emulation.setGeolocationOverride", contexts=[self._id], coordinates=dict(place)
        )

    # What checks.py asks of a page, whichever browser it stands in

    @property
    def url(self) -> str:
        return str(self.evaluate("() => location.href"))

    @property
    def viewport_size(self) -> dict[str, int]:
        return self._size

    def set_viewport_size(self, size: dict[str, int]) -> None:
        self._size = size
        self._ask("browsingContext.setViewport", viewport=size)

    def evaluate(self, script: str, argument: Any = None) -> Any:
        """What a function answers for an argument; a text that is no function is run."""
        if not IS_FUNCTION.match(script):
            self._script("script.evaluate", expression=script)
            return None
        function = AS_JSON.format(function=script)
        given = {"type": "string", "value": json.dumps(argument)}
        found = self._script("script.callFunction", functionDeclaration=function, arguments=[given])
        return json.loads(found["value"])

    # Going about

    def goes_to(self, address: str) -> None:
        self._ask("browsingContext.navigate", url=address, wait="complete")

    def finds(self, role: str, name: str, within: Node | None = None) -> Node:
        """The first thing of a role and a name that can be seen, as a screen reader finds it."""
        locator = {"type": "accessibility", "value": {"role": role, "name": name}}
        return self._found(locator, f"{role} {name}", within)

    def finds_at(self, path: str) -> Node:
        """The first thing at an XPath that can be seen."""
        return self._found({"type": "xpath", "value": path}, path)

    def _found(self, locator: dict[str, Any], what: str, within: Node | None = None) -> Node:
        found: list[Node] = self.waits_for(lambda: self._located(locator, within), what)
        return found[0]

    def waits_for(self, look: Callable[[], Any], what: str) -> Any:
        """What a look answers once it is something; AssertionError when it never is."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                if found := look():
                    return found
            except Refused as error:  # the page was just leaving
                last = f" ({error})"
            else:
                last = ""
            if time.monotonic() > deadline:
                raise AssertionError(f"Never there: {what}{last}")
            time.sleep(0.1)

    def shows(self, css: str, words: str) -> None:
        """Wait until something that can be seen says these words, a pattern."""

        def look() -> bool:
            texts = self.evaluate(TEXTS, css)
            return any(re.search(words, text) for text in texts)

        self.waits_for(look, f"{words} in {css}")

    def taps(self, node: Node) -> None:
        """As a finger does it: the page cannot tell it from one."""
        self._script("script.callFunction", functionDeclaration=TO_THE_MIDDLE, arguments=[node])
        origin = {"type": "element", "element": {"sharedId": node["sharedId"]}}
        actions = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        pointer = {"pointerType": "touch"}
        self._acts({"type": "pointer", "id": "finger", "parameters": pointer, "actions": actions})

    def types(self, node: Node, text: str) -> None:
        self.taps(node)
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self._acts({"type": "key", "id": "keys", "actions": keys})

    def _located(self, locator: dict[str, Any], within: Node | None) -> list[Node]:
        start = {"startNodes": [{"sharedId": within["sharedId"]}]} if within else {}
        nodes = self._ask("browsingContext.locateNodes", locator=locator, **start)["nodes"]
        return [node for node in nodes if self._is_seen(node)]

    def _is_seen(self, node: Node) -> bool:
        seen = "(element) => element.checkVisibility()"
        found = self._script("script.callFunction", functionDeclaration=seen, arguments=[node])
        return bool(found["value"])

    def _acts(self, source: dict[str, Any]) -> None:
        self._ask("input.performActions", actions=[source])

    def _script(self, command: str, **facts: Any) -> dict[str, Any]:
        answer = self._firefox.ask(
            command, target={"context": self._id}, awaitPromise=True, **facts
        )
        if answer["type"] == "exception":
            raise Refused(f"{command}: {answer['exceptionDetails']['text']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _ask(self, command: str, **facts: Any) -> dict[str, Any]:
        return self._firefox.ask(command, context=self._id, **facts)

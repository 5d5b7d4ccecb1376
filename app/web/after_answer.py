"""What is done once the answer is on its way, so that nobody waits for it and its time tells nothing?"""

from collections.abc import Callable

from flask import Response, after_this_request, current_app


def do(work: Callable[[], None]) -> None:
    """Do something when the answer to this request has been handed over, in the same thread.

    It has the application but no request, and what it raises is logged and changes no answer. Should
    the process be killed before, it is never done: so nothing that must happen is left to it.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # it outlives the request

    def work_and_log() -> None:
        with app.app_context():
            try:
                work()
            except Exception:
                app.logger.exception("after the answer")

    @after_this_request
    def _(response: Response) -> Response:
        response.call_on_close(work_and_log)
        return response

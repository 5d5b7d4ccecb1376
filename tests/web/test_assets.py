"""Static files stand under their release, and may be kept for as long as it lasts."""

from flask.testing import FlaskClient

from app.web import assets


def test_an_address_of_this_release_may_be_kept_for_ever(client: FlaskClient) -> None:
    answer = client.get(f"/static/{assets.release()}/js/app.js", buffered=True)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == f"public, max-age={assets.A_YEAR}, immutable"


def test_an_address_of_another_release_is_answered_but_not_kept(client: FlaskClient) -> None:
    answer = client.get("/static/000000000000/js/app.js", buffered=True)

    assert answer.status_code == 200
    assert "no-cache" in answer.headers["Cache-Control"]


def test_pages_find_the_workers_modules_beside_their_own(client: FlaskClient) -> None:
    answer = client.get(f"/static/{assets.release()}/sw/outbox.js", buffered=True)

    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"


def test_the_workers_tests_are_not_served(client: FlaskClient) -> None:
    assert client.get(f"/static/{assets.release()}/sw/tests/fakes.js").status_code == 404
    assert client.get("/sw/tests/fakes.js").status_code == 404


def test_everything_the_shell_needs_can_be_fetched(client: FlaskClient) -> None:
    with client.application.test_request_context():
        addresses = assets.shell_assets()

    assert f"/static/{assets.release()}/js/app.js" in addresses
    assert f"/static/{assets.release()}/css/carehours.css" in addresses
    assert [one for one in addresses if client.get(one, buffered=True).status_code != 200] == []


def test_the_worker_names_its_release_and_what_it_keeps(client: FlaskClient) -> None:
    worker = client.get("/sw.js")

    assert worker.headers["Cache-Control"] == "no-cache"
    assert f'const VERSION = "{assets.release()}";' in worker.text
    assert "__ASSETS__" not in worker.text
    assert f'"/static/{assets.release()}/js/app.js"' in worker.text

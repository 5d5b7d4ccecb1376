"""What a camera reads is drawn without any file, and says what it is for."""

from collections.abc import Callable

from app.web import qr_code


def test_it_is_one_path_in_a_square_with_a_quiet_margin(draw: Callable[..., str]) -> None:
    drawing = qr_code.of("otpauth://totp/CareHours:ana?secret=ABC")
    html = draw("qr_code", "qr_code", drawing, "Picture for your app")
    assert f'viewBox="0 0 {drawing.size} {drawing.size}"' in html
    assert 'role="img" aria-label="Picture for your app"' in html
    assert drawing.path.startswith("M4 4h1v1h-1z")  # four modules of margin, then a corner


def test_the_same_text_is_the_same_picture() -> None:
    assert qr_code.of("one") == qr_code.of("one")
    assert qr_code.of("one") != qr_code.of("two")

"""Is app/translations/messages.pot what the code and templates say now? `--write` makes it so."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATALOG = ROOT / "app" / "translations" / "messages.pot"
CREATED = re.compile(r'^"(POT-Creation-Date|Generated-By): .*\n', re.MULTILINE)


def extract(target: Path) -> None:
    """Write every marked message of code and templates to a catalog."""
    subprocess.run(
        [
            str(Path(sys.executable).parent / "pybabel"), "--quiet", "extract", "-F", "pyproject.toml",
            "-k", "_l", "-k", "lazy_gettext", "--add-location", "file", "--sort-by-file",
            "--project", "CareHours", "--version", "1", "--copyright-holder", "CareHours contributors",
            "-o", str(target), ".",
        ],
        cwd=ROOT,
        check=True,
    )  # fmt: skip


def without_dates(catalog: Path) -> str:
    return CREATED.sub("", catalog.read_text(encoding="utf-8")) if catalog.exists() else ""


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "messages.pot"
        extract(fresh)  # to the side: an unreadable template must not empty the catalog
        if "--write" in arguments:
            CATALOG.parent.mkdir(exist_ok=True)
            shutil.copyfile(fresh, CATALOG)
            print(f"Wrote {CATALOG.relative_to(ROOT)}")
            return 0
        if without_dates(fresh) == without_dates(CATALOG):
            print("The catalog is up to date.")
            return 0
    print("The words changed: run `make translations` and commit app/translations/messages.pot.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

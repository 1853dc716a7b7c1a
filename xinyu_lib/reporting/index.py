"""The index page of a run: every school with its status, its files or the reason why there are none."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from xinyu_lib.present.section import LANG_TAGS
from xinyu_lib.present.webfont import font_faces
from xinyu_lib.reporting.plan import Plan
from xinyu_lib.reporting.worker import Made
from xinyu_lib.words import say


@cache
def _template():
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("index.html.j2")


def write_index(folder: Path, plan: Plan, made: list[Made], lang: str) -> None:
    """Write `index.html` beside the reports; self-contained and offline like them."""
    done = sum(report.status == "done" for report in made)
    words = {
        name: say(f"reporting.index.{name}", lang)
        for name in ("title", "subject", "code", "status", "files", "reason", "done", "failed", "note")
    }
    summary = say("reporting.index.summary", lang, done=str(done), of=str(len(made)), run=plan.run_id)
    fonts = font_faces("".join([*words.values(), summary, *(report.title + report.reason for report in made)]))
    page = _template().render(made=made, words=words, summary=summary, fonts=fonts, lang=LANG_TAGS[lang])
    (folder / "index.html").write_text(page, encoding="utf-8")

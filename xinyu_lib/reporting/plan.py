"""The plan of a run: which reports, from which inputs, under which id; made and checked before anything starts."""

from dataclasses import dataclass
from pathlib import Path

from xinyu_lib.errors import ParameterError, UnknownName, WorkspaceError
from xinyu_lib.policy import load_policy
from xinyu_lib.provenance import code_version, digest, file_digest
from xinyu_lib.reporting.parameters import checked, declared
from xinyu_lib.sections.material import Material
from xinyu_lib.sections.protection import Protection, protection
from xinyu_lib.waves import Wave, iso_day
from xinyu_lib.words import LANGUAGES
from xinyu_lib.workspace import Workspace

PACKAGE = Path(__file__).parents[1]
FOLDERS = (PACKAGE / "_shipped" / "notebooks", PACKAGE.parent / "notebooks")
FORMATS = ("html", "pdf")
RESERVED = {"wave", "school", "as_of", "reader", "lang", "run_id"}


@dataclass(frozen=True)
class Job:
    """One report: its subject (school code, or `district`), title and parameters."""

    subject: str
    title: str
    parameters: dict[str, object]


@dataclass(frozen=True)
class Plan:
    """A checked run. audience: whose rules of protection hold; protection: what they hide in all reports together,
    given what the audience knows already; identity: everything the run id is the hash of.
    """

    notebook: Path
    formats: tuple[str, ...]
    audience: str
    protection: Protection
    run_id: str
    identity: dict[str, object]
    jobs: tuple[Job, ...]

    @property
    def folder(self) -> str:
        """Name of the run's folder: what it is, and its id."""
        return f"{self.notebook.stem}-{self.wave}-{self.run_id}"

    @property
    def wave(self) -> str:
        return self.identity["parameters"]["wave"]


def find_notebook(name_or_path: str | Path) -> Path:
    """A notebook by path, or a shipped one by name (`report-school`)."""
    path = Path(name_or_path)
    if path.suffix == ".ipynb" and path.is_file():
        return path
    shipped = [folder / f"{name_or_path}.ipynb" for folder in FOLDERS]
    found = next((candidate for candidate in shipped if candidate.is_file()), None)
    if found is None:
        known = sorted({p.stem for folder in FOLDERS for p in folder.glob("report-*.ipynb")})
        raise UnknownName.of("notebook", str(name_or_path), known)
    return found


def make_plan(
    notebook: str | Path, ws: Workspace, *, wave: str, as_of: str, reader: str, schools: str | list[str] = "all",
    formats: tuple[str, ...] = FORMATS, lang: str = "zh", parameters: dict[str, object] | None = None,
) -> Plan:  # fmt: skip
    """Check everything a run needs. Raises ParameterError, UnknownName or WorkspaceError before a kernel starts.

    A notebook that declares a parameter `school` makes one report per school, any other one for the whole district.
    """
    path, more = find_notebook(notebook), parameters or {}
    for name in RESERVED.intersection(more):
        raise ParameterError("reporting.own_option", name=name)
    if lang not in LANGUAGES:
        raise UnknownName.of("language", lang, LANGUAGES)
    common = {"wave": Wave.parse(wave).id, "as_of": iso_day(as_of), "reader": reader, "lang": lang, **more}
    checked(path, common)
    _check_formats(formats)
    policy = load_policy(ws.settings["policy"])
    if reader not in policy.readers:
        raise UnknownName.of("reader", reader, policy.readers)
    subjects = _subjects(ws, wave, schools) if "school" in declared(path) else {None: ws.settings["title"]}
    audience = policy.readers[reader]
    guard = protection(Material(ws, None, common["wave"], policy), audience, ws.releases.out(audience))
    identity = {
        "notebook": file_digest(path), "inputs": ws.inputs(), "policy": policy.fingerprint, "code": code_version(),
        "hidden": sorted(key for key, hidden in guard.hidden.items() if hidden),
        "subjects": sorted(map(str, subjects)), "parameters": common,
    }  # fmt: skip
    run_id = digest(identity)[:12]
    jobs = tuple(_job(subject, title, common, run_id) for subject, title in subjects.items())
    return Plan(path, tuple(formats), audience, guard, run_id, identity, jobs)


def _job(subject: str | None, title: str, common: dict[str, object], run_id: str) -> Job:
    school = {} if subject is None else {"school": subject}
    return Job(subject or "district", title, {**common, **school, "run_id": run_id})


def _check_formats(formats: tuple[str, ...]) -> None:
    for name in formats:
        if name not in FORMATS:
            raise UnknownName.of("format", name, FORMATS)


def _subjects(ws: Workspace, wave: str, schools: str | list[str]) -> dict[str, str]:
    """Code and name of every school asked for; `all` means every school with pupils on the wave's roster."""
    names = ws.read("school").set_index("school")["name"]
    enrolled = sorted(set(ws.read("pupil", wave=wave)["school"]))
    if not enrolled:
        raise WorkspaceError("workspace.no_roster", wave=wave)
    asked = enrolled if schools == "all" else list(schools)
    for school in asked:
        if school not in enrolled:
            raise UnknownName.of("school", school, enrolled)
    return {school: names[school] for school in asked}

"""A backup holds the whole workspace, tells nothing without its key, and comes back as it was or not at all."""

import os
import resource
import shutil
import sqlite3
import stat
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from random import Random
from time import perf_counter, sleep

import pandas as pd
import pytest
from import_actors import SPAWN, WAVE, import_answers, import_roster, pupil, sheet, two_processes

from xinyu_lib.errors import VaultError, WorkspaceError, XinyuError
from xinyu_lib.lake.cipher import connect
from xinyu_lib.lake.vault import Vault, new_key_file, read_key
from xinyu_lib.provenance import file_digest
from xinyu_lib.words import LANGUAGES
from xinyu_lib.workspace import Workspace
from xinyu_lib.workspace.backup import backup, fingerprint, restore
from xinyu_lib.workspace.backup_file import PIECE

PAGE = 4096
NAME = "欧阳安娜"
NUMBERS = [f"G3601020{n:02d}" for n in range(12)]


@pytest.fixture(autouse=True)
def _no_key_set(monkeypatch):
    for name in ("XINYU_VAULT_KEY", "XINYU_VAULT_KEYFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def filled(ws, tmp_path) -> Workspace:
    """A roster, answers, a row set aside, and a worksheet named after a pupil."""
    import_roster(ws, tmp_path / "roster.csv", *[pupil(number, NAME) for number in NUMBERS])
    import_answers(ws, tmp_path / "answers.csv", *[sheet(number) for number in NUMBERS], sheet("G999"))
    (ws.folder / "restricted" / "四年级").mkdir()
    (ws.folder / "restricted" / "四年级" / f"{NAME}.txt").write_text(NAME, encoding="utf-8")
    (ws.folder / "restricted" / "empty.txt").touch()
    return ws


@pytest.fixture
def key(filled, tmp_path) -> Path:
    """The key of that workspace, in a file elsewhere."""
    return Path(shutil.copy(filled.folder / "vault.key", tmp_path / "district.key"))


@pytest.fixture
def saved(filled, tmp_path) -> Path:
    (tmp_path / "safe").mkdir()
    return backup(filled, tmp_path / "safe" / "district.xinyu").file


def contents(folder: Path) -> dict[str, str]:
    """Digest of every file of a workspace but its key."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: file_digest(path) for name, path in files.items() if name != "vault.key"}


def beside(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def refused(file: Path, folder: Path, **how) -> XinyuError:
    """The error a restore ends in: one line in both languages, and nothing is left of the folder it was to make."""
    before = beside(folder)
    with pytest.raises((VaultError, WorkspaceError)) as caught:
        restore(file, folder, **how)
    assert beside(folder) == before
    for lang in LANGUAGES:
        text = caught.value.text(lang)
        assert "\n" not in text
        assert not [secret for secret in (NAME, *NUMBERS) if secret in text]
    return caught.value


def test_a_restored_workspace_equals_the_one_that_was_backed_up(filled, saved, key, tmp_path):
    made = restore(saved, tmp_path / "again", key_file=key)
    again = Workspace(tmp_path / "again")
    assert again.settings == filled.settings
    assert again.lake.names() == filled.lake.names() == ["administration", "class", "pupil", "response/gad7", "school"]
    for name in filled.lake.names():
        pd.testing.assert_frame_equal(again.read(name), filled.read(name))
    with filled.vault() as before, again.vault() as after:
        for table in (Vault.people, Vault.set_aside, Vault.imports):
            pd.testing.assert_frame_equal(table(after), table(before))
        assert (len(after.people()), len(after.set_aside())) == (len(NUMBERS), 1)
        assert after.head() == before.head()
        assert after.audit_intact()
    assert contents(again.folder) == contents(filled.folder)
    # schools, classes, roster, answers
    assert (made.files, made.imports) == (len(contents(filled.folder)), 4)
    assert made.size == sum((filled.folder / name).stat().st_size for name in contents(filled.folder))


def test_work_goes_on_in_a_restored_workspace(filled, saved, key, tmp_path):
    restore(saved, tmp_path / "again", key_file=key)
    again = import_roster(tmp_path / "again", tmp_path / "more.csv", pupil("G002", "博"))
    assert again.status == "imported"
    assert import_roster(tmp_path / "again", tmp_path / "roster.csv").status == "already_imported"
    assert len(filled.read("pupil", wave=WAVE)) == len(NUMBERS)


def test_what_is_restored_is_for_its_owner_alone(saved, key, tmp_path):
    restore(saved, tmp_path / "again", key_file=key)
    modes = {path.is_dir(): set() for path in (tmp_path, saved)}
    for path in (tmp_path / "again", *(tmp_path / "again").rglob("*")):
        modes[path.is_dir()].add(stat.S_IMODE(path.stat().st_mode))
    assert modes == {True: {0o700}, False: {0o600}}
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600


def test_nothing_of_a_pupil_and_no_column_can_be_read_in_a_backup(saved):
    raw = saved.read_bytes()
    readable = [NAME, *NUMBERS, "gad7_1", "pupil_key", "administration", "东湖", WAVE, "SQLite format", "PAR1"]
    assert [text for text in readable if text.encode() in raw] == []


def test_the_key_is_neither_in_the_backup_nor_restored_unless_it_is_given(filled, saved, key, tmp_path, monkeypatch):
    text = read_key(filled.folder)
    assert not [
        form for form in (text.encode(), bytes.fromhex(text), fingerprint(text).encode()) if form in saved.read_bytes()
    ]
    assert beside(saved) == [saved.name]
    monkeypatch.setenv("XINYU_VAULT_KEYFILE", str(key))
    restore(saved, tmp_path / "again")
    assert not (tmp_path / "again" / "vault.key").exists()
    assert len(Workspace(tmp_path / "again").committed) == 4


def test_other_things_in_the_folder_are_left_out(filled, tmp_path):
    (filled.folder / "raw").mkdir()
    (filled.folder / "raw" / "export.csv").touch()
    (filled.folder / "notes.txt").touch()
    backup(filled, tmp_path / "b.xinyu")
    restore(tmp_path / "b.xinyu", tmp_path / "again", key_file=filled.folder / "vault.key")
    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == [
        "lake", "restricted", "vault.db", "vault.key", "workspace.toml",
    ]  # fmt: skip


def test_the_fingerprint_tells_two_keys_apart_and_is_the_same_in_capitals():
    raw = "ab" * 32
    assert fingerprint(raw) == fingerprint(raw.upper()) == sha256(f"xinyu vault key:{raw}".encode()).hexdigest()[:8]
    assert fingerprint("ac" * 32) != fingerprint(raw)
    assert fingerprint("Phrase") != fingerprint("phrase")


def test_a_workspace_with_a_pass_phrase_comes_back_too(filled, tmp_path, monkeypatch):
    text = "一句 'key' 口令"
    with closing(connect(filled.folder / "vault.db", read_key(filled.folder))) as vault:
        vault.execute("PRAGMA rekey = '{}'".format(text.replace("'", "''")))
    monkeypatch.setenv("XINYU_VAULT_KEY", text)
    backup(filled, tmp_path / "b.xinyu")
    restore(tmp_path / "b.xinyu", tmp_path / "again")
    assert contents(tmp_path / "again") == contents(filled.folder)


@pytest.mark.parametrize("size", [PIECE, 2 * PIECE + 7])
def test_a_file_longer_than_a_piece_comes_back_whole(filled, key, tmp_path, size):
    (filled.folder / "restricted" / "large.bin").write_bytes(Random(1).randbytes(size))
    backup(filled, tmp_path / "b.xinyu")
    restore(tmp_path / "b.xinyu", tmp_path / "again", key_file=key)
    assert contents(tmp_path / "again") == contents(filled.folder)


@pytest.mark.skipif(os.name != "posix", reason="elsewhere names are Unicode")
def test_a_file_whose_name_is_in_another_encoding_keeps_it(filled, key, tmp_path):
    name = os.fsdecode("名单.txt".encode("gb18030"))
    (filled.folder / "restricted" / name).touch()
    backup(filled, tmp_path / "b.xinyu")
    restore(tmp_path / "b.xinyu", tmp_path / "again", key_file=key)
    assert (tmp_path / "again" / "restricted" / name).is_file()


@pytest.mark.parametrize("made", [False, True])
def test_a_new_folder_or_an_empty_one_is_filled(saved, key, tmp_path, made):
    folder = tmp_path / "some" / "where"
    if made:
        folder.mkdir(parents=True)
    restore(saved, folder, key_file=key)
    assert len(Workspace(folder).committed) == 4
    assert beside(folder) == ["where"]


def test_a_folder_with_something_in_it_is_left_as_it_is(filled, saved, key, tmp_path):
    before = contents(filled.folder)
    assert refused(saved, filled.folder, key_file=key).message_id == "workspace.restore_not_empty"
    assert contents(filled.folder) == before
    assert refused(saved, tmp_path / "roster.csv", key_file=key).message_id == "workspace.not_folder"


def test_a_file_that_is_there_is_never_overwritten(filled, saved):
    before = saved.read_bytes()
    with pytest.raises(WorkspaceError) as caught:
        backup(filled, saved)
    assert caught.value.message_id == "workspace.backup_exists"
    assert saved.read_bytes() == before


def test_a_backup_in_the_workspace_itself_or_nowhere_is_refused(filled, tmp_path):
    before = contents(filled.folder)
    cases = {
        filled.folder / "restricted" / "b": "workspace.backup_inside",
        tmp_path / "no" / "b": "workspace.not_folder",
    }
    for file, message_id in cases.items():
        with pytest.raises(WorkspaceError) as caught:
            backup(filled, file)
        assert caught.value.message_id == message_id
    assert contents(filled.folder) == before


def test_a_link_is_refused_for_what_it_leads_to_would_be_left_out(filled, tmp_path):
    (filled.folder / "restricted" / NAME).symlink_to(tmp_path)
    with pytest.raises(WorkspaceError) as caught:
        backup(filled, tmp_path / "b.xinyu")
    assert caught.value.message_id == "workspace.backup_link"
    assert NAME not in caught.value.text()
    assert not (tmp_path / "b.xinyu").exists()


def test_a_full_disk_is_one_line_and_leaves_nothing(filled, saved, key, tmp_path):
    limits, before = resource.getrlimit(resource.RLIMIT_FSIZE), beside(saved)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5 * PAGE, limits[1]))  # as far as a file may grow
    try:
        with pytest.raises(WorkspaceError) as caught:
            backup(filled, saved.with_name("second"))
        refusal = refused(saved, tmp_path / "again", key_file=key)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (caught.value.message_id, refusal.message_id) == ("workspace.backup_failed", "workspace.restore_failed")
    assert beside(saved) == before


def test_progress_goes_from_the_first_byte_to_the_last(filled, key, tmp_path):
    told, back = [], []
    made = backup(filled, tmp_path / "b.xinyu", progress=lambda done, total: told.append((done, total)))
    restore(tmp_path / "b.xinyu", tmp_path / "a", key_file=key, progress=lambda done, total: back.append((done, total)))
    for steps, total in ((told, 2 * made.size), (back, made.size)):
        assert steps == sorted(steps)
        assert steps[-1] == (total, total)
        assert {all_of_it for _, all_of_it in steps} == {total}


def write_to(folder: Path) -> str:
    """What another process gets that wants to change the vault at once."""
    with pytest.MonkeyPatch.context() as impatient:
        impatient.setattr("xinyu_lib.lake.cipher.SECONDS_TO_WAIT", 0)
        try:
            with Workspace(folder).vault() as vault:
                vault.log("2025-10-02", "x", "y")
        except VaultError as error:
            return error.message_id
    return "written"


def test_no_other_process_can_write_before_the_last_byte_is_copied(filled, tmp_path):
    answers = {}

    def try_to_write(done: int, total: int) -> None:
        if 2 * done == total or not answers:
            answers[done] = pool.submit(write_to, filled.folder).result()

    with two_processes() as pool:
        made = backup(filled, tmp_path / "b.xinyu", progress=try_to_write)
        assert write_to(filled.folder) == "written"
    assert [answers[min(answers)], answers[made.size]] == ["lake.vault_busy"] * 2


def test_another_key_opens_nothing(saved, tmp_path, monkeypatch):
    new_key_file(tmp_path / "other.key")
    assert (
        refused(saved, tmp_path / "again", key_file=tmp_path / "other.key").message_id == "workspace.backup_unreadable"
    )
    monkeypatch.setenv("XINYU_VAULT_KEY", "口令")
    assert refused(saved, tmp_path / "again").message_id == "workspace.backup_unreadable"


@pytest.mark.parametrize(
    ("spoil", "message_id"),
    [
        (lambda path: path.unlink(), "lake.no_key"),
        (lambda path: path.chmod(0o640), "lake.key_open_to_others"),
        (lambda path: path.write_text(" \n"), "lake.key_not_text"),
    ],
)  # fmt: skip
def test_a_key_file_that_cannot_be_used_is_refused(saved, key, tmp_path, spoil, message_id):
    spoil(key)
    assert refused(saved, tmp_path / "again", key_file=key).message_id == message_id


def test_without_a_key_the_message_says_where_one_is_looked_for(saved, tmp_path):
    assert refused(saved, tmp_path / "again").message_id == "lake.no_key"


def test_what_is_not_a_backup_is_refused(filled, key, tmp_path):
    (tmp_path / "empty").touch()
    (tmp_path / "text").write_text("名单\n" * 3000, encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "plain")) as plain:
        plain.execute("CREATE TABLE manifest (content TEXT)")
    for file in (*(tmp_path / name for name in ("empty", "text", "plain")), filled.folder / "vault.db"):
        before = file.read_bytes()
        assert refused(file, tmp_path / "again", key_file=key).message_id == "workspace.backup_unreadable"
        assert file.read_bytes() == before
    assert refused(tmp_path / "none", tmp_path / "again", key_file=key).message_id == "workspace.backup_missing"
    assert not (tmp_path / "none").exists()


CHANGED = "workspace.backup_changed"
SPOILT = {CHANGED, "workspace.backup_unreadable"}  # whether a page or a digest is the first to tell
CHANGES = {
    "another format": ("PRAGMA user_version = 2", "workspace.backup_other_format"),
    "another audit head": ("UPDATE manifest SET content = json_set(content, '$.audit_head', 'x')", CHANGED),
    "an import more": ("UPDATE manifest SET content = json_set(content, '$.imports[4]', 'x')", CHANGED),
    "other bytes": ("UPDATE piece SET content = zeroblob(length(content)) WHERE file = 3", CHANGED),
    "a piece less": ("DELETE FROM piece WHERE file = 3", CHANGED),
    "a path that leads out": ("UPDATE file SET path = CAST('lake/../../x' AS BLOB) WHERE id = 3", CHANGED),
    "a path beside": ("UPDATE file SET path = CAST('vault.key' AS BLOB) WHERE id = 3", CHANGED),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_the_holder_of_the_key_changed_is_noticed(saved, key, tmp_path, change):
    statement, message_id = CHANGES[change]
    with closing(connect(saved, key.read_text().strip())) as content:
        content.execute(statement)
        content.execute("VACUUM")
    assert refused(saved, tmp_path / "again", key_file=key).message_id == message_id


def test_one_changed_bit_is_found_on_every_page(saved, key, tmp_path):
    whole, copy = saved.read_bytes(), tmp_path / "copy"
    assert len(whole) % PAGE == 0
    for page in range(len(whole) // PAGE):
        changed = bytearray(whole)
        changed[page * PAGE + (page * 37) % PAGE] ^= 1
        copy.write_bytes(changed)
        assert refused(copy, tmp_path / "again", key_file=key).message_id in SPOILT


@pytest.mark.trials
def test_a_backup_cut_or_changed_anywhere_is_refused(saved, key, tmp_path, trial_count):
    whole, copy, random = saved.read_bytes(), tmp_path / "copy", Random(20251124)
    for _ in range(trial_count(few=10, full=300)):
        spoilt, place = bytearray(whole), random.randrange(len(whole))
        if random.random() < 0.5:
            del spoilt[place:]
        else:
            spoilt[place] ^= 1 << random.randrange(8)
        copy.write_bytes(spoilt)
        assert refused(copy, tmp_path / "again", key_file=key).message_id in SPOILT


def back_up(folder: Path, file: Path, events) -> None:
    ws = Workspace(folder)
    events.send("ready")
    backup(ws, file)
    events.send("done")


def begun(folder: Path, file: Path):
    """A process that begins to back up now, and the end of the pipe where it says so."""
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=back_up, args=(folder, file, theirs))
    process.start()
    assert ours.recv() == "ready"
    return process, ours


@pytest.mark.trials
def test_a_backup_killed_at_any_moment_is_whole_or_has_not_its_name(filled, key, tmp_path, trial_count):
    (filled.folder / "restricted" / "large.bin").write_bytes(Random(1).randbytes(20 * PIECE))
    before, random = contents(filled.folder), Random(20251124)
    process, events = begun(filled.folder, tmp_path / "first.xinyu")
    start = perf_counter()
    assert events.recv() == "done"
    seconds = perf_counter() - start
    process.join()
    for trial in range(trial_count(few=3, full=30)):
        folder = tmp_path / f"killed-{trial}"
        folder.mkdir()
        process, _ = begun(filled.folder, folder / "b.xinyu")
        sleep(random.uniform(0, 1.2 * seconds))
        process.kill()
        process.join()
        assert contents(filled.folder) == before
        assert write_to(filled.folder) == "written"  # the lock went with the process
        before = contents(filled.folder)
        left = [path.name for path in folder.iterdir()]
        assert all(name.endswith(".part") for name in left if name != "b.xinyu")
        if "b.xinyu" in left:
            assert restore(folder / "b.xinyu", folder / "again", key_file=key).imports == 4
        assert backup(filled, folder / "next.xinyu").imports == 4
        shutil.rmtree(folder)

"""The directory's file: what is wrong in it is said with its place, and a change of it is heard."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from contracts.directory import ENTERPRISE_POSTS
from services.directories import UnreadableFileError, Watched, load_directory

ONE = """\
bodies:
  - {id: town, name: 镇政府, area: "320623104"}
people:
  - {id: chen, name: 陈查, posts: [{role: township_checker, body: town}]}
"""
TWO = ONE + "  - {id: lu, name: 陆检, posts: [{role: township_checker, body: town}]}\n"
SHIPPED = ("deploy/directory.example.yaml", "services/cli/demo/data/directory.yaml")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A directory of one person."""
    path = tmp_path / "directory.yaml"
    path.write_text(ONE, encoding="utf-8")
    return path


def people(watched: Watched) -> list[str]:
    """As known now."""
    return [one.id for one in watched.current.people]


@pytest.mark.parametrize("shipped", SHIPPED)
def test_the_directories_that_ship_can_be_read(shipped: str) -> None:
    """The example and the demo's: with people, whom something reaches."""
    found = load_directory(Path(__file__).parents[2] / shipped)
    assert found.duty
    assert all(one.reach and one.posts for one in found.people)
    roles = {post.role for one in found.people for post in one.posts}
    assert roles & ENTERPRISE_POSTS
    assert roles - ENTERPRISE_POSTS


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (ONE.replace("township_checker", "checker"), "第 4 行 people.0.posts.0.role 不是可选的值"),
        (ONE.replace("{id: chen, ", "{"), "第 4 行 people.0.id 缺少此项"),
        (ONE.replace("posts:", "post:"), "第 4 行 people.0.post 不认识这一项"),
        (ONE.replace('"320623104"', "320623104"), "第 2 行 bodies.0.area 应为文字，请加引号"),
        (ONE.replace("body: town", "body: twon"), "单位 twon 不在目录里"),
        (ONE.replace("name: 陈查", "name: 陈查, deputy: lu"), "人员 lu 不在目录里"),
        (ONE.replace("body: town", "enterprise: factory"), "township_checker 须写明 body"),
        (ONE + ONE.partition("\n")[2].partition("\n")[2], "people 写了两次"),
        (ONE + TWO.splitlines()[-1].replace("lu", "chen") + "\n", "人员 chen 写了两次"),
        (ONE.replace("town}]}", "town}"), "请看第"),
        (ONE.replace("陈查,", "陈查, away: [{since: 2026-05-06, until: 2026-05-01}],"), "until 不能早于 since"),
        ("- a\n- b\n", "应为“键: 值”的形式"),
        ("{", "不是正确的 JSON"),
        ("[" * 40_000, "嵌套过深"),
        ("- " * 40_000, "嵌套过深"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(path: Path, wrong: str, said: str) -> None:
    """Whoever wrote the file is no programmer."""
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=said.replace("(", r"\(")) as refused:
        load_directory(path)
    assert str(refused.value).startswith(str(path))


def test_a_file_that_is_not_there_or_no_text_is_told_so(tmp_path: Path) -> None:
    """And what to do about it."""
    with pytest.raises(UnreadableFileError, match="打不开"):
        load_directory(tmp_path / "nothing.yaml")
    (tmp_path / "gbk.yaml").write_bytes("bodies: [] # 机构".encode("gbk"))
    with pytest.raises(UnreadableFileError, match="另存为 UTF-8"):
        load_directory(tmp_path / "gbk.yaml")


def test_the_same_may_be_written_as_json(path: Path, tmp_path: Path) -> None:
    """Which is read a great deal faster, where there are many."""
    (tmp_path / "directory.json").write_text(
        json.dumps({"people": [{"id": "chen", "name": "陈查"}], "bodies": []}), encoding="utf-8"
    )
    assert [one.name for one in load_directory(tmp_path / "directory.json").people] == ["陈查"]
    path.write_text("", encoding="utf-8")
    assert load_directory(path).people == ()


def test_nothing_starts_on_a_directory_that_nobody_can_read(path: Path) -> None:
    """Later on the old one would do; at the start there is none."""
    path.write_text("[", encoding="utf-8")
    with pytest.raises(UnreadableFileError):
        Watched(path)
    assert Watched(None).current.people == ()


def test_an_unusable_file_leaves_the_old_one_in_force(path: Path) -> None:
    """One line in the log, however often it is looked at; mended, it counts."""
    watched = Watched(path)
    path.write_text("people: 7", encoding="utf-8")
    with capture_logs() as lines:
        watched.look()
        watched.look()
    assert [line["event"] for line in lines] == ["directory.unusable"]
    assert "people 应为列表" in lines[0]["why"]
    assert people(watched) == ["chen"]
    path.write_text(TWO, encoding="utf-8")
    watched.look()
    assert people(watched) == ["chen", "lu"]


def test_a_file_that_is_away_for_a_moment_is_as_it_was(path: Path) -> None:
    """Editors write beside it and rename; only one that stays away is spoken of, once."""
    watched = Watched(path)
    path.unlink()
    with capture_logs() as lines:
        watched.look()
        assert not lines
        for _ in range(5):
            watched.look()
    assert [line["event"] for line in lines] == ["directory.gone"]
    assert people(watched) == ["chen"]
    path.write_text(TWO, encoding="utf-8")
    watched.look()
    assert people(watched) == ["chen", "lu"]


def test_a_file_emptied_to_be_written_is_no_empty_directory(path: Path) -> None:
    """Else nobody would have a power, and nobody be told, for as long as the disk is slow."""
    watched = Watched(path)
    path.write_text("", encoding="utf-8")
    watched.look()
    assert people(watched) == ["chen"]


@asynccontextmanager
async def running(watched: Watched) -> AsyncIterator[None]:
    """Watched while the block lasts."""
    task = asyncio.create_task(watched.run())
    yield
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def by_renaming(path: Path) -> None:
    """As editors save."""
    beside = path.with_suffix(".new")
    beside.write_text(TWO, encoding="utf-8")
    beside.replace(path)


def by_writing(path: Path) -> None:
    """As `echo` does."""
    path.write_text(TWO, encoding="utf-8")


@pytest.mark.parametrize("save", [by_renaming, by_writing])
async def test_a_change_is_heard(path: Path, save: Callable[[Path], None]) -> None:
    """Without a restart."""
    watched = Watched(path)
    async with running(watched), asyncio.timeout(30):
        while people(watched) == ["chen"]:
            save(path)
            await asyncio.sleep(0.05)
    assert people(watched) == ["chen", "lu"]


async def test_a_mounted_configuration_swaps_a_link(tmp_path: Path) -> None:
    """directory.yaml → ..data/directory.yaml, ..data → ..2026: the second link is replaced."""
    for name, text in (("..one", ONE), ("..two", TWO)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "directory.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "..data").symlink_to("..one")
    (tmp_path / "directory.yaml").symlink_to("..data/directory.yaml")
    watched = Watched(tmp_path / "directory.yaml")
    async with running(watched), asyncio.timeout(30):
        while people(watched) == ["chen"]:
            (tmp_path / "..data_tmp").symlink_to("..two")
            (tmp_path / "..data_tmp").replace(tmp_path / "..data")
            await asyncio.sleep(0.05)
    assert people(watched) == ["chen", "lu"]

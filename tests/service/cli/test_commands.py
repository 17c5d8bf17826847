"""import, status, triage, digest, directory: what they print and write."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from service.cli import main
from service.composition import build_context
from service.settings import read_settings
from service.usecases.accounts.accounts import ensure_administrator
from service.usecases.accounts.api_tokens import account_of_token
from service.usecases.accounts.sessions import log_in
from tests.service.cli.conftest import Command, told
from tests.service.intake.hostile_files import HEADER, as_csv

ROWS = [
    ("1", "甲", "路灯", "2019/7/8 8:00", "庄里镇三合村的路灯不亮。", "0", "1"),
    ("2", "乙", "操场", "2019/7/9 9:00", "学校操场租给人停车。", "0", "0"),
    ("3", "丙", "空的", "2019/7/10", "", "0", "0"),
]
KEYS = [
    "messages", "matters", "rejects", "received", "review", "assigned", "signed", "handling",
    "transferred", "returned", "supplement", "answered", "closed", "refused", "urgent", "overdue",
]  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "stream.csv"
    path.write_text(as_csv(HEADER, *ROWS), "utf-8")
    return path


def counts(command: Command) -> dict[str, int]:
    result = command("status", "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_import_says_what_became_of_the_rows(command: Command, file: Path, home: Path) -> None:
    result = command("import", file)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[:4] == [
        "读入 3 行", "新登记 2 件，其中并入已有事项 0 件", "此前已有 0 件", "未能导入 1 行",
    ]  # fmt: skip
    (rejects,) = (home / "rejects").iterdir()
    assert str(rejects) in result.stdout
    assert counts(command)["rejects"] == 1


def test_import_names_the_columns_it_did_not_use(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("内容,时间,甲列,乙列\n路灯不亮。,2019-07-08,1,2\n", "utf-8")
    assert "未采用的列：甲列、乙列\n" in command("import", path).stdout
    names = [f"列{n}" for n in range(9)]
    path.write_text(f"内容,时间,{','.join(names)}\n路灯不亮。,2019-07-08{',1' * 9}\n", "utf-8")
    assert "未采用的列：列0、列1、列2、列3、列4、列5 等 9 列\n" in command("import", path).stdout


def test_import_of_known_columns_speaks_of_none(command: Command, file: Path) -> None:
    assert "未采用" not in command("import", file).stdout


def test_the_same_import_again_adds_nothing(command: Command, file: Path) -> None:
    command("import", file)
    before = counts(command)
    result = command("import", file, "--rejects", file.parent / "again.csv")
    assert "新登记 0 件" in result.stdout
    assert "此前已有 2 件" in result.stdout
    assert counts(command) == before


def test_a_source_and_columns_can_be_named(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("甲,乙\n庄里镇的路灯不亮。,2019-07-08\n", "utf-8")
    arguments = ("import", path, "--source", "城东", "--map", "甲=text", "--map", "乙=sent_at")
    assert command(*arguments).exit_code == 0
    assert counts(command)["messages"] == 1


def test_status_is_json_or_chinese(command: Command, file: Path, home: Path) -> None:
    command("import", file)
    assert list(counts(command)) == KEYS
    assert counts(command)["messages"] == counts(command)["matters"] == 2
    assert counts(command)["review"] == 2
    lines = command("status").stdout.splitlines()
    assert lines[:3] == ["留言：2", "事项：2", "未能导入的行：1"]
    assert len(lines) == len(KEYS) + 1
    assert lines[-1] == f"数据目录：{home}（MINQING_HOME）"


@pytest.mark.usefixtures("begun")
def test_a_home_without_messages_is_told(command: Command) -> None:
    assert "这里还没有留言" in command("status").stdout


def test_what_was_refused_is_listed_and_settled(command: Command, file: Path) -> None:
    command("import", file)
    listed = command("rejects", "list").stdout
    assert "stream.csv 第 4 行：留言没有文字内容。" in listed
    number = listed.split()[0]
    assert command("rejects", "done", "999").exit_code == 2
    assert command("rejects", "done").exit_code == 2
    assert counts(command)["rejects"] == 1
    assert "已处理 1 行" in command("rejects", "done", number).stdout
    assert counts(command)["rejects"] == 0
    assert "没有未处理的行" in command("rejects", "list").stdout
    command("import", file)
    assert counts(command)["rejects"] == 1
    assert command("rejects", "done", "--all").exit_code == 0
    assert counts(command)["rejects"] == 0


def test_help_is_in_chinese_throughout(command: Command) -> None:
    shown = command("learn", "--help").stdout
    assert "[默认 0.05; 在 0 与 1 之间]" in shown
    assert "RANGE" not in shown


def test_triage_writes_a_row_a_message_without_a_database(
    command: Command, file: Path, home: Path
) -> None:
    output = file.parent / "out.csv"
    result = command("triage", file, "-o", output, "--timing")
    assert result.exit_code == 0, result.output
    assert "分办 2 件，归为 2 个事项" in result.stdout
    assert "未能读取 1 行" in result.stdout
    half, most = map(float, re.findall(r"不超过 ([0-9.]+) 毫秒", result.stdout.splitlines()[-1]))
    assert 0 < half <= most
    with output.open(encoding="utf-8", newline="") as stream:
        assert [row["id"] for row in csv.DictReader(stream)] == ["1", "2", "第4行"]
    assert not home.exists()


def test_triage_takes_rows_without_a_time(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "undated.csv"
    path.write_text("id,text\n7,路灯不亮。\n", "utf-8")
    assert command("triage", path, "-o", tmp_path / "out.csv").exit_code == 0


def test_a_digest_is_written_in_every_form(command: Command, file: Path) -> None:
    command("import", file)
    starts = {".docx": b"PK", ".xlsx": b"PK", ".html": b"<!", ".json": b"{", ".JSON": b"{"}
    for suffix, start in starts.items():
        output = file.parent / f"digest{suffix}"
        result = command("digest", "--week", "2019-W28", "-o", output)
        assert result.exit_code == 0, result.output
        assert result.stdout == f"民情周报（2019年第28周）：2 件留言，见 {output}\n"
        assert output.read_bytes().startswith(start)


def test_a_digest_bears_the_head_asked_for_or_set(
    command: Command, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("import", file)
    output = file.parent / "digest.json"
    monkeypatch.setenv("MINQING_RED_HEAD", "富平县政协文件")
    heads = []
    for options in ([], ["--red-head", "某办公室文件", "--document-number", "某办〔2019〕3号"]):
        result = command("digest", "--week", "2019-W28", *options, "-o", output)
        assert result.exit_code == 0, result.output
        heads.append(json.loads(output.read_text("utf-8"))["head"])
    command("digest", "--week", "2019-W28", "--topic", "06", "-o", output)
    heads.append(json.loads(output.read_text("utf-8"))["head"])
    assert heads == [
        {"authority": "富平县政协文件", "number": ""},
        {"authority": "某办公室文件", "number": "某办〔2019〕3号"},
        None,
    ]


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("period", ["2019-07", "2019"])
def test_a_digest_of_any_length(command: Command, file: Path, period: str) -> None:
    result = command("digest", "--period", period, "-o", file.parent / "digest.json")
    assert result.exit_code == 0, result.output


@pytest.mark.usefixtures("begun")
def test_a_digest_is_kept_and_listed(command: Command, file: Path) -> None:
    assert "编号 1" in command("digest", "make", "--week", "2019-W28").output
    assert command("digest", "make", "--topic", "04", "--period", "2019").exit_code == 0
    listed = command("digest", "list").output.splitlines()
    assert [line.split("  ")[1] for line in listed] == [
        "民情年报（2019年）",
        "民情周报（2019年第28周）",
    ]
    assert told(command("digest", "make")) == told(command("digest", "-o", "x.docx"))
    assert "-o" in told(command("digest", "--week", "2019-W28"))


def test_webhooks_are_added_listed_and_removed(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "http://127.0.0.1:9/hook"
    add = ("webhook", "add", url, "--event", "digest.made", "--event", "matter.opened")
    assert "MINQING_WEBHOOK_ALLOW" in told(command(*add))
    monkeypatch.setenv("MINQING_WEBHOOK_ALLOW", "127.0.0.0/8")
    assert "whsec_" in command(*add).output
    assert command("webhook", "list").output == f"1  {url}  digest.made、matter.opened\n"
    assert command("webhook", "remove", "1").exit_code == 0
    assert command("webhook", "list").output == ""
    assert "推送 1" in told(command("webhook", "remove", "1"))
    assert "投递 1" in told(command("webhook", "retry", "1"))


def test_a_directory_is_loaded_and_used_by_a_digest(
    command: Command, file: Path, tmp_path: Path
) -> None:
    shipped = Path(__file__).parents[3] / "data" / "samples" / "organisation"
    result = command("directory", shipped)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("已载入：政协组织 ")
    command("import", file)
    with (shipped / "studios.csv").open(encoding="utf-8-sig", newline="") as stream:
        code = next(csv.reader(stream, strict=True)) and next(csv.reader(stream))[0]
    output = tmp_path / "digest.json"
    done = command("digest", "--week", "2019-W28", "--studio", code, "-o", output)
    assert done.exit_code == 0, done.output


def test_a_wrong_directory_changes_nothing(command: Command, tmp_path: Path) -> None:
    wrong = tmp_path / "directory"
    wrong.mkdir()
    result = command("directory", wrong)
    assert result.exit_code == 2
    assert result.stderr.startswith("错误：组织资料有误，未作任何更改")
    assert "Traceback" not in result.stderr


BAD_CALLS = {
    "no file": (["import"], "缺少 参数 FILE"),
    "no output": (["triage", "x.csv"], "缺少 选项 --output"),
    "unknown option": (["import", "--nope", "x"], "没有选项 --nope"),
    "unknown command": (["nope"], "没有命令 nope"),
    "unknown option before": (["--nope", "status"], "没有选项 --nope"),
    "option without value": (["import", "x.csv", "--source"], "选项 --source 的用法不正确"),
    "too much": (["status", "more"], "命令的参数不正确"),
    "no period": (["digest", "-o", "x.docx"], "--week 或 --period"),
    "two periods": (["digest", "--week", "2019-W28", "--period", "2019", "-o", "x.docx"], "--week"),
    "no such week": (["digest", "--week", "2019-W99", "-o", "x.docx"], "2019-W99"),
    "no week": (["digest", "--week", "soon", "-o", "x.docx"], "soon"),
    "future": (["digest", "--week", "2999-W01", "-o", "x.docx"], "尚未开始"),
    "bad number": (
        [
            "digest",
            "--week",
            "2019-W28",
            "--red-head",
            "某",
            "--document-number",
            "9",
            "-o",
            "x.docx",
        ],
        "发文字号“9”",
    ),
    "no such form": (["digest", "--week", "2019-W28", "-o", "x.pdf"], ".pdf"),
    "no such studio": (["digest", "--week", "2019-W28", "--studio", "T9", "-o", "x.docx"], "T9"),
    "no such topic": (["digest", "--week", "2019-W28", "--topic", "99", "-o", "x.docx"], "主题 99"),
    "two scopes": (
        ["digest", "--all", "--topic", "01", "--department", "住建局", "-o", "x.docx"],
        "只能选一个",
    ),
    "week and all": (["digest", "--week", "2019-W28", "--all", "-o", "x.docx"], "--all"),
    "no such field": (["import", "x.csv", "--map", "甲=没有"], "没有"),
    "no equals sign": (["import", "x.csv", "--map", "甲"], "甲"),
    "missing file": (["import", "x.csv"], "找不到 x.csv"),
    "missing file to triage": (["triage", "x.csv", "-o", "y.csv"], "找不到 x.csv"),
    "folder": (["import", "/dev"], "文件夹"),
    "digest nowhere": (["digest", "--week", "2019-W28", "-o", "no/x.docx"], "无法写入"),
    "no account named": (["account", "reset-password"], "缺少 参数 NAME"),
    "no such account": (["account", "reset-password", "无名"], "账号 无名"),
    "no such account command": (["account", "nope"], "没有命令 nope"),
    "training data": (["train-default", "--shared", "no", "-o", "x.mqm"], "文件无法读取"),
}


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(("arguments", "line"), BAD_CALLS.values(), ids=BAD_CALLS.keys())
def test_a_wrong_call_is_answered_in_one_chinese_line(
    command: Command, arguments: list[str], line: str
) -> None:
    assert line in told(command(*arguments))


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("empty.csv", b"", "空文件"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n", "PNG 图片"),
        ("cut.xlsx", b"PK\x03\x04cut", "文件无法读取"),
        ("noise.csv", bytes(range(256)) * 40, "文件无法读取"),
        ("columns.csv", "甲,乙\n1,2\n".encode(), "--map"),
        ("array.json", b'[{"text": "x"}]', "JSON 数组"),
    ],
)
def test_an_unreadable_file_is_answered_in_one_chinese_line(
    command: Command, tmp_path: Path, name: str, content: bytes, line: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert line in told(command("import", path))
    assert line in told(command("triage", path, "-o", tmp_path / "out.csv"))
    assert not (tmp_path / "out.csv").exists()


def test_files_are_never_written_over_themselves(command: Command, file: Path) -> None:
    before = file.read_bytes()
    assert "正是要读的文件" in told(command("triage", file, "-o", file))
    assert "正是要读的文件" in told(command("import", file, "--rejects", file))
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("PORT", "x", "MINQING_PORT"),
        ("DATABASE_URL", "mysql://u:secret@h/x", "MINQING_DATABASE_URL"),
        ("DATABASE_URL", "postgresql+nope://u:secret@h/x", "MINQING_DATABASE_URL"),
        ("DATABASE_URL", "postgresql://u:secret@h/x?nope=1", "MINQING_DATABASE_URL"),
        ("DATABASE_URL", "postgresql://u:secret@h/x?connect_timeout=soon", "MINQING_DATABASE_URL"),
        ("DATABASE_URL", "postgresql://u:secret@h:99999/x", "MINQING_DATABASE_URL"),
        ("DATABASE_URL", "sqlite:///none/x?nope=1", "MINQING_DATABASE_URL"),
        ("DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/x", "无法连接数据库服务器"),
        ("DATA", "/nowhere", "主题分类表"),
        ("HOME", "/dev/null/home", "密钥文件"),
    ],
)
def test_a_wrong_setting_is_answered_in_one_chinese_line(
    command: Command, monkeypatch: pytest.MonkeyPatch, name: str, value: str, line: str
) -> None:
    monkeypatch.setenv(f"MINQING_{name}", value)
    found = told(command("words", "add", "甲乙丙丁桥"))
    assert line in found
    assert "u:secret" not in found


HELPS = [
    ["--help"],
    ["import", "-h"],
    ["train-default", "--help"],
    ["account"],
    ["account", "--help"],
    ["account", "reset-password", "-h"],
    *([name, "-h"] for name in main.commands),
]


@pytest.mark.parametrize("arguments", HELPS, ids=" ".join)
def test_help_speaks_chinese(command: Command, arguments: list[str]) -> None:
    shown = command(*arguments).output
    assert shown.startswith("用法：")
    assert "显示帮助。" in shown
    assert "选项：\n" in shown
    english = r"Usage|Options|Commands|Show this|exit\.|\[required\]|\[OPTIONS\]|ARGS"
    assert not re.search(english, shown)


def test_the_commands_stand_below_a_chinese_heading(command: Command) -> None:
    shown = command("--help").stdout
    assert "命令：\n" in shown
    assert "显示版本。" in shown
    assert command("--version").stdout.startswith("main ")


def test_a_lost_password_is_reset_and_shown_once(command: Command, home: Path) -> None:
    context = build_context(read_settings())
    ensure_administrator(context)
    shown = command("account", "reset-password", "admin")
    assert shown.exit_code == 0, shown.output
    found = re.fullmatch(r"账号 admin 的新密码（只显示这一次，请记下）：(\S{20})\n", shown.stdout)
    assert found
    assert log_in(context, "admin", found[1])
    context.database.close()


def test_a_token_is_made_listed_and_taken_back(command: Command, home: Path) -> None:
    context = build_context(read_settings())
    ensure_administrator(context)
    wanted = ("--for", "县长信箱", "--scope", "read", "--scope", "intake", "--days", "9")
    made = command("account", "token", "add", "admin", *wanted)
    found = re.fullmatch(r"令牌 1（只显示这一次，请记下）：(mq_\S{43})\n", made.stdout)
    assert found, made.output
    assert account_of_token(context, found[1]).name == "admin"
    listed = command("account", "token", "list", "admin").stdout
    assert "1  县长信箱  intake、read  到 " in listed
    assert found[1] not in listed
    assert command("account", "token", "revoke", "admin", "1").exit_code == 0
    assert command("account", "token", "list", "admin").stdout == ""
    assert command("account", "reset-totp", "admin").exit_code == 0
    assert command("account", "reset-totp", "无名").exit_code == 2
    for wrong in (("revoke", "admin", "1"), ("list", "无名"), ("add", "无名", *wanted)):
        assert command("account", "token", *wrong).exit_code == 2
    context.database.close()


def test_help_and_version_are_no_errors(command: Command) -> None:
    assert command("--help").exit_code == 0
    assert command("import", "-h").exit_code == 0
    assert command("--version").exit_code == 0


@pytest.fixture
def told_complete(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts that the use case gives, one after the other, instead of looking."""
    counts = [1234, 0]
    monkeypatch.setattr(
        "service.usecases.archive.complete.complete_waiting", lambda _: counts.pop(0)
    )
    return counts


def test_import_completes_what_waited_and_says_so_once(
    command: Command, file: Path, told_complete: list[int]
) -> None:
    first, again = (command("import", file, "--rejects", f"{n}.csv") for n in range(2))
    assert first.stdout.startswith("补作判断 1,234 件：受理时没有可用的模型\n")
    assert "补作判断" not in again.stdout
    assert told_complete == []

from __future__ import annotations

from collections import namedtuple
from dataclasses import replace

import pytest

from service.storage.database import Database
from service.usecases.context import Context
from service.usecases.readiness import check_readiness

Usage = namedtuple("Usage", "total used free")


def test_all_is_well(context: Context) -> None:
    readiness = check_readiness(context)
    assert (readiness.schema, readiness.disk, readiness.model) == ("ok", "ok", "ok")
    assert readiness.is_ready


def test_a_missing_model_is_told(by_hand: Context) -> None:
    readiness = check_readiness(by_hand)
    assert readiness.model == "missing"
    assert readiness.reasons == ("模型文件缺失或未通过检查，留言照收，等待人工办理",)
    assert not readiness.is_ready


def test_a_model_that_cannot_match_is_told(context: Context) -> None:
    half = replace(context, triage=replace(context.triage, pair_model=None))
    readiness = check_readiness(half)
    assert readiness.model == "incomplete"
    assert readiness.reasons == ("模型文件不含可用的并案模型，留言不会自动并案",)
    assert not readiness.is_ready


def test_every_reason_is_told(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(10**9, 10**9, 10))
    database = Database("postgresql://127.0.0.1:1/nothing")
    readiness = check_readiness(replace(context, database=database))
    database.close()
    assert readiness.reasons == ("无法连接数据库", "磁盘空间不足")


def test_an_old_schema_is_told(context: Context, tmp_path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    readiness = check_readiness(replace(context, database=database))
    database.close()
    assert readiness.schema == "outdated"
    assert not readiness.is_ready


def test_an_unreachable_database_is_told(context: Context) -> None:
    database = Database("postgresql://127.0.0.1:1/nothing")
    readiness = check_readiness(replace(context, database=database))
    database.close()
    assert readiness.schema == "unreachable"
    assert not readiness.is_ready


def test_a_full_disk_is_told(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(10**9, 10**9, 10))
    readiness = check_readiness(context)
    assert readiness.disk == "full"
    assert not readiness.is_ready

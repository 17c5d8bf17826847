"""Two workers on one PostgreSQL behind nginx, as ``docs/operations.md`` describes it."""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import httpx
import psycopg
import pytest
from pikepdf import Pdf

from tests.service.cli.test_process import PROGRAM, ROOT
from tests.service.delivery.certificates import make_certificate
from tests.system.nginx import find_nginx, free_port, running_nginx
from tests.system.postgres import PostgresServer

pytestmark = pytest.mark.postgres

MESSAGES, DRAFT = "/api/v1/messages", "/api/v1/messages:already-open"
LOOK_UP = "/api/v1/receipts:look-up"
HIDDEN = re.compile(r'name="(csrf_token|form_id|consent)" value="([^"]+)"')
SHOWN = re.compile(r'class="receipt mono">([^<]+)<')
WAIT_SECONDS = 60


@dataclass
class Worker:
    """A desk as ``minqing serve`` serves it, on a port of its own."""

    port: int
    home: Path
    url: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        plain = {key: value for key, value in os.environ.items() if not key.startswith("MINQING_")}
        settings = {
            "PYTHONPATH": str(ROOT),
            "MINQING_HOME": str(self.home),
            "MINQING_PORT": str(self.port),
            "MINQING_DATABASE_URL": self.url,
        }
        self.process = subprocess.Popen(
            [*PROGRAM, "serve"],
            env=plain | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def told(self) -> str:
        """What it wrote before it served; it is ready then."""
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if "工作台地址" in line:
                break
        wait_until(self.is_ready)
        return "".join(lines)

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.address}/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def answered(self) -> set[str]:
        """The numbers of the requests that stand in its log."""
        lines = (self.home / "logs" / f"desk-{self.port}.jsonl").read_text().splitlines()
        return {json.loads(line)["request_id"] for line in lines}


@dataclass
class House:
    """Everything together; ``told`` is what each worker wrote when both were started first."""

    folder: Path
    port: int
    workers: tuple[Worker, Worker]
    told: tuple[str, ...]
    trusted: ssl.SSLContext

    @contextmanager
    def visitor(
        self, address: str = "127.0.0.1", at: str = "", **headers: str
    ) -> Iterator[Visitor]:
        """Somebody who comes from this address, to the proxy or elsewhere."""
        transport = httpx.HTTPTransport(verify=self.trusted, local_address=address)
        base = at or f"https://localhost:{self.port}"
        headers = {"accept": "text/html"} | headers
        with Visitor(base_url=base, transport=transport, headers=headers, timeout=60) as made:
            yield made


class Visitor(httpx.Client):
    """A browser that can fill a form in."""

    def fill(self, path: str, files: object = None, **fields: str) -> httpx.Response:
        hidden = dict(HIDDEN.findall(self.get(path).text))
        return self.post(path, data=hidden | fields, files=files)  # type: ignore[arg-type]


def wait_until(is_so: Callable[[], bool]) -> None:
    limit = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < limit
        time.sleep(0.05)


@pytest.fixture(scope="module")
def house(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Both workers are started at the same moment, on an empty database and an empty home."""
    nginx = find_nginx()
    if nginx is None:
        pytest.skip("nginx is not installed (Debian: nginx-light)")
    folder = tmp_path_factory.mktemp("house")
    certificate, _ = make_certificate(folder)
    with ExitStack() as stack:
        url = stack.enter_context(postgres_server.fresh_database())
        workers = tuple(Worker(free_port(), folder / "home", url) for _ in range(2))
        for worker in workers:
            worker.start()
            stack.callback(worker.kill)
        told = tuple(worker.told() for worker in workers)
        ports = [worker.port for worker in workers]
        port = stack.enter_context(running_nginx(nginx, folder, ports))
        trusted = ssl.create_default_context(cafile=certificate)
        yield House(folder, port, (workers[0], workers[1]), told, trusted)


@pytest.fixture
def one(house: House) -> Worker:
    return house.workers[0]


@pytest.fixture
def other(house: House) -> Worker:
    return house.workers[1]


def a_message(text: str) -> dict[str, object]:
    return {"text": text, "sender": {"name": "某人", "phone": "19900002222"}}


def count_messages(worker: Worker, text: str) -> int:
    with psycopg.connect(worker.url) as connection:
        found = connection.execute("SELECT count(*) FROM message WHERE text = %s", [text])
        return int(found.fetchone()[0])  # type: ignore[index]


def test_a_login_holds_on_both_workers(house: House, one: Worker, other: Worker) -> None:
    passwords = [told.partition("请记下）：")[2].split("\n")[0] for told in house.told]
    assert sorted(map(bool, passwords)) == [False, True]  # one administrator, told once
    with house.visitor() as admin:
        assert admin.get("/", follow_redirects=True).url.path == "/login"
        logged_in = admin.fill("/login", name="admin", password="".join(passwords))
        assert logged_in.status_code == 303, logged_in.text
        assert "secure" in logged_in.headers["set-cookie"].lower()
        seen = {f"seen-{number}" for number in range(6)}
        for number in seen:
            page = admin.get("/", headers={"X-Request-ID": number})
            assert page.status_code == 200
            assert page.headers["x-request-id"] == number
        wait_until(lambda: seen <= one.answered() | other.answered())
        assert seen & one.answered()
        assert seen & other.answered()
        cookie = "; ".join(f"{one.name}={one.value}" for one in admin.cookies.jar)
    with (
        house.visitor(at=one.address, cookie=cookie) as at_one,
        house.visitor(at=other.address, cookie=cookie) as at_other,
    ):
        form = dict(HIDDEN.findall(at_one.get("/account").text))
        forged = at_other.post("/logout", data={"csrf_token": "0" * 64})
        assert forged.status_code == 403
        assert at_other.post("/logout", data=form).status_code == 303
        assert at_one.get("/api/v1/status").status_code == 401


def test_what_one_worker_took_in_is_found_by_the_other(house: House) -> None:
    with house.visitor() as citizen:
        text = "东门外的公交站牌倒了两天，请扶起来。"
        sent = citizen.fill("/submit", text=text, phone="19900001234")
        assert sent.status_code == 201, sent.text
        found = SHOWN.search(sent.text)
        assert found is not None
    for worker in house.workers:
        with house.visitor(at=worker.address) as direct:
            shown = direct.post(LOOK_UP, json={"receipt": found[1], "proof": "1234"})
            assert shown.status_code == 200, shown.text


def test_a_key_used_on_both_workers_at_once_stores_once(house: House, one: Worker) -> None:
    text = "南湖边的护栏断了一段，孩子常在那里玩。"

    def send(worker: Worker) -> httpx.Response:
        with house.visitor(at=worker.address) as client:
            limit = time.monotonic() + WAIT_SECONDS
            while True:
                headers = {"Idempotency-Key": "the-same"}
                sent = client.post(MESSAGES, json=a_message(text), headers=headers)
                if sent.status_code != 409 or time.monotonic() > limit:  # in flight: asked again
                    return sent
                time.sleep(0.05)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, house.workers * 4))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["receipt"] for answer in answers}) == 1
    assert count_messages(one, text) == 1


def statuses_of(visitor: Visitor, count: int, **headers: str) -> set[int]:
    draft = {"text": "路灯"}
    return {visitor.post(DRAFT, json=draft, headers=headers).status_code for _ in range(count)}


def test_visitors_are_told_apart_by_the_proxy_and_by_nobody_else(house: House, one: Worker) -> None:
    with house.visitor("127.0.0.2") as often, house.visitor("127.0.0.3") as seldom:
        assert statuses_of(often, 30) == {200, 429}
        assert statuses_of(often, 2, **{"X-Forwarded-For": "192.0.2.7"}) == {429}
        assert statuses_of(seldom, 5) == {200}
    told = [{"X-Forwarded-For": f"198.51.100.{number}"} for number in range(20)]
    with house.visitor("127.0.0.4", one.address) as stranger:
        assert set.union(*(statuses_of(stranger, 1, **each) for each in told)) == {200, 429}
    with house.visitor("127.0.0.1", one.address) as proxy:
        assert set.union(*(statuses_of(proxy, 1, **each) for each in told)) == {200}


def a_pdf(size: int) -> bytes:
    """A PDF of about so many bytes that do not shrink."""
    pdf, out = Pdf.new(), BytesIO()
    pdf.add_blank_page()
    pdf.pages[0].Contents = pdf.make_stream(os.urandom(size - 2_000))
    pdf.save(out)
    return out.getvalue()


def test_files_up_to_the_limit_pass_and_larger_ones_are_refused_in_chinese(house: House) -> None:
    with house.visitor() as citizen:

        def send(*sizes: int) -> httpx.Response:
            files = [("files", (f"{at}.pdf", a_pdf(size))) for at, size in enumerate(sizes)]
            text = f"附上 {len(files)} 份合同，请看看。"
            return citizen.fill("/submit", files, text=text, phone="19900001234")

        taken = send(9_990_000)
        assert taken.status_code == 201, taken.text
        too_large = send(10_500_000)
        assert too_large.status_code == 422
        assert "附件" in too_large.text
        assert send(*[9_990_000] * 3).status_code == 413
        whole = citizen.post(
            MESSAGES, json={"text": "长" * 700_000}, headers={"accept": "application/json"}
        )
        assert whole.status_code == 413
        assert whole.json()["code"] == "body_too_large"
        by_nginx = citizen.post(MESSAGES, content=bytes(65 << 20))
        assert (by_nginx.status_code, by_nginx.text) == (413, "提交的内容太大。\n")


def test_what_is_not_for_visitors_stays_behind_the_proxy(house: House, one: Worker) -> None:
    with house.visitor() as visitor:
        assert visitor.get("/metrics").status_code == 403
        assert visitor.get("/healthz").status_code == 200
        assert visitor.get("/readyz").status_code == 200
    assert httpx.get(f"{one.address}/metrics").status_code == 200


def test_readers_do_not_notice_that_one_worker_after_the_other_was_killed(
    house: House, one: Worker, other: Worker
) -> None:
    """Comes last: at the end both are gone."""
    statuses: list[int] = []
    cut_off: list[httpx.TransportError] = []
    is_over = threading.Event()

    def read() -> None:
        with house.visitor() as reader:
            while not is_over.is_set():
                try:
                    statuses.append(reader.get("/look-up").status_code)
                except httpx.RemoteProtocolError as error:  # its head was sent, its body not yet
                    cut_off.append(error)

    def wait_for_readers() -> None:
        before = len(statuses)
        wait_until(lambda: len(statuses) > before + 50)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    wait_for_readers()
    other.kill()
    wait_for_readers()
    other.start()
    assert "密码" not in other.told()
    one.kill()
    wait_for_readers()
    is_over.set()
    for reader in readers:
        reader.join()
    assert set(statuses) == {200}
    assert len(cut_off) <= 2 * len(readers)

    with house.visitor() as citizen:
        sent = citizen.post(MESSAGES, json=a_message("西街的井盖没了，夜里看不见。"))
        assert sent.status_code == 201, sent.text
        other.kill()
        away = citizen.get("/look-up")
        assert away.status_code == 503
        assert "请过一会儿再试" in away.text
        assert away.headers["retry-after"] == "10"
    told = (house.folder / "error.log").read_text()
    assert not re.search(r"\[(alert|crit|emerg)\]", told), told

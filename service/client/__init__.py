"""民情的 API，给别的程序用：``MinqingClient`` 每个操作一个方法，都有类型。

It knows nothing of the service: an ``httpx`` client, and what the OpenAPI document says.

>>> import httpx
>>> http = httpx.Client(base_url="https://desk.example", headers={"Authorization": "Bearer mq_…"})
>>> client = MinqingClient(http.request)
>>> client.post_message({"text": "…"}, idempotency_key="…").body["receipt"]  # doctest: +SKIP
"""

from service.client.answer import Answer, ProblemError
from service.client.operations import MinqingClient

__all__ = ["Answer", "MinqingClient", "ProblemError"]

"""JSON of intake: what comes in."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, SkipValidation

from service.domain.channel import Channel
from service.domain.consent import CONSENTS, MAX_VERSION_CHARS, consent_for
from service.domain.message import IncomingMessage
from service.errors import InvalidInputError
from service.intake.columns import Field as Part
from service.intake.messages import ReadOptions, build_message

DEFAULT_SOURCE = "api"
OF_SYSTEMS = "@"  # before the source of what a system hands in with its token
MAX_SOURCE_CHARS = 100
MAX_BATCH = 500
_CHANNELS = "、".join(f"{channel.value} {channel.label_zh}" for channel in Channel)
_EXAMPLE: dict[str, JsonValue] = {
    "title": "庄里镇三合村东巷路灯全黑",
    "text": "东巷的太阳能路灯入冬后只剩一盏会闪，老人晚上出门摔伤了，请尽快维修。",
    "sent_at": "2026-01-05 19:37:00",
    "channel": "wechat",
    "source": "县长信箱",
    "external_id": "2026-0105-03",
    "sender": {"name": "张某", "phone": "19900001234"},
    "like_count": 2,
}


class SenderIn(BaseModel):
    """来信人，可以留空（匿名）。"""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: str = Field(default="", description="姓名，最多 100 字")
    phone: str = Field(default="", description="电话，最多 100 字")


class MessageIn(BaseModel):
    """一条留言。"""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]}
    )

    title: str = Field(default="", description="主题，最多 1000 字，可以留空")
    text: str = Field(description="详情，原文保存，最多 100000 字")
    sent_at: str = Field(
        default="",
        description="留言时间，常见写法均可，不带时区按北京时间；留空为收到的时间",
        examples=["2026-01-05 19:37:00", "2026-01-05T11:37:00Z"],
    )
    channel: str = Field(default="api", description=f"渠道：{_CHANNELS}；中文名称亦可")
    source: str = Field(
        default=DEFAULT_SOURCE,
        min_length=1,
        max_length=MAX_SOURCE_CHARS,
        pattern=r"^[^@\x00-\x1f\x7f][^\x00-\x1f\x7f]*$",
        description="来源系统的名称；与 external_id 一起判断是否已经收到。"
        "凭令牌提交的，记为“@账号”或“@账号/来源”",
    )
    external_id: str = Field(default="", description="在来源系统中的编号，最多 200 字")
    sender: SenderIn = Field(default=SenderIn(), description="来信人")
    like_count: int = Field(default=0, ge=0, le=2**31 - 1, description="点赞数")
    dislike_count: int = Field(default=0, ge=0, le=2**31 - 1, description="反对数")
    consent: str = Field(
        default="",
        max_length=MAX_VERSION_CHARS,
        description="来信人所同意的个人信息处理说明的版本，见填写来信的页面；没有告知的留空",
        examples=[consent_for(10).version],
    )

    def as_incoming(self, options: ReadOptions) -> IncomingMessage:
        """The message at the door; without a time of its own it was sent now.

        Raises
        ------
        InvalidInputError
            One of its kinds: no text, an unreadable time, an unknown channel or consent …
        """
        if self.consent and self.consent not in CONSENTS:
            raise InvalidInputError("没有这个版本的个人信息处理说明")
        values = {
            Part.TITLE: self.title,
            Part.TEXT: self.text,
            Part.SENT_AT: self.sent_at.strip() or options.now,
            Part.CHANNEL: self.channel,
            Part.EXTERNAL_ID: self.external_id,
            Part.SENDER: self.sender.name,
            Part.PHONE: self.sender.phone,
            Part.LIKE_COUNT: self.like_count,
            Part.DISLIKE_COUNT: self.dislike_count,
        }
        message = build_message(values, self.source, options)
        return replace(message, consent_version=self.consent) if self.consent else message


class BatchIn(BaseModel):
    """多条留言。每条各自受理，一条有误不影响其他各条。"""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    # Each item is validated by itself later: one bad item must not refuse the others.
    messages: list[Annotated[MessageIn, SkipValidation]] = Field(
        min_length=1, max_length=MAX_BATCH, description=f"留言，1–{MAX_BATCH} 条"
    )

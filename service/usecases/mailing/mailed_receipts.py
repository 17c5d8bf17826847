"""回执邮件: what whoever wrote by mail is told by mail, and nothing of what they wrote."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.consent import consent_for
from service.domain.receipt import show_receipt
from service.errors import NotFoundError
from service.storage.casework.receipts import read_pins
from service.storage.messages.messages import read_message
from service.storage.sealing.senders import read_senders
from service.usecases.context import Context
from service.usecases.upkeep.retention import show_retention_policy

_SUBJECT = "您的来信已经登记"
_TEXT = """您好！

您用邮件寄来的信已经登记。

回执码：{receipt}
{proof}
查询办理情况、补充情况或者评价答复，请在本单位网站的「查询办理情况」页输入回执码和{asked}。
请妥善保管，不要把这封邮件转给别人。

个人信息怎样使用：{purpose}
{rights}

这封邮件由系统自动发出，请不要直接回复。
"""


@dataclass(frozen=True, slots=True)
class MailedReceipt:
    """A mail to one address."""

    address: str
    subject: str
    text: str


def write_receipt(context: Context, message_id: int) -> MailedReceipt:
    """The mail that brings a message's receipt, with its PIN where it has one.

    Raises
    ------
    NotFoundError
        The message was erased, or nobody knows its sender's address.
    """
    with context.database.reading() as connection:
        message = read_message(connection, message_id)
        sender_id = 0 if message is None else message.sender_id or 0
        sender = read_senders(connection, context.sealer, [sender_id]).get(sender_id)
        pin = read_pins(connection, [message_id]).get(message_id)
    if message is None or sender is None or not sender.email:
        raise NotFoundError("来信已经删除，或者没有来信人的邮箱")
    consent = consent_for(show_retention_policy(context).message_years)
    told = context.sealer.open_bytes(pin, message.receipt).decode() if pin else ""
    text = _TEXT.format(
        receipt=show_receipt(message.receipt),
        proof=f"查询密码：{told}\n" if told else "",
        asked="查询密码" if told else "手机号后四位",
        purpose=consent.purpose,
        rights=consent.rights,
    )
    return MailedReceipt(sender.email, _SUBJECT, text)

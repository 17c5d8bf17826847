"""Every error a user of Minqing can meet: its docstring is the message, in Chinese.

Each class carries a stable ``code`` (for machines), an HTTP ``status``, and may add a
``detail`` that names the offending value. ``service.web.problems`` turns them into
``application/problem+json``; the CLI prints ``message`` and exits with 2.
"""

from __future__ import annotations

RETRY_SECONDS = 5  # when what passes may be over


class MinqingError(Exception):
    """系统出现未预料的问题，已记录，请稍后再试。"""

    code = "internal"
    status = 500

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    @property
    def message(self) -> str:
        """The docstring, followed by the detail where there is one."""
        headline = (self.__doc__ or "").strip()
        return f"{headline.rstrip('。')}：{self.detail}" if self.detail else headline


class InvalidInputError(MinqingError):
    """提交的内容不符合要求。"""

    code = "invalid_input"
    status = 422


class EmptyTextError(InvalidInputError):
    """留言没有文字内容。"""

    code = "empty_text"


class TextTooLongError(InvalidInputError):
    """留言文字过长。"""

    code = "text_too_long"


class UnreadableDateError(InvalidInputError):
    """日期无法识别。"""

    code = "unreadable_date"


class MissingDateError(InvalidInputError):
    """留言没有时间。"""

    code = "missing_date"


class FieldTooLongError(InvalidInputError):
    """某一栏的内容过长。"""

    code = "field_too_long"


class UnusableCharactersError(InvalidInputError):
    """含有无法保存的字符（空字符或损坏的编码）。"""

    code = "unusable_characters"


class UnreadableCountError(InvalidInputError):
    """点赞数或反对数无法识别。"""

    code = "unreadable_count"


class UnknownChannelError(InvalidInputError):
    """渠道名称无法识别。"""

    code = "unknown_channel"


class ColumnCountError(InvalidInputError):
    """这一行的列数与表头不同。"""

    code = "column_count"


class RecordTooLongError(InvalidInputError):
    """这一行过长，或者引号没有闭合。"""

    code = "record_too_long"


class BrokenQuotesError(InvalidInputError):
    """这一行的引号用法有误。"""

    code = "broken_quotes"


class BrokenJsonError(InvalidInputError):
    """这一行不是有效的 JSON 对象。"""

    code = "broken_json"


class AttachmentRefusedError(InvalidInputError):
    """附件不能接收。"""

    code = "attachment_refused"


class MailUnreadableError(InvalidInputError):
    """邮件无法读取。"""

    code = "mail_unreadable"


class AutomaticMailError(InvalidInputError):
    """这是自动发出的邮件或退信，没有作为来信登记。"""

    code = "automatic_mail"


class MailboxError(MinqingError):
    """无法查看邮箱，稍后再试。"""

    code = "mailbox"
    status = 503


class FileUnreadableError(MinqingError):
    """文件无法读取。"""

    code = "file_unreadable"
    status = 422


class FileUnwritableError(MinqingError):
    """文件无法写入。"""

    code = "file_unwritable"
    status = 422


class UnknownColumnsError(FileUnreadableError):
    """文件中没有可识别的留言内容列，请用 --map 指明。"""

    code = "unknown_columns"


class BackupError(MinqingError):
    """无法恢复，未作任何更改。"""

    code = "backup"
    status = 422


class OrganisationFileError(MinqingError):
    """组织资料有误，未作任何更改。"""

    code = "organisation_file"
    status = 422


class OrganisationChangedError(MinqingError):
    """组织资料已有人改过，请取回最新的再改。"""

    code = "organisation_changed"
    status = 412


class MatterChangedError(MinqingError):
    """事项已有人办理过，请取回最新的再办理。"""

    code = "matter_changed"
    status = 412


class MatterVersionMissingError(MinqingError):
    """凭令牌办理事项，须用 If-Match 写明所依据的版本。"""

    code = "matter_version_missing"
    status = 428


class VersionMissingError(MinqingError):
    """更改组织资料须用 If-Match 写明所依据的版本。"""

    code = "version_missing"
    status = 428


class RulesError(InvalidInputError):
    """办理规则有误，未作任何更改。"""

    code = "rules"


class CalendarError(InvalidInputError):
    """放假安排有误，未作任何更改。"""

    code = "calendar"


class NumberTakenError(InvalidInputError):
    """这个编号已登记了另一份内容。"""

    code = "number_taken"
    status = 409


class NotFoundError(MinqingError):
    """找不到所请求的内容。"""

    code = "not_found"
    status = 404


class NotLoggedInError(MinqingError):
    """请先登录。"""

    code = "not_logged_in"
    status = 401


class TokenError(MinqingError):
    """访问令牌不正确、已到期或已撤销。"""

    code = "token"
    status = 401


class WrongPasswordError(MinqingError):
    """用户名或密码不正确。"""

    code = "wrong_password"
    status = 401


class CodeWantedError(MinqingError):
    """请输入验证器上的六位验证码。"""

    code = "code_wanted"
    status = 401

    def __init__(self, ticket: str = "") -> None:
        super().__init__()
        self.ticket = ticket


class WrongCodeError(MinqingError):
    """验证码不正确、已用过或已过期。"""

    code = "wrong_code"
    status = 401


class FactorMissingError(MinqingError):
    """请先开启两步验证。"""

    code = "factor_missing"
    status = 403


class NameTakenError(InvalidInputError):
    """这个名称已有账号使用。"""

    code = "name_taken"
    status = 409


class WeakPasswordError(InvalidInputError):
    """新密码太容易猜到。"""

    code = "weak_password"


class PasswordExpiredError(MinqingError):
    """请先更改密码。"""

    code = "password_expired"
    status = 403


class ForbiddenError(MinqingError):
    """没有权限进行此操作。"""

    code = "forbidden"
    status = 403


class IllegalMoveError(MinqingError):
    """事项当前状态不允许此操作。"""

    code = "illegal_move"
    status = 409


class MergedError(MinqingError):
    """事项已并入另一事项，请到那件事项上办理。"""

    code = "merged"
    status = 409


class ClaimedError(MinqingError):
    """事项已由他人认领。"""

    code = "claimed"
    status = 409


class NotClaimedError(MinqingError):
    """没有认领这件事项，或者认领已经到期。"""

    code = "not_claimed"
    status = 409


class PartedError(MinqingError):
    """这条留言是否分件，已经有人决定。"""

    code = "parted"
    status = 409


class ErasedError(MinqingError):
    """这条留言已经依法删除。"""

    code = "erased"
    status = 409


class IdempotencyConflictError(MinqingError):
    """同一个 Idempotency-Key 已用于另一份内容。"""

    code = "idempotency_conflict"
    status = 422


class IdempotencyInFlightError(MinqingError):
    """同一个 Idempotency-Key 的请求正在处理。"""

    code = "idempotency_in_flight"
    status = 409


class BodyTooLargeError(MinqingError):
    """提交的内容过大。"""

    code = "body_too_large"
    status = 413


class ModelUnavailableError(MinqingError):
    """分类模型不可用，留言照常受理，由人工分类。"""

    code = "model_unavailable"
    status = 503


class PairModelUnavailableError(MinqingError):
    """并案模型不可用，无法比较留言。"""

    code = "pair_model_unavailable"
    status = 503


class TooManyRequestsError(MinqingError):
    """请求过于频繁，请稍后再试。"""

    code = "too_many_requests"
    status = 429

    def __init__(self, detail: str = "", retry_seconds: int = RETRY_SECONDS) -> None:
        super().__init__(detail)
        self.retry_seconds = retry_seconds


class DatabaseUnavailableError(MinqingError):
    """数据库暂不可用，请稍后重试。"""

    code = "database_unavailable"
    status = 503


class DatabaseMissingError(MinqingError):
    """这里还没有数据库。"""

    code = "database_missing"
    status = 503


class AddressRefusedError(InvalidInputError):
    """不能向这个地址推送。"""

    code = "address_refused"


class UndeliveredError(MinqingError):
    """没有投递成功。"""

    code = "undelivered"
    status = 502


class HostNotFoundError(UndeliveredError):
    """推送地址不可用。"""

    code = "host_not_found"
    status = 422


class WorkersUnavailableError(MinqingError):
    """并行处理的进程不可用。"""

    code = "workers_unavailable"
    status = 503


class AttachmentsBusyError(WorkersUnavailableError):
    """正在检查的附件太多，请稍后再提交。"""

    code = "attachments_busy"


class SettingsError(MinqingError):
    """配置有误。"""

    code = "settings"
    status = 500

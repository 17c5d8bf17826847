"""渠道: how a message came in."""

from service.domain.labels import Labelled


class Channel(Labelled):
    """The door a message came through."""

    WEB = "web", "网站"
    VISIT = "visit", "接待"
    PHONE = "phone", "电话"
    LETTER = "letter", "来信"
    EMAIL = "email", "邮件"
    WECHAT = "wechat", "微信"
    IMPORT = "import", "导入"
    API = "api", "接口"

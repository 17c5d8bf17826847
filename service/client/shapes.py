"""What the API takes and gives, as JSON. Written by ``tools/api_client.py``; not to be edited."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class AboutOut(TypedDict):
    """一个主题或地点的留言数。"""

    name: str
    count: int


class AbsenceModel(TypedDict):
    """委员何时缺席，由谁代理；都为空即在岗。"""

    absent_from: NotRequired[str | None]
    absent_to: NotRequired[str | None]
    deputy: NotRequired[str]


class AccountIn(TypedDict):
    """要添加的账号。"""

    role: Role
    scope: NotRequired[ScopeKind]
    codes: NotRequired[list[str]]
    name: str


class AccountOut(TypedDict):
    """一个账号。"""

    name: str
    role: str
    scope: str
    codes: list[str]
    disabled: bool
    must_change: bool
    second_factor: bool


class AccountsOut(TypedDict):
    """全部账号。"""

    accounts: list[AccountOut]


class AnswerOut(TypedDict):
    """一份答复。"""

    id: int
    text: str
    department: str
    sent_at: str
    satisfaction: str


class AnsweredOut(TypedDict):
    """来信问的一件，和答复中回答它的一句；空的是没有回答。"""

    ask: str
    sentence: str


class AppliedOut(TypedDict):
    """适用的一条规则，按收到时的内容。"""

    name: str
    because: str
    department: str
    needs_review: bool
    refusal: str
    is_urgent: bool
    advice: str


class AssignmentOut(TypedDict):
    """交办。"""

    studio: str
    members: list[str]
    department: str
    because: list[str]
    runners_up: list[str]


class AttachedOut(TypedDict):
    """附件已收到。"""

    attachments: int


AttachmentKind = Literal["jpg", "png", "pdf", "docx", "xlsx", "eml"]


class AttachmentOut(TypedDict):
    """一个附件。"""

    id: int
    name: str
    kind: AttachmentKind
    size: int
    attached_at: str


class AttachmentsOut(TypedDict):
    """一条留言的附件，按收到的先后。"""

    attachments: list[AttachmentOut]


class BatchIn(TypedDict):
    """多条留言。每条各自受理，一条有误不影响其他各条。"""

    messages: list[dict[str, Any]]


class BatchOut(TypedDict):
    """批量受理的结果，每条一个，次序与请求相同。"""

    received: int
    repeated: int
    refused: int
    results: list[ItemResult]


class BulkIn(TypedDict):
    """对许多事项做同一件事。"""

    minutes: NotRequired[int]
    account: NotRequired[str]
    studio: NotRequired[str]
    action: Literal["claim", "renew", "release", "reassign", "dispatch", "close"]
    matters: list[int | str]
    note: NotRequired[str]


class BulkItemOut(TypedDict):
    """一件的结果。"""

    matter: int | str
    status: int
    problem: NotRequired[dict[str, Any] | None]


class BulkOut(TypedDict):
    """每件一个结果，次序与请求相同。"""

    done: int
    refused: int
    results: list[BulkItemOut]


class CalendarIn(TypedDict):
    """放假安排的 CSV 文字。"""

    csv: str


class CalendarOut(TypedDict):
    """已载入的放假安排。"""

    days: list[DayOut]
    last_known_year: int


ChangeAction = Literal["added", "changed", "removed", "reordered"]


class ChangeOut(TypedDict):
    """谁在何时改了哪一行；同一次更改的各行版本相同。"""

    id: int
    version: int
    at: str
    actor: str
    row: RowChangeOut


class ChangesOut(TypedDict):
    """更改记录，新的在前。"""

    changes: list[ChangeOut]


Channel = Literal["web", "visit", "phone", "letter", "email", "wechat", "import", "api"]


class CheckOut(TypedDict):
    """核对的结果，供核稿的人参考。"""

    asks: list[AnsweredOut]
    unanswered: int
    has_personal_data: bool


class Choice(TypedDict):
    """一个候选及其概率。"""

    name: str
    p: float


class ClaimNextIn(TypedDict):
    """认领哪个范围中的下一件。"""

    minutes: NotRequired[int]
    filter: NotRequired[FilterIn]


class ClaimOut(TypedDict):
    """一件事项由谁认领，到何时。"""

    matter: int
    account: str
    claimed_at: str
    ends_at: str


class ClassificationOut(TypedDict):
    """分类结果。"""

    topic: VerdictOut
    department: VerdictOut
    kind: VerdictOut
    is_urgent: bool
    urgent_p: float
    review: list[str]
    model_version: str
    decided_by: str


class ClosingIn(TypedDict):
    """接待的结果。"""

    result: str


class CodeName(TypedDict):
    """编号和名称。"""

    code: str
    name: str


CommitteeLevel = Literal["province", "city", "county", "liaison"]


class CommitteeModel(TypedDict):
    """一个政协组织或联络组。"""

    name: str
    level: CommitteeLevel
    parent: NotRequired[str]
    division: NotRequired[str]


class ConsultationIn(TypedDict):
    """一次微协商或微监督。"""

    kind: ConsultationKind
    held_on: str
    who: str
    outcome: str
    is_solved: bool


ConsultationKind = Literal["consulted", "supervised"]


class ConsultedOut(TypedDict):
    """微协商、微监督和五步协商。"""

    consultations: list[ConsultationIn]
    steps: list[StepOut]
    next_steps: list[str]


class CorrectedOut(TypedDict):
    """更正之后。"""

    is_proposed: bool


class CorrectionIn(TypedDict):
    """人的判断；不写的各项照旧。全不写即确认现在的判断。"""

    topic: NotRequired[str | None]
    department: NotRequired[str | None]
    kind: NotRequired[Kind | None]
    urgent: NotRequired[bool | None]
    place: NotRequired[str | None]
    studio: NotRequired[str | None]
    note: NotRequired[str]


class CostOut(TypedDict):
    """一项判断在一个准确率下的代价。"""

    question: str
    precision: float
    share: float | None
    error: float | None
    here: HereOut | None


class DayOut(TypedDict):
    """一天的安排。"""

    day: str
    is_working: bool
    name: str


class DecidedOut(TypedDict):
    """一件相似而已有决定的事项，个人信息已遮盖。"""

    matter_id: int
    number: str
    title: str
    text: str
    sent_at: str
    status: str
    topic: str
    department: str
    kind: str
    studio: str
    decided_by_person: bool
    likeness: float
    because: list[str]


class DeclineIn(TypedDict):
    """为什么不改派。"""

    reason: str


DeliveryChannel = Literal["webhook", "mail"]


class DeliveryOut(TypedDict):
    """一次投递。"""

    id: int
    channel: DeliveryChannel
    event_id: str
    event_type: EventType
    recipient: str
    state: DeliveryState
    try_count: int
    made_at: str
    next_try_at: str
    delivered_at: str | None
    problem: str


DeliveryState = Literal["waiting", "delivered", "dead"]


class DemandOut(TypedDict):
    """事项中的一条留言，个人信息已遮盖。"""

    message_id: int
    part_of: int | None
    receipt: str
    relation: str
    same_p: float
    because: list[str]
    title: str
    text: str
    channel: str
    sent_at: str
    received_at: str
    is_anonymous: bool


DepartmentLevel = Literal["nation", "province", "city", "county", "township"]


class DepartmentModel(TypedDict):
    """一个承办单位；它的编号就是名称。"""

    aliases: NotRequired[list[str]]
    duties: NotRequired[str]
    level: NotRequired[DepartmentLevel | None]
    division: NotRequired[str]


class DepartmentOut(TypedDict):
    """承办单位。"""

    name: str
    p: float
    alternatives: list[Choice]


DigestScopeKind = Literal["whole", "committee", "studio", "department", "topic"]


class DraftIn(TypedDict):
    """还没有提交的留言。只用来查找，不保存、不记录。"""

    title: NotRequired[str]
    text: NotRequired[str]


class DraftedOut(TypedDict):
    """已保存的草稿。"""

    id: int


class DutyDecisionIn(TypedDict):
    """所看到的建议，以免采纳已经变了的。"""

    department: str


class DutyIn(TypedDict):
    """账号的角色和范围。"""

    role: Role
    scope: NotRequired[ScopeKind]
    codes: NotRequired[list[str]]


class DutySuggestionOut(TypedDict):
    """一个主题应改由另一单位承办；只计已答复和已办结的事项。"""

    topic: str
    current: str
    rule: str
    department: str
    settled_count: int
    returned_count: int
    ended_count: int
    matters: list[SpeakingMatterOut]


class DutySuggestionsOut(TypedDict):
    """职责目录建议，按主题编码。"""

    suggestions: list[DutySuggestionOut]


class EraseIn(TypedDict):
    """依据和缘由。"""

    ground: ErasureGround
    reason: str


class ErasedOut(TypedDict):
    """删除了什么。"""

    messages: list[int]
    entries: int
    digests: int


ErasureGround = Literal["fulfilled", "expired", "withdrawn", "unlawful", "ordered"]


class ErasureOut(TypedDict):
    """一次删除。"""

    message: int
    receipt: str
    at: str
    by: str
    ground: ErasureGround
    reason: str


class ErasuresOut(TypedDict):
    """新的在前，至多一千条。"""

    erasures: list[ErasureOut]


class EventOut(TypedDict):
    """办理经过中的一步。"""

    at: str
    actor: str
    kind: str
    detail: str


EventType = Literal[
    "digest.made", "matter.opened", "matter.moved", "matter.answered", "message.acknowledged"
]


class EvidenceOut(TypedDict):
    """支持或反对现行判断的文字所在。"""

    title: list[SpanOut]
    text: list[SpanOut]


class ExplanationOut(TypedDict):
    """一件留言判断的缘由。"""

    message_id: int
    head: str
    evidence: EvidenceOut | None
    rules: list[AppliedOut]
    review: list[str]
    similar: list[DecidedOut]


class FieldChangeOut(TypedDict):
    """一栏的更改。"""

    field: str
    before: str
    after: str


class FieldErrorOut(TypedDict):
    """有误的一项。"""

    field: str
    code: str
    message: str


class FilterIn(TypedDict):
    """待办的筛选条件；不写的不限，写错的不收。"""

    studio: NotRequired[str]
    department: NotRequired[str]
    committee: NotRequired[str]
    member: NotRequired[str]
    place: NotRequired[str]
    kind: NotRequired[str]
    topic: NotRequired[str]
    channel: NotRequired[str]
    status: NotRequired[list[str]]
    urgent: NotRequired[bool | None]
    overdue: NotRequired[bool | None]
    waits: NotRequired[bool | None]
    supervised: NotRequired[bool | None]
    extension: NotRequired[bool | None]
    due_before: NotRequired[str]
    opened_from: NotRequired[str]
    opened_to: NotRequired[str]
    claim: NotRequired[str]
    words: NotRequired[str]


class HereOut(TypedDict):
    """按本县人工决定过的留言计算。"""

    count: int
    passed: int
    wrong: int


class HitOut(TypedDict):
    """找到的一条。"""

    document: str
    day: str
    message_id: int
    channel: str
    sent_at: str
    title: str
    title_marks: list[list[int]]
    snippet: SnippetOut
    relation: str
    matter: MatterFoundOut


class ItemResult(TypedDict):
    """批量受理中一条的结果：result 与 problem 有且只有一个。"""

    index: int
    status: int
    result: NotRequired[ReceiptOut | None]
    problem: NotRequired[dict[str, Any] | None]


class JoinCostOut(TypedDict):
    """一个准确率的代价。"""

    precision: float
    probability: float | None
    share: float | None


class JoinPrecision(TypedDict):
    """自动并案所要求的准确率；null 为不另作要求，按设置的概率并案。"""

    precision: float | None


class JoiningOut(TypedDict):
    """并案要求及其代价，按人工判定过、模型没有学过的来信对计算。"""

    precision: float | None
    probability: float
    is_told: bool
    costs: list[JoinCostOut]


class KeptDigestModel(TypedDict):
    """历期民情中的一期。"""

    id: int
    period: str
    scope_kind: DigestScopeKind
    scope_key: str
    scope_name: str
    title: str
    message_count: int
    cut_at: str
    made_by: str
    is_unread: bool
    is_withdrawn: bool


class KeptId(TypedDict):
    """留存的汇总的编号。"""

    id: int


Kind = Literal["complaint", "report", "help", "question", "suggestion", "praise"]


class KindOut(TypedDict):
    """诉求类型。"""

    code: str
    name: str
    p: float


class LeaseIn(TypedDict):
    """认领多久。"""

    minutes: NotRequired[int]


class LoadedOut(TypedDict):
    """载入之后。"""

    days: int
    years: list[int]
    moved: int


LoopStep = Literal["set", "asked", "proposed", "consulted", "answered"]


class MadeTokenOut(TypedDict):
    """新的令牌，只给出这一次；请求时放在 Authorization: Bearer 之后。"""

    id: int
    token: str
    ends_at: str


class MailReceiptOut(TypedDict):
    """一封邮件受理的结果。"""

    receipt: str
    pin: str
    matter: MatterRef
    relation: str
    is_new: bool
    triage: TriageOut
    parts: list[PartReceivedOut]
    attachments: int
    refused: list[str]


class MatterFileOut(TypedDict):
    """事项的案卷。"""

    matter: MatterOut
    part: str
    demands: list[DemandOut]
    next_after: int
    classification: ClassificationOut | None
    assignment: AssignmentOut
    proposal: ProposalOut | None
    events: list[EventOut]
    next_before: int
    is_due_provisional: bool


class MatterFoundOut(TypedDict):
    """所在的事项。"""

    id: int
    number: str
    title: str
    status: str
    topic: str
    department: str
    kind: str
    place: str
    studio: str
    is_urgent: bool


class MatterNamedOut(TypedDict):
    """编号或回执码所指的事项。"""

    id: int
    number: str
    title: str
    status: str


class MatterOut(TypedDict):
    """一件事项。时间为北京时间。"""

    id: int
    number: str
    title: str
    status: str
    topic: str
    department: str
    kind: str
    is_urgent: bool
    is_supervised: bool
    asks_extension: bool
    is_overdue: bool
    place: str
    studio: str
    member: str
    opened_at: str
    last_message_at: str
    due_at: str
    message_count: int
    people_count: int
    copy_count: int
    claimed_by: str
    claim_ends_at: str | None


class MatterRef(TypedDict):
    """留言所属的事项。"""

    id: int
    number: str
    status: str


class MatterUnderOut(TypedDict):
    """回执下的一件事项；没有关于其他来信人的任何内容。"""

    number: str
    stage: str
    is_ended: bool
    text: str
    department: str
    due_at: str
    asked: str
    way: str
    answers: list[AnswerOut]


class MemberModel(TypedDict):
    """一位委员。"""

    absent_from: NotRequired[str | None]
    absent_to: NotRequired[str | None]
    deputy: NotRequired[str]
    name: str
    committee: str
    level: CommitteeLevel
    sector: NotRequired[str]
    specialties: NotRequired[list[str]]
    studios: NotRequired[list[str]]
    employer: NotRequired[str]
    is_shown: NotRequired[bool]


class MergeIn(TypedDict):
    """并入哪一件。"""

    into: int
    reason: NotRequired[str]


class MessageIn(TypedDict):
    """一条留言。"""

    title: NotRequired[str]
    text: str
    sent_at: NotRequired[str]
    channel: NotRequired[str]
    source: NotRequired[str]
    external_id: NotRequired[str]
    sender: NotRequired[SenderIn]
    like_count: NotRequired[int]
    dislike_count: NotRequired[int]
    consent: NotRequired[str]


Move = Literal[
    "sent_to_review",
    "dispatched",
    "signed",
    "started",
    "transferred",
    "returned",
    "return_refused",
    "supplement_asked",
    "supplemented",
    "answered",
    "closed",
    "refused_to_accept",
    "reopened",
    "extension_asked",
    "extension_granted",
    "extension_denied",
    "urged",
    "handed_up",
    "handed_down",
]


class MoveIn(TypedDict):
    """办理的一步；每一步只用到其中几项，见 GET …/moves 的 needs。"""

    move: Move
    note: NotRequired[str]
    department: NotRequired[str]
    helping: NotRequired[list[str]]
    return_reason: NotRequired[ReturnReason | None]
    refusal: NotRequired[Refusal | None]
    days: NotRequired[int]
    committee: NotRequired[str]


class MoveOut(TypedDict):
    """可以办理的一步。"""

    move: str
    name: str
    needs: list[str]


class MovedOut(TypedDict):
    """办理之后。"""

    status: str


class MovesOut(TypedDict):
    """事项现在可以办理的各步。"""

    status: str
    moves: list[MoveOut]


class OpenMatterOut(TypedDict):
    """可能说的是同一件事的事项。"""

    id: int
    number: str
    title: str
    place: str
    stage: str
    since: str
    people: str
    same_p: float


class OpenMattersOut(TypedDict):
    """查找结果，最像的在前。"""

    matters: list[OpenMatterOut]


class OpenedOut(TypedDict):
    """已开始的接待。"""

    id: int


class OrganisationOut(TypedDict):
    """现行的组织资料，各表按编号（承办单位按名称）。"""

    version: int
    committees: dict[str, CommitteeModel]
    studios: dict[str, StudioModel]
    members: dict[str, MemberModel]
    departments: dict[str, DepartmentModel]
    sectors: dict[str, list[str]]
    shifts: dict[str, list[ShiftModel]]


class OtherIn(TypedDict):
    """另一件事项。"""

    other: int


class PartMatterOut(TypedDict):
    """一件所属的事项。"""

    id: int
    number: str
    status: str
    due_at: str
    message_id: int


class PartOut(TypedDict):
    """一件，文字已遮盖个人信息。"""

    start: int
    end: int
    text: str
    stays: bool
    matter: PartMatterOut | None


class PartReceivedOut(TypedDict):
    """来信中的一件，文字已遮盖个人信息。"""

    text: str
    number: str
    status: str
    due_at: str


class PartsIn(TypedDict):
    """分成哪几件。"""

    parts: list[SpanIn]
    stays: NotRequired[int]
    reason: NotRequired[str]


class PartsOut(TypedDict):
    """一条留言的各件：已认定的，或待认定的。"""

    message_id: int
    receipt: str
    matter_id: int
    state: str
    decided_by: str
    decided_at: str | None
    parts: list[PartOut]


class PasswordOut(TypedDict):
    """随机的密码，只给出这一次；首次登录须更改。"""

    name: str
    password: str


PeriodKind = Literal["day", "week", "month", "quarter", "year", "all"]


class PolicyModel(TypedDict):
    """各项判断不经复核交办所要求的准确率；null 为不要求，全部为 null 则沿用模型随附的界限。"""

    topic_l1: NotRequired[float | None]
    department: NotRequired[float | None]
    kind: NotRequired[float | None]


class ProblemOut(TypedDict):
    """application/problem+json（RFC 9457）。"""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldErrorOut]


class ProposalOut(TypedDict):
    """建议改派：有人正在办理，由办理的人或收件台决定。"""

    at: str
    by: str
    assignment: AssignmentOut
    changes: list[str]


class PublicMatterOut(TypedDict):
    """可能说的是同一件事的事项，不含任何个人信息，也不含编号。"""

    title: str
    place: str
    stage: str
    since: str
    people: str


class PublicMattersOut(TypedDict):
    """查找结果，最像的在前。"""

    matters: list[PublicMatterOut]


class QueueOut(TypedDict):
    """待办的一页，按紧急、时限、先后排列。"""

    matters: list[MatterOut]
    next_cursor: str
    previous_cursor: str
    total: int
    total_is_exact: bool
    suggested: list[int]
    offered: list[int]
    crowded: list[int]


class RatedOut(TypedDict):
    """评价之后。"""

    is_reopened: bool


class RatingIn(TypedDict):
    """对一份答复的评价。"""

    receipt: str
    proof: NotRequired[str]
    reply: int
    satisfaction: Satisfaction
    reason: NotRequired[str]


class ReachedOut(TypedDict):
    """一条规则适用的留言数，和由它决定工作室或承办单位的留言数。"""

    name: str
    reached: int
    deciding: int


class ReasonIn(TypedDict):
    """理由。"""

    reason: NotRequired[str]


class ReassignIn(TypedDict):
    """转交给谁：账号或委员工作室，二者之一。"""

    minutes: NotRequired[int]
    account: NotRequired[str]
    studio: NotRequired[str]


class ReceiptIn(TypedDict):
    """回执码和凭据。"""

    receipt: str
    proof: NotRequired[str]


class ReceiptOut(TypedDict):
    """受理的结果。"""

    receipt: str
    pin: str
    matter: MatterRef
    relation: str
    is_new: bool
    triage: TriageOut
    parts: list[PartReceivedOut]


class ReceptionIn(TypedDict):
    """一次接待。"""

    studio: str
    held_on: str
    place: NotRequired[str]
    members: NotRequired[list[str]]


class ReceptionOut(TypedDict):
    """一次接待和其间受理的留言数。"""

    id: int
    studio: str
    held_on: str
    place: str
    members: list[str]
    opened_by: str
    closed_at: str | None
    result: str
    messages: int
    people: int


class ReceptionsOut(TypedDict):
    """最近的接待，新的在前。"""

    receptions: list[ReceptionOut]


Refusal = Literal["litigation", "emergency", "other_level", "concluded", "supervision", "no_demand"]


class ReminderPolicyModel(TypedDict):
    """到期前、逾期后几个工作日催办；不写的按通常的天数。"""

    remind_days: NotRequired[int]
    escalate_days: NotRequired[int]
    urgent_remind_days: NotRequired[int]
    urgent_escalate_days: NotRequired[int]


class RepliesOut(TypedDict):
    """事项的各份答复，作废的草稿不列。"""

    replies: list[ReplyOut]


class ReplyIn(TypedDict):
    """答复的正文；{来信人}、{事项编号}、{标题}、{承办单位}、{收到日期}、{今天} 各填各的。"""

    text: str


class ReplyOut(TypedDict):
    """一份答复，个人信息已遮盖。"""

    id: int
    state: str
    text: str
    department: str
    drafted_by: str
    drafted_at: str
    checked_by: str
    checked_at: str | None
    sent_by: str
    sent_at: str | None
    ratings: dict[str, int]


class RetentionPolicyModel(TypedDict):
    """各类数据的保存期限；不写的按通常的期限，0 是一直保存。"""

    message_years: NotRequired[int]
    digest_years: NotRequired[int]
    look_months: NotRequired[int]
    account_event_months: NotRequired[int]
    answer_days: NotRequired[int]


ReturnReason = Literal["not_ours", "other_area", "other_level", "unclear", "handled", "other"]


Role = Literal["administrator", "clerk", "convener", "member", "liaison", "leader"]


class RowChangeOut(TypedDict):
    """一行的更改。"""

    sheet: str
    code: str
    name: str
    action: ChangeAction
    fields: list[FieldChangeOut]


class RuleChangeOut(TypedDict):
    """会变的一项决定。"""

    message_id: int
    matter_number: str
    what: str
    before: str
    after: str
    rule: str


class RuleModel(TypedDict):
    """一条办理规则：条件全部满足时，各项结果并列在模型的判断旁边。"""

    name: str
    words: NotRequired[list[str]]
    unless: NotRequired[list[str]]
    places: NotRequired[list[str]]
    channels: NotRequired[list[Channel]]
    sender: NotRequired[SenderKind]
    department: NotRequired[str]
    needs_review: NotRequired[bool]
    refusal: NotRequired[str]
    is_urgent: NotRequired[bool]
    advice: NotRequired[str]
    topics: NotRequired[list[str]]
    kinds: NotRequired[list[Kind]]
    studio: NotRequired[str]
    helping: NotRequired[list[str]]


class RulesIn(TypedDict):
    """全部规则，按次序；替换现行的全部规则。"""

    rules: list[RuleModel]


class RulesOut(TypedDict):
    """现行的规则，按次序。"""

    rules: list[RuleModel]
    changed_at: str | None
    changed_by: str
    warnings: list[str]


Satisfaction = Literal["satisfied", "fair", "dissatisfied"]


class SavedOut(TypedDict):
    """更改之后的版本、改了什么、请留意什么。"""

    version: int
    changes: list[RowChangeOut]
    warnings: list[str]


class ScheduleIdOut(TypedDict):
    """定时汇总的编号。"""

    id: int


class ScheduleIn(TypedDict):
    """何时生成汇总、寄给谁。"""

    period: NotRequired[PeriodKind]
    on_day: NotRequired[int]
    at: NotRequired[str]
    recipients: NotRequired[list[str]]
    forms: NotRequired[list[str]]


class ScheduleOut(TypedDict):
    """一项定时汇总。"""

    id: int
    period: PeriodKind
    on_day: int
    at: str
    scope_kind: DigestScopeKind
    scope_key: str
    scope_name: str
    recipients: list[str]
    forms: list[str]
    made_by: str


ScopeKind = Literal["whole", "committee", "studio", "department"]


class SearchOut(TypedDict):
    """检索结果的一页，新的在前。"""

    hits: list[HitOut]
    next_cursor: str
    until_now: str | None
    exact: list[MatterNamedOut]
    department: str


class SecretOut(TypedDict):
    """签名的密钥，只给出这一次。"""

    id: int
    secret: str


class SectorsModel(TypedDict):
    """一个政协的界别名录；为空即沿用上级或全国的。"""

    sectors: list[str]


class SenderIn(TypedDict):
    """来信人，可以留空（匿名）。"""

    name: NotRequired[str]
    phone: NotRequired[str]


SenderKind = Literal["anyone", "named", "anonymous"]


class ShiftModel(TypedDict):
    """一位委员在工作室值班的日子。"""

    member: str
    first_day: str
    last_day: str
    weekdays: NotRequired[list[int]]
    hours: NotRequired[str]


class ShiftsModel(TypedDict):
    """一个工作室的全部值班。"""

    shifts: list[ShiftModel]


class SimilarOut(TypedDict):
    """相似或相关的一件事项，文字已遮盖个人信息。"""

    id: int
    number: str
    status: str
    state: str
    same_p: float
    because: list[str]
    title: str
    text: str


class SimilarsOut(TypedDict):
    """可能是同一件事的在前，相关的在后；认定不是的不列。"""

    matters: list[SimilarOut]


class SnippetOut(TypedDict):
    """正文中所找词语最集中的一段，约 120 字。"""

    text: str
    start: int
    is_cut: bool
    marks: list[list[int]]


class SpanIn(TypedDict):
    """一件在原文中的起止。"""

    start: int
    end: int


class SpanOut(TypedDict):
    """原文中的一段：从第 start 字（0 起）到第 end 字之前。"""

    start: int
    end: int
    weight: float


class SpeakingMatterOut(TypedDict):
    """为建议作证的一件事项。"""

    id: int
    number: str


class SplitIn(TypedDict):
    """拆分的理由。"""

    reason: NotRequired[str]


class SplitOut(TypedDict):
    """拆分之后。"""

    matter: int
    was_part_of: int


class StepIn(TypedDict):
    """五步协商的一步。"""

    step: LoopStep
    note: str


class StepOut(TypedDict):
    """已走的一步。"""

    step: str
    name: str
    at: str
    actor: str
    note: str


StudioKind = Literal["area", "sector", "specialty", "personal", "online"]


class StudioModel(TypedDict):
    """一个委员工作室。"""

    name: str
    kind: StudioKind
    committee: str
    areas: NotRequired[list[str]]
    sector: NotRequired[str]
    topics: NotRequired[list[str]]
    convener: NotRequired[str]
    deputies: NotRequired[list[str]]
    contact: NotRequired[str]
    opening_hours: NotRequired[str]
    capacity: NotRequired[int]
    yearly_allocation: NotRequired[int]
    two_signatures: NotRequired[bool]


class SupplementIn(TypedDict):
    """补充的情况。"""

    receipt: str
    proof: NotRequired[str]
    matter: str
    text: str


class TakeOutIn(TypedDict):
    """移出哪一条留言。"""

    message: int
    reason: NotRequired[str]


class TakenOutOut(TypedDict):
    """移出之后。"""

    matter: int


class TemplatesOut(TypedDict):
    """范本的名称。"""

    names: list[str]


class ThresholdsOut(TypedDict):
    """复核要求及其代价。"""

    policy: PolicyModel
    is_told: bool
    costs: list[CostOut]
    correction_count: int
    passing: float | None
    looked_at: int


class TokenIn(TypedDict):
    """要添加的令牌。"""

    name: str
    scopes: list[TokenScope]
    days: NotRequired[int]


class TokenOut(TypedDict):
    """一个令牌，不含令牌本身。"""

    id: int
    name: str
    scopes: list[str]
    made_at: str
    ends_at: str
    seen_at: str | None


TokenScope = Literal["read", "senders", "intake", "casework", "admin", "accounts", "deliveries"]


class TokensOut(TypedDict):
    """自己的令牌。"""

    tokens: list[TokenOut]


class TopicOut(TypedDict):
    """主题。"""

    code: str
    level1: str
    level2: str
    level1_p: float
    p: float


class TriageOut(TypedDict):
    """分类和拟交办的结果。模型不可用时 topic、department、kind、urgent 为 null，由人工分类。"""

    topic: TopicOut | None
    department: DepartmentOut | None
    kind: KindOut | None
    urgent: bool | None
    review: list[str]
    rules: list[str]
    advice: list[str]
    because: list[str]
    studio: CodeName | None
    members: list[CodeName]


class TrialIn(TypedDict):
    """试运行的规则，及从哪一天收到的留言开始。"""

    rules: list[RuleModel]
    since: NotRequired[str | None]


class TrialOut(TypedDict):
    """试运行的结果；未作任何更改。"""

    message_count: int
    changed_messages: int
    change_count: int
    changes: list[RuleChangeOut]
    rules: list[ReachedOut]
    unreached: int
    unreached_topics: list[AboutOut]
    unreached_places: list[AboutOut]


class UnderReceiptOut(TypedDict):
    """回执下的内容。"""

    receipt: str
    title: str
    sent_at: str
    matters: list[MatterUnderOut]
    is_erased: bool
    attachments: int


class VerdictOut(TypedDict):
    """一项判断。"""

    label: str
    p: float
    alternatives: list[list[str | float]]


class ViewIn(TypedDict):
    """存为视图的筛选条件。"""

    filter: FilterIn
    shared: NotRequired[bool]


class ViewOut(TypedDict):
    """一个视图。"""

    name: str
    filter: dict[str, Any]
    shared: bool


class ViewsOut(TypedDict):
    """自己的视图在前，共用的在后。"""

    views: list[ViewOut]


class WebhookIn(TypedDict):
    """要推送到的地址。"""

    url: str
    events: list[EventType]


class WebhookOut(TypedDict):
    """一个推送地址。"""

    id: int
    url: str
    events: list[EventType]
    failure_count: int
    made_by: str
    made_at: str

"""The operations of the API. Written by ``tools/api_client.py``; not to be edited."""

from __future__ import annotations

from typing import Any, Literal

from service.client.answer import Answer, Caller, Files, in_path
from service.client.shapes import (
    AbsenceModel,
    AccountIn,
    AccountsOut,
    AttachedOut,
    AttachmentsOut,
    BatchIn,
    BatchOut,
    BulkIn,
    BulkOut,
    CalendarIn,
    CalendarOut,
    ChangesOut,
    CheckOut,
    ClaimNextIn,
    ClaimOut,
    ClosingIn,
    CommitteeModel,
    ConsultationIn,
    ConsultedOut,
    CorrectedOut,
    CorrectionIn,
    DeclineIn,
    DeliveryOut,
    DeliveryState,
    DepartmentModel,
    DraftedOut,
    DraftIn,
    DutyDecisionIn,
    DutyIn,
    DutySuggestionsOut,
    ErasedOut,
    EraseIn,
    ErasuresOut,
    ExplanationOut,
    JoiningOut,
    JoinPrecision,
    KeptDigestModel,
    KeptId,
    LeaseIn,
    LoadedOut,
    MadeTokenOut,
    MailReceiptOut,
    MatterFileOut,
    MemberModel,
    MergeIn,
    MessageIn,
    MovedOut,
    MoveIn,
    MovesOut,
    OpenedOut,
    OpenMattersOut,
    OrganisationOut,
    OtherIn,
    PartsIn,
    PartsOut,
    PasswordOut,
    PolicyModel,
    PublicMattersOut,
    QueueOut,
    RatedOut,
    RatingIn,
    ReasonIn,
    ReassignIn,
    ReceiptIn,
    ReceiptOut,
    ReceptionIn,
    ReceptionsOut,
    ReminderPolicyModel,
    RepliesOut,
    ReplyIn,
    RetentionPolicyModel,
    RulesIn,
    RulesOut,
    SavedOut,
    ScheduleIdOut,
    ScheduleIn,
    ScheduleOut,
    SearchOut,
    SecretOut,
    SectorsModel,
    ShiftsModel,
    SimilarsOut,
    SplitIn,
    SplitOut,
    StepIn,
    StudioModel,
    SupplementIn,
    TakenOutOut,
    TakeOutIn,
    TemplatesOut,
    ThresholdsOut,
    TokenIn,
    TokensOut,
    TrialIn,
    TrialOut,
    UnderReceiptOut,
    ViewIn,
    ViewOut,
    ViewsOut,
    WebhookIn,
    WebhookOut,
)


class MinqingClient(Caller):
    """A method for each operation. Each raises ``ProblemError`` where it is refused."""

    def post_message(
        self, body: MessageIn, *, idempotency_key: str | None = None
    ) -> Answer[ReceiptOut]:
        """提交一条留言。

        受理一条留言：当即分类、并案、拟定交办，返回回执码和结果。

        谁都可以提交；别的系统凭令牌提交的，记为这个系统的来件，令牌不对的不受理。
        """
        return self._json(
            "POST", "/api/v1/messages", headers={"Idempotency-Key": idempotency_key}, json=body
        )

    def post_batch(self, body: BatchIn, *, idempotency_key: str | None = None) -> Answer[BatchOut]:
        """提交多条留言。

        受理多条留言，每条一个结果；有误的一条不影响其他各条。
        """
        return self._json(
            "POST",
            "/api/v1/messages:batch",
            headers={"Idempotency-Key": idempotency_key},
            json=body,
        )

    def post_mail(
        self, body: bytes, *, idempotency_key: str | None = None
    ) -> Answer[MailReceiptOut]:
        """登记一封邮件。

        邮件原文（.eml）作为一条留言受理，所带文件作为附件。

        同一封（按 Message-ID）只登记一次；不给来信人寄回执；自动发出的邮件和退信不登记。
        """
        return self._json(
            "POST",
            "/api/v1/messages:mail",
            headers={"Idempotency-Key": idempotency_key},
            content=body,
            media_type="message/rfc822",
        )

    def post_draft(self, body: DraftIn) -> Answer[PublicMattersOut]:
        """可能已有人反映。

        正在写的留言可能已有人反映过：列出在办和最近办结的事项。草稿不保存；每个地址限次数。
        """
        return self._json("POST", "/api/v1/messages:already-open", json=body)

    def post_desk_draft(self, body: DraftIn) -> Answer[OpenMattersOut]:
        """登记时查找在办的同一事项。

        同上，供登录的工作人员用：带编号，不限次数，举报也在其中。草稿不保存。
        """
        return self._json("POST", "/api/v1/matters:already-open", json=body)

    def get_similar(self, matter_id: int, *, limit: int | None = None) -> Answer[SimilarsOut]:
        """可能是同一件事的事项。

        已并入别的事项的，答的是所并入的事项。
        """
        return self._json("GET", f"/api/v1/matters/{matter_id}/similar", params={"limit": limit})

    def post_merge(
        self, matter_id: int, body: MergeIn, *, if_match: str | None = None
    ) -> Answer[None]:
        """并入另一事项。

        每条留言的回执、来信人不变；时限取早的，紧急取高的；随时可以拆分。
        """
        return self._empty(
            "POST", f"/api/v1/matters/{matter_id}:merge", headers={"if-match": if_match}, json=body
        )

    def post_split(
        self, matter_id: int, body: SplitIn, *, if_match: str | None = None
    ) -> Answer[SplitOut]:
        """从所并入的事项拆分。

        恢复到并入之前；并入之后新到的留言留在原处。后并入的先拆。
        """
        return self._json(
            "POST", f"/api/v1/matters/{matter_id}:split", headers={"if-match": if_match}, json=body
        )

    def post_take_out(
        self, matter_id: int, body: TakeOutIn, *, if_match: str | None = None
    ) -> Answer[TakenOutOut]:
        """移出一条留言。

        误并的留言另立事项，两件记为不是同一件；移错了可以并回去。
        """
        return self._json(
            "POST",
            f"/api/v1/matters/{matter_id}:take-out",
            headers={"if-match": if_match},
            json=body,
        )

    def post_refuse(self, matter_id: int, body: OtherIn) -> Answer[None]:
        """认定不是同一件事。

        此后不再提示这两件。
        """
        return self._empty("POST", f"/api/v1/matters/{matter_id}:refuse", json=body)

    def post_relate(self, matter_id: int, body: OtherIn) -> Answer[None]:
        """认定相关。

        在两件事项的案卷中互相列出，不并案。
        """
        return self._empty("POST", f"/api/v1/matters/{matter_id}:relate", json=body)

    def post_claim_next(self, body: ClaimNextIn) -> Answer[ClaimOut | None]:
        """认领下一件。

        所给范围中按待办次序的第一件无人认领的未办结事项；许多人同时要，各得一件。
        """
        return self._json("POST", "/api/v1/matters:claim-next", json=body)

    def post_bulk(self, body: BulkIn) -> Answer[BulkOut]:
        """批量办理。

        每件各自办理，各有结果；办不了的一件不影响其他各件。
        """
        return self._json("POST", "/api/v1/matters:bulk", json=body)

    def post_claim(self, matter_id: int, body: LeaseIn) -> Answer[ClaimOut]:
        """认领。

        到时自行失效；他人已认领的，答复中说明是谁、到何时。已由自己认领的即续期。
        """
        return self._json("POST", f"/api/v1/matters/{matter_id}:claim", json=body)

    def post_renew(self, matter_id: int, body: LeaseIn) -> Answer[ClaimOut]:
        """续期。

        从现在起重新计时。
        """
        return self._json("POST", f"/api/v1/matters/{matter_id}:renew", json=body)

    def post_release(self, matter_id: int) -> Answer[None]:
        """释放认领。

        不再由自己办理；没有认领的，什么也不做。
        """
        return self._empty("POST", f"/api/v1/matters/{matter_id}:release")

    def post_reassign(
        self, matter_id: int, body: ReassignIn, *, if_match: str | None = None
    ) -> Answer[None]:
        """转交。

        转给另一账号即由其认领，转给另一委员工作室即无人认领；他人认领的只有管理员能转交。
        """
        return self._empty(
            "POST",
            f"/api/v1/matters/{matter_id}:reassign",
            headers={"if-match": if_match},
            json=body,
        )

    def get_matters(
        self,
        *,
        cursor: str | None = None,
        order: str | None = None,
        limit: int | None = None,
        studio: str | None = None,
        department: str | None = None,
        committee: str | None = None,
        member: str | None = None,
        place: str | None = None,
        kind: str | None = None,
        topic: str | None = None,
        channel: str | None = None,
        status: list[str] | None = None,
        urgent: bool | None = None,
        overdue: bool | None = None,
        waits: bool | None = None,
        supervised: bool | None = None,
        extension: bool | None = None,
        due_before: str | None = None,
        opened_from: str | None = None,
        opened_to: str | None = None,
        claim: str | None = None,
        words: str | None = None,
    ) -> Answer[QueueOut]:
        """待办。

        按紧急、时限、先后排列的事项；前后页的地址在 Link 响应头中。
        """
        return self._json(
            "GET",
            "/api/v1/matters",
            params={
                "cursor": cursor,
                "order": order,
                "limit": limit,
                "studio": studio,
                "department": department,
                "committee": committee,
                "member": member,
                "place": place,
                "kind": kind,
                "topic": topic,
                "channel": channel,
                "status": status,
                "urgent": urgent,
                "overdue": overdue,
                "waits": waits,
                "supervised": supervised,
                "extension": extension,
                "due_before": due_before,
                "opened_from": opened_from,
                "opened_to": opened_to,
                "claim": claim,
                "words": words,
            },
        )

    def get_matter(
        self, matter_id: int, *, after: int | None = None, before: int | None = None
    ) -> Answer[MatterFileOut]:
        """事项的案卷。

        事项、其中的留言（个人信息已遮盖）、分类、交办和办理经过；留言多的分页。

        响应头 ETag 是事项的版本，办理时写在 If-Match 中。
        """
        return self._json(
            "GET", f"/api/v1/matters/{matter_id}", params={"after": after, "before": before}
        )

    def get_search(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        q: str | None = None,
        since: str | None = None,
        until: str | None = None,
        topic: str | None = None,
        department: str | None = None,
        status: str | None = None,
        kind: str | None = None,
        place: str | None = None,
        channel: str | None = None,
        studio: str | None = None,
        document: str | None = None,
        urgent: bool | None = None,
    ) -> Answer[SearchOut]:
        """全文检索。

        在来信和答复（个人信息已遮盖）中检索，新的在前；下一页的地址在 Link 响应头中。
        """
        return self._json(
            "GET",
            "/api/v1/search",
            params={
                "cursor": cursor,
                "limit": limit,
                "q": q,
                "since": since,
                "until": until,
                "topic": topic,
                "department": department,
                "status": status,
                "kind": kind,
                "place": place,
                "channel": channel,
                "studio": studio,
                "document": document,
                "urgent": urgent,
            },
        )

    def get_explanation(
        self,
        matter_id: int,
        *,
        head: Literal["topic", "department", "kind"] | None = None,
        message: int | None = None,
    ) -> Answer[ExplanationOut]:
        """判断的缘由。

        哪些文字支持或反对、适用了哪些规则、从前相似的事项怎样决定。
        """
        return self._json(
            "GET",
            f"/api/v1/matters/{matter_id}/explanation",
            params={"head": head, "message": message},
        )

    def get_parts(self, message_id: int) -> Answer[PartsOut]:
        """一条留言分成的各件。

        系统提出、待人认定的，或已认定的；都没有时 parts 为空。
        """
        return self._json("GET", f"/api/v1/messages/{message_id}/parts")

    def post_parts(self, message_id: int, body: PartsIn) -> Answer[PartsOut]:
        """认定分成几件。

        一件留在原事项，其余各自并入或另立事项；原文和回执不变，办结之前可以撤回。
        """
        return self._json("POST", f"/api/v1/messages/{message_id}/parts", json=body)

    def post_parts_decline(self, message_id: int, body: ReasonIn) -> Answer[None]:
        """认定是一件事，不分。

        此后不再提示这一条。
        """
        return self._empty("POST", f"/api/v1/messages/{message_id}/parts:decline", json=body)

    def post_undo(self, message_id: int, body: ReasonIn) -> Answer[None]:
        """撤回分件。

        各件回到原来的留言，各事项恢复原状；有一件已办结的不能撤回。
        """
        return self._empty("POST", f"/api/v1/messages/{message_id}/parts:undo", json=body)

    def get_moves(self, matter_id: int) -> Answer[MovesOut]:
        """可以办理的各步。

        这个账号能办理的各步。已并入别的事项的，答的是所并入的事项。
        """
        return self._json("GET", f"/api/v1/matters/{matter_id}/moves")

    def post_move(
        self, matter_id: int, body: MoveIn, *, if_match: str | None = None
    ) -> Answer[MovedOut]:
        """办理一步。

        签收、转办、退单、补正、延期、督办、办结等；记入办理经过。答复另有地址。
        """
        return self._json(
            "POST", f"/api/v1/matters/{matter_id}/moves", headers={"if-match": if_match}, json=body
        )

    def get_consultations(self, matter_id: int) -> Answer[ConsultedOut]:
        """微协商、微监督和五步协商。

        按先后列出。
        """
        return self._json("GET", f"/api/v1/matters/{matter_id}/consultations")

    def post_consultation(
        self, matter_id: int, body: ConsultationIn, *, if_match: str | None = None
    ) -> Answer[None]:
        """记录微协商或微监督。

        谁参加、结果如何、是否解决；记入办理经过。
        """
        return self._empty(
            "POST",
            f"/api/v1/matters/{matter_id}/consultations",
            headers={"if-match": if_match},
            json=body,
        )

    def post_step(
        self, matter_id: int, body: StepIn, *, if_match: str | None = None
    ) -> Answer[None]:
        """五步协商的一步。

        党政点题、群众出题、委员荐题在前，然后协商解题、政府答题。
        """
        return self._empty(
            "POST", f"/api/v1/matters/{matter_id}/steps", headers={"if-match": if_match}, json=body
        )

    def post_route_accept(self, matter_id: int) -> Answer[None]:
        """同意改派。

        按建议改派；正在办理的转为已转办，由接手的签收。
        """
        return self._empty("POST", f"/api/v1/matters/{matter_id}:accept-route")

    def post_route_decline(self, matter_id: int, body: DeclineIn) -> Answer[None]:
        """不同意改派。

        事项留在原处，理由记入办理经过。
        """
        return self._empty("POST", f"/api/v1/matters/{matter_id}:decline-route", json=body)

    def post_correction(
        self, matter_id: int, body: CorrectionIn, *, if_match: str | None = None
    ) -> Answer[CorrectedOut]:
        """更正判断。

        模型原来的判断仍保留在案；更正用于学习。改派的规矩与案卷页的“更正”相同。
        """
        return self._json(
            "POST",
            f"/api/v1/matters/{matter_id}:correct",
            headers={"if-match": if_match},
            json=body,
        )

    def get_calendar(self) -> Answer[CalendarOut]:
        """放假安排。

        管理员载入的各天；其他年份按国务院公布的安排。
        """
        return self._json("GET", "/api/v1/calendar")

    def put_calendar(self, body: CalendarIn) -> Answer[LoadedOut]:
        """载入放假安排。

        整体检查后生效；未办结事项的时限重新计算，记入办理经过。
        """
        return self._json("PUT", "/api/v1/calendar", json=body)

    def get_reminders(self) -> Answer[ReminderPolicyModel]:
        """催办要求。

        现行的催办要求。
        """
        return self._json("GET", "/api/v1/reminders")

    def put_reminders(self, body: ReminderPolicyModel) -> Answer[ReminderPolicyModel]:
        """更改催办要求。

        更改后对未办结的事项即时有效；原来的留存。
        """
        return self._json("PUT", "/api/v1/reminders", json=body)

    def get_retention(self) -> Answer[RetentionPolicyModel]:
        """保存期限。

        现行的保存期限。
        """
        return self._json("GET", "/api/v1/retention")

    def put_retention(self, body: RetentionPolicyModel) -> Answer[RetentionPolicyModel]:
        """更改保存期限。

        更改后满七天起执行；原来的留存。
        """
        return self._json("PUT", "/api/v1/retention", json=body)

    def get_replies(self, matter_id: int) -> Answer[RepliesOut]:
        """事项的答复。

        已并入别的事项的，答的是所并入的事项。
        """
        return self._json("GET", f"/api/v1/matters/{matter_id}/replies")

    def post_reply(
        self, matter_id: int, body: ReplyIn, *, if_match: str | None = None
    ) -> Answer[DraftedOut]:
        """起草答复。

        此前没有签发的草稿作废，仍保留在案。
        """
        return self._json(
            "POST",
            f"/api/v1/matters/{matter_id}/replies",
            headers={"if-match": if_match},
            json=body,
        )

    def post_check(self, matter_id: int, body: ReplyIn) -> Answer[CheckOut]:
        """核对答复。

        来信问了几件，答复的哪一句回答了哪一件；不保存。
        """
        return self._json("POST", f"/api/v1/matters/{matter_id}/replies:check", json=body)

    def post_approval(self, reply_id: int) -> Answer[None]:
        """核稿。

        记下谁核过这份草稿。
        """
        return self._empty("POST", f"/api/v1/replies/{reply_id}:approve")

    def post_sending(self, reply_id: int) -> Answer[None]:
        """签发。

        事项中的每一位来信人凭自己的回执码看到这份答复。
        """
        return self._empty("POST", f"/api/v1/replies/{reply_id}:send")

    def get_templates(self) -> Answer[TemplatesOut]:
        """答复的范本。

        范本的名称。
        """
        return self._json("GET", "/api/v1/reply-templates")

    def put_template(self, name: str, body: ReplyIn) -> Answer[None]:
        """保存范本。

        同名的范本被代替。
        """
        return self._empty("PUT", f"/api/v1/reply-templates/{in_path(name)}", json=body)

    def delete_template(self, name: str) -> Answer[None]:
        """删除范本。

        已经起草的答复不变。
        """
        return self._empty("DELETE", f"/api/v1/reply-templates/{in_path(name)}")

    def post_look_up(self, body: ReceiptIn) -> Answer[UnderReceiptOut]:
        """凭回执码查询。

        办到哪一步、答复和评价；不需要登录。回执码不存在和凭据不对，答复相同。
        """
        return self._json("POST", "/api/v1/receipts:look-up", json=body)

    def post_rating(self, body: RatingIn) -> Answer[RatedOut]:
        """评价答复。

        每份答复评价一次；不满意的说明理由，第一次会重新办理。
        """
        return self._json("POST", "/api/v1/receipts:rate", json=body)

    def post_supplement(self, body: SupplementIn) -> Answer[None]:
        """补充情况。

        应要求补充；补充之后继续办理，时限接着计算。
        """
        return self._empty("POST", "/api/v1/receipts:supplement", json=body)

    def post_under_receipt(self, receipt: str, proof: str, files: Files) -> Answer[AttachedOut]:
        """凭回执码补交附件。

        随留言的图片和文件，在受理之后凭回执码提交；同一个文件重复提交只存一份。

        文件按内容识别，去掉拍摄地点、作者等信息后密封保存。
        """
        return self._json(
            "POST",
            "/api/v1/receipts:attach",
            data={"receipt": receipt, "proof": proof},
            files=[("files", each) for each in files],
        )

    def post_attachments(self, message_id: int, files: Files) -> Answer[AttachedOut]:
        """给一条留言添附件。

        代为登记的来信，扫描件等由工作人员添上；同一个文件重复提交只存一份。
        """
        return self._json(
            "POST",
            f"/api/v1/messages/{message_id}/attachments",
            data={},
            files=[("files", each) for each in files],
        )

    def get_attachments(self, message_id: int) -> Answer[AttachmentsOut]:
        """一条留言的附件。

        编号、名称和大小；内容按编号下载。
        """
        return self._json("GET", f"/api/v1/messages/{message_id}/attachments")

    def get_attachment(self, attachment_id: int) -> Answer[bytes]:
        """下载附件。

        只供下载，不在网页中打开；每次下载记入查看来信人的记录。
        """
        return self._bytes("GET", f"/api/v1/attachments/{attachment_id}")

    def get_receptions(
        self, *, studio: str | None = None, before: int | None = None
    ) -> Answer[ReceptionsOut]:
        """接待。

        每页一百次，新的在前；下一页的地址在 Link 响应头中。
        """
        return self._json("GET", "/api/v1/receptions", params={"studio": studio, "before": before})

    def post_reception(self, body: ReceptionIn) -> Answer[OpenedOut]:
        """开始接待。

        此后的来访留言当场登记，交给这个工作室。
        """
        return self._json("POST", "/api/v1/receptions", json=body)

    def post_message_at(
        self, reception_id: int, body: MessageIn, *, idempotency_key: str | None = None
    ) -> Answer[ReceiptOut]:
        """当场登记一条留言。

        渠道不写时为接待；事项交给接待的工作室，并入已有事项的仍由原工作室办理。
        """
        return self._json(
            "POST",
            f"/api/v1/receptions/{reception_id}/messages",
            headers={"Idempotency-Key": idempotency_key},
            json=body,
        )

    def post_closing(self, reception_id: int, body: ClosingIn) -> Answer[None]:
        """结束接待。

        写明结果；此后不能再登记。
        """
        return self._empty("POST", f"/api/v1/receptions/{reception_id}:close", json=body)

    def list_digests(self, *, before: int | None = None) -> Answer[list[KeptDigestModel]]:
        """历期民情。

        留存的汇总，最近生成的在前；下一页的地址在 Link 响应头中。
        """
        return self._json("GET", "/api/v1/digests", params={"before": before})

    def post_digest(
        self,
        *,
        period: str | None = None,
        committee: str | None = None,
        studio: str | None = None,
        department: str | None = None,
        topic: str | None = None,
        red_head: str | None = None,
        document_number: str | None = None,
    ) -> Answer[KeptId]:
        """生成并留存。

        汇总一个时期，四种形式照原样留存；此后数据再变，留存的不变。
        """
        return self._json(
            "POST",
            "/api/v1/digests",
            params={
                "period": period,
                "committee": committee,
                "studio": studio,
                "department": department,
                "topic": topic,
                "red_head": red_head,
                "document_number": document_number,
            },
        )

    def get_digest_schema(self) -> Answer[dict[str, Any]]:
        """民情汇总的 JSON Schema。

        JSON 形式的汇总所遵循的结构（JSON Schema 2020-12）。
        """
        return self._json("GET", "/api/v1/digest.schema.json")

    def get_kept_digest(self, id: int, form: str) -> Answer[bytes]:
        """下载历期民情。

        与生成时逐字节相同。
        """
        return self._bytes("GET", f"/api/v1/digests/{id}/{in_path(form)}")

    def get_digest(
        self,
        period: str,
        *,
        form: str | None = None,
        committee: str | None = None,
        studio: str | None = None,
        department: str | None = None,
        topic: str | None = None,
        red_head: str | None = None,
        document_number: str | None = None,
    ) -> Answer[bytes]:
        """民情汇总。

        每个数字都带有所依据的留言或事项的编号；同一截止时间的数据，字节相同。
        """
        return self._bytes(
            "GET",
            f"/api/v1/digests/{in_path(period)}",
            params={
                "form": form,
                "committee": committee,
                "studio": studio,
                "department": department,
                "topic": topic,
                "red_head": red_head,
                "document_number": document_number,
            },
        )

    def get_schedules(self) -> Answer[list[ScheduleOut]]:
        """定时汇总。

        按编号。
        """
        return self._json("GET", "/api/v1/digest-schedules")

    def post_schedule(
        self,
        body: ScheduleIn,
        *,
        committee: str | None = None,
        studio: str | None = None,
        department: str | None = None,
        topic: str | None = None,
    ) -> Answer[ScheduleIdOut]:
        """添加定时汇总。

        从此按时生成并留存；停机期间错过的，开机后补上（每项至多五期）。
        """
        return self._json(
            "POST",
            "/api/v1/digest-schedules",
            params={
                "committee": committee,
                "studio": studio,
                "department": department,
                "topic": topic,
            },
            json=body,
        )

    def delete_schedule(self, schedule_id: int) -> Answer[None]:
        """删除定时汇总。

        已经生成的不变。
        """
        return self._empty("DELETE", f"/api/v1/digest-schedules/{schedule_id}")

    def get_webhooks(self) -> Answer[list[WebhookOut]]:
        """推送地址。

        按编号；不含密钥。
        """
        return self._json("GET", "/api/v1/webhooks")

    def post_webhook(self, body: WebhookIn) -> Answer[SecretOut]:
        """添加推送地址。

        按 Standard Webhooks 约定签名。指向内部的地址须先由 MINQING_WEBHOOK_ALLOW 允许。
        """
        return self._json("POST", "/api/v1/webhooks", json=body)

    def delete_webhook(self, webhook_id: int) -> Answer[None]:
        """删除推送地址。

        还没有投递的不再投递。
        """
        return self._empty("DELETE", f"/api/v1/webhooks/{webhook_id}")

    def post_rotation(self, webhook_id: int) -> Answer[SecretOut]:
        """更换密钥。

        一天之内新旧两个密钥同时签名。
        """
        return self._json("POST", f"/api/v1/webhooks/{webhook_id}:rotate")

    def get_deliveries(self, *, state: DeliveryState | None = None) -> Answer[list[DeliveryOut]]:
        """投递。

        推送和邮件，新的在前，最多 200 次。
        """
        return self._json("GET", "/api/v1/deliveries", params={"state": state})

    def post_retry(self, delivery_id: int) -> Answer[None]:
        """再次投递。

        无论结果如何都再投一次；编号不变，收件方可据此认出重复。
        """
        return self._empty("POST", f"/api/v1/deliveries/{delivery_id}:retry")

    def post_erase(self, message_id: int, body: EraseIn) -> Answer[ErasedOut]:
        """依法删除一条留言。

        文字和来信人从各处删去，不能恢复；编号、回执和统计保留。分件的，整条来信一并删除。
        """
        return self._json("POST", f"/api/v1/messages/{message_id}:erase", json=body)

    def get_erasures(self) -> Answer[ErasuresOut]:
        """依法删除的记录。

        谁、何时、依据什么删除了哪一条。
        """
        return self._json("GET", "/api/v1/erasures")

    def get_organisation(self) -> Answer[OrganisationOut]:
        """组织资料。

        现行的全部组织资料。
        """
        return self._json("GET", "/api/v1/organisation")

    def get_workbook(self) -> Answer[bytes]:
        """组织资料工作簿。

        每表一个工作表，修改后可整体上传。
        """
        return self._bytes("GET", "/api/v1/organisation.xlsx")

    def put_workbook(
        self, body: bytes, *, dry_run: bool | None = None, if_match: str | None = None
    ) -> Answer[SavedOut]:
        """以工作簿替换组织资料。

        先整体检查；有误时不作任何更改，逐条写明工作表和行。
        """
        return self._json(
            "PUT",
            "/api/v1/organisation.xlsx",
            params={"dry_run": dry_run},
            headers={"if-match": if_match},
            content=body,
            media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )

    def get_changes(
        self,
        *,
        before: int | None = None,
        limit: int | None = None,
        sheet: str | None = None,
        code: str | None = None,
    ) -> Answer[ChangesOut]:
        """组织资料更改记录。

        新的在前；下一页以最后一条的 id 作 before，地址在 Link 响应头中。
        """
        return self._json(
            "GET",
            "/api/v1/organisation/changes",
            params={"before": before, "limit": limit, "sheet": sheet, "code": code},
        )

    def get_shifts(self, code: str) -> Answer[ShiftsModel]:
        """工作室的值班。

        全部值班，过去的也在内。
        """
        return self._json("GET", f"/api/v1/studios/{in_path(code)}/shifts")

    def put_studio_shifts(
        self, code: str, body: ShiftsModel, *, if_match: str | None = None
    ) -> Answer[SavedOut]:
        """更改工作室的值班。

        整体替换这个工作室的值班；值班的委员在同等条件下优先。
        """
        return self._json(
            "PUT",
            f"/api/v1/studios/{in_path(code)}/shifts",
            headers={"if-match": if_match},
            json=body,
        )

    def get_sectors(self, code: str) -> Answer[SectorsModel]:
        """政协自有的界别。

        自有的界别名录；为空即沿用上级或全国的。
        """
        return self._json("GET", f"/api/v1/committees/{in_path(code)}/sectors")

    def put_committee_sectors(
        self, code: str, body: SectorsModel, *, if_match: str | None = None
    ) -> Answer[SavedOut]:
        """更改政协自有的界别。

        整体替换；委员和工作室的界别须在名录中。
        """
        return self._json(
            "PUT",
            f"/api/v1/committees/{in_path(code)}/sectors",
            headers={"if-match": if_match},
            json=body,
        )

    def get_committee(self, code: str) -> Answer[CommitteeModel]:
        """一个政协组织。

        政协组织的资料。
        """
        return self._json("GET", f"/api/v1/committees/{in_path(code)}")

    def put_committee(
        self, code: str, body: CommitteeModel, *, if_match: str | None = None
    ) -> Answer[SavedOut]:
        """登记或更改政协组织。

        没有这个编号即新增，有即替换；整个组织资料一并检查。
        """
        return self._json(
            "PUT", f"/api/v1/committees/{in_path(code)}", headers={"if-match": if_match}, json=body
        )

    def delete_committee(self, code: str, *, if_match: str | None = None) -> Answer[SavedOut]:
        """删去政协组织。

        还有工作室、委员或未办结的事项时不能删去。
        """
        return self._json(
            "DELETE", f"/api/v1/committees/{in_path(code)}", headers={"if-match": if_match}
        )

    def get_studio(self, code: str) -> Answer[StudioModel]:
        """一个工作室。

        工作室的资料。
        """
        return self._json("GET", f"/api/v1/studios/{in_path(code)}")

    def put_studio(
        self, code: str, body: StudioModel, *, if_match: str | None = None
    ) -> Answer[SavedOut]:
        """登记或更改工作室。

        新工作室先登记（不写召集人），再登记它的委员，然后写上召集人。
        """
        return self._json(
            "PUT", f"/api/v1/studios/{in_path(code)}", headers={"if-match": if_match}, json=body
        )

    def delete_studio(self, code: str, *, if_match: str | None = None) -> Answer[SavedOut]:
        """删去工作室。

        还有委员、值班、活动或未办结的事项时不能删去。
        """
        return self._json(
            "DELETE", f"/api/v1/studios/{in_path(code)}", headers={"if-match": if_match}
        )

    def get_member(self, code: str) -> Answer[MemberModel]:
        """一位委员。

        委员的资料。
        """
        return self._json("GET", f"/api/v1/members/{in_path(code)}")

    def put_member(
        self, code: str, body: MemberModel, *, if_match: str | None = None
    ) -> Answer[SavedOut]:
        """登记或更改委员。

        没有这个编号即新增，有即替换；整个组织资料一并检查。
        """
        return self._json(
            "PUT", f"/api/v1/members/{in_path(code)}", headers={"if-match": if_match}, json=body
        )

    def delete_member(self, code: str, *, if_match: str | None = None) -> Answer[SavedOut]:
        """删去委员。

        还是召集人、代理人，或有值班、活动、未办结的事项时不能删去。
        """
        return self._json(
            "DELETE", f"/api/v1/members/{in_path(code)}", headers={"if-match": if_match}
        )

    def put_member_absence(
        self, code: str, body: AbsenceModel, *, if_match: str | None = None
    ) -> Answer[SavedOut]:
        """登记缺席和代理。

        缺席期间派给这位委员的事项由代理委员接；都为空即恢复在岗。
        """
        return self._json(
            "PUT",
            f"/api/v1/members/{in_path(code)}/absence",
            headers={"if-match": if_match},
            json=body,
        )

    def get_department(self, code: str) -> Answer[DepartmentModel]:
        """一个承办单位。

        承办单位的资料。
        """
        return self._json("GET", f"/api/v1/departments/{in_path(code)}")

    def put_department(
        self, code: str, body: DepartmentModel, *, if_match: str | None = None
    ) -> Answer[SavedOut]:
        """登记或更改承办单位。

        没有这个名称即新增，有即替换；整个组织资料一并检查。
        """
        return self._json(
            "PUT", f"/api/v1/departments/{in_path(code)}", headers={"if-match": if_match}, json=body
        )

    def delete_department(self, code: str, *, if_match: str | None = None) -> Answer[SavedOut]:
        """删去承办单位。

        办理规则或未办结的事项还用到时不能删去。
        """
        return self._json(
            "DELETE", f"/api/v1/departments/{in_path(code)}", headers={"if-match": if_match}
        )

    def post_trial(self, body: TrialIn) -> Answer[TrialOut]:
        """试运行办理规则。

        用已有留言试运行一份规则，不作任何更改。
        """
        return self._json("POST", "/api/v1/rules:try", json=body)

    def get_rules(self) -> Answer[RulesOut]:
        """办理规则。

        现行的办理规则；从未更改过的，是随附的规则。
        """
        return self._json("GET", "/api/v1/rules")

    def put_rules(self, body: RulesIn) -> Answer[RulesOut]:
        """更改办理规则。

        整体替换办理规则，先整体检查；原来的规则留存。
        """
        return self._json("PUT", "/api/v1/rules", json=body)

    def get_duty_suggestions(self) -> Answer[DutySuggestionsOut]:
        """职责目录建议。

        退单成立、最后多由另一单位办理的主题；不采纳过的不在内，事项翻一倍后再提出。
        """
        return self._json("GET", "/api/v1/duty-suggestions")

    def post_duty_acceptance(self, code: str, body: DutyDecisionIn) -> Answer[None]:
        """采纳职责目录建议。

        成为一条办理规则，对此后收到的留言有效；原来的规则留存。
        """
        return self._empty("POST", f"/api/v1/duty-suggestions/{in_path(code)}:accept", json=body)

    def post_duty_refusal(self, code: str, body: DutyDecisionIn) -> Answer[None]:
        """不采纳职责目录建议。

        该主题已答复和已办结的事项翻一倍之前不再提出。
        """
        return self._empty("POST", f"/api/v1/duty-suggestions/{in_path(code)}:decline", json=body)

    def get_thresholds(self, *, precision: list[float] | None = None) -> Answer[ThresholdsOut]:
        """复核要求。

        现行的复核要求，以及各准确率下通过的比例和误差。
        """
        return self._json("GET", "/api/v1/thresholds", params={"precision": precision})

    def put_thresholds(self, body: PolicyModel) -> Answer[ThresholdsOut]:
        """更改复核要求。

        更改复核要求，对此后收到的留言有效；原来的留存。
        """
        return self._json("PUT", "/api/v1/thresholds", json=body)

    def get_join_precision(self) -> Answer[JoiningOut]:
        """并案要求。

        现行的并案要求，以及各准确率的代价。
        """
        return self._json("GET", "/api/v1/thresholds/joining")

    def put_join_precision(self, body: JoinPrecision) -> Answer[JoiningOut]:
        """更改并案要求。

        更改并案要求，对此后收到的留言有效；原来的留存。
        """
        return self._json("PUT", "/api/v1/thresholds/joining", json=body)

    def get_views(self) -> Answer[ViewsOut]:
        """视图。

        自己的视图和共用的视图。
        """
        return self._json("GET", "/api/v1/views")

    def get_view(self, name: str) -> Answer[ViewOut]:
        """一个视图。

        自己的先于同名的共用视图。
        """
        return self._json("GET", f"/api/v1/views/{in_path(name)}")

    def put_view(self, name: str, body: ViewIn) -> Answer[ViewOut]:
        """保存视图。

        保存一组筛选条件，替换同名的。
        """
        return self._json("PUT", f"/api/v1/views/{in_path(name)}", json=body)

    def remove_view(self, name: str, *, shared: bool | None = None) -> Answer[None]:
        """删除视图。

        事项不受影响。
        """
        return self._empty("DELETE", f"/api/v1/views/{in_path(name)}", params={"shared": shared})

    def get_accounts(self) -> Answer[AccountsOut]:
        """账号。

        角色、范围、是否停用。
        """
        return self._json("GET", "/api/v1/accounts")

    def post_account(self, body: AccountIn) -> Answer[PasswordOut]:
        """添加账号。

        答复中的密码只给出这一次。
        """
        return self._json("POST", "/api/v1/accounts", json=body)

    def patch_account(self, name: str, body: DutyIn) -> Answer[None]:
        """更改账号。

        更改角色和范围；已有的登录即结束。
        """
        return self._empty("PATCH", f"/api/v1/accounts/{in_path(name)}", json=body)

    def delete_account(self, name: str) -> Answer[None]:
        """停用账号。

        停用而不删去：名称还写在办理经过中。可以重新启用。
        """
        return self._empty("DELETE", f"/api/v1/accounts/{in_path(name)}")

    def post_enabling(self, name: str) -> Answer[None]:
        """重新启用账号。

        原来的角色、范围和密码不变。
        """
        return self._empty("POST", f"/api/v1/accounts/{in_path(name)}:enable")

    def post_reset(self, name: str) -> Answer[PasswordOut]:
        """重置密码。

        换上随机的新密码，只给出这一次；已有的登录即结束。
        """
        return self._json("POST", f"/api/v1/accounts/{in_path(name)}:reset-password")

    def post_factor_reset(self, name: str) -> Answer[None]:
        """重置两步验证。

        验证器和恢复码都丢失时使用；已有的登录和令牌即结束，此后凭密码登录。
        """
        return self._empty("POST", f"/api/v1/accounts/{in_path(name)}:reset-totp")

    def get_tokens(self) -> Answer[TokensOut]:
        """访问令牌。

        自己的令牌，新的在前；到期的也列出。
        """
        return self._json("GET", "/api/v1/tokens")

    def post_token(self, body: TokenIn) -> Answer[MadeTokenOut]:
        """添加访问令牌。

        给其他系统使用；须登录后添加，凭令牌不能添加令牌。
        """
        return self._json("POST", "/api/v1/tokens", json=body)

    def delete_token(self, token_id: int) -> Answer[None]:
        """撤销访问令牌。

        即刻失效。
        """
        return self._empty("DELETE", f"/api/v1/tokens/{token_id}")

    def get_status(self) -> Answer[dict[str, int]]:
        """数量。

        留言、事项、未受理的行，以及各状态、紧急和超期的事项数。
        """
        return self._json("GET", "/api/v1/status")

    def get_health(self) -> Answer[dict[str, str]]:
        """是否存活。

        进程能应答即为 ok。
        """
        return self._json("GET", "/healthz")

    def get_readiness(self) -> Answer[Any]:
        """能否受理。

        数据库结构、磁盘、模型和时钟的情况；没有模型仍能受理，由人工分类，只缺并案模型则为 503。
        """
        return self._json("GET", "/readyz")

    def get_metrics(self) -> Answer[bytes]:
        """运行指标。

        Prometheus 文本格式；只对设置中的地址，或持令牌者（Authorization: Bearer）。
        """
        return self._bytes("GET", "/metrics")

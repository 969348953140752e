"""What intake refuses, and why a message is quarantined."""

from app.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthorized


class SignatureNotAccepted(Unauthorized):
    """The source is unknown or suspended, or the signature is not its own: the answer does not say which."""

    code, title = "signature_not_accepted", ("签名未被接受", "The signature is not accepted")
    detail = (
        "原因 {reason}: 请核对 webhook-id、webhook-timestamp(±300秒)、webhook-signature、密钥和原始报文。",
        "Reason {reason}: check webhook-id, webhook-timestamp (±300 s), webhook-signature, secret, body.",
    )
    headers = {"WWW-Authenticate": 'Signature realm="jiceng"'}  # noqa: RUF012


class WebhookIdReused(Conflict):
    """The id of another message: a retry has the same body, a new message a new id."""

    code, title = (
        "webhook_id_reused",
        ("该 webhook-id 已用于另一报文", "This webhook-id was used for another body"),
    )
    constraint = "uq_registry_events_source_id_webhook_id"


class SourceNotFound(NotFound):
    code = "registry_source_not_found"
    title = (
        "没有这个登记来源, 或不在您的范围内",
        "There is no such registry source, or it is outside your scope",
    )


class SecretNotFound(NotFound):
    code = "registry_source_secret_not_found"
    title = ("没有这个密钥", "There is no such secret")


class RegistryEventNotFound(NotFound):
    code = "registry_event_not_found"
    title = (
        "没有这条登记报文, 或不在您的范围内",
        "There is no such registry event, or it is outside your scope",
    )


class SourceCodeTaken(Conflict):
    code, title = "source_code_taken", ("该来源代码已被使用", "This source code is taken")
    constraint = "uq_registry_sources_code"


class MachineUserTaken(Conflict):
    code, title = (
        "machine_user_taken",
        ("该机器用户已属于另一来源", "This machine user belongs to another source"),
    )
    constraint = "uq_registry_sources_machine_user_id"


class SourceUnfit(Invalid):
    """The authority, divisions or machine user of a source do not fit."""

    code, title = "registry_source_unfit", ("来源的设置不符合要求", "The source cannot be set up like this")


class TooManySecrets(Conflict):
    code, title = "too_many_secrets", ("同时有效的密钥过多", "Too many secrets are valid at once")
    detail = ("同时有效的密钥至多 {most} 个; 请先吊销不用的。", "At most {most} at once; revoke one first.")


class SecretAlreadyRevoked(Conflict):
    code, title = "secret_already_revoked", ("该密钥已吊销", "This secret is already revoked")


class EventStateUnfit(Conflict):
    """The verb does not fit the state that the message is in."""

    code, title = (
        "registry_event_state",
        ("报文的状态不允许此操作", "The state of the event does not allow this"),
    )
    detail = ("当前状态: {state}。", "It is {state}.")


class BodyForgotten(Conflict):
    code = "registry_event_body_forgotten"
    title = ("报文内容已按保存期限删除", "The content has been dropped after its retention time")


class NoCertificateQuestion(Conflict):
    """Only a message that was quarantined for a wrong check digit asks about a certificate."""

    code = "no_certificate_question"
    title = ("该报文不是因校验码不符而被隔离", "This event is not quarantined for a wrong check digit")


class MessageInvalid(Invalid):
    code, title = "message_invalid", ("报文不符合格式", "The message does not fit its schema")


class OutsideRegistrationDivisions(Invalid):
    code = "outside_registration_divisions"
    title = ("超出该来源的登记管辖区划", "Outside the divisions whose registrations this source keeps")


class OrganizationAmbiguous(Invalid):
    code = "organization_ambiguous"
    title = (
        "编号对应多个社会组织, 请改用统一社会信用代码",
        "Several organizations have this number; use the credit code",
    )


class AuthorityUnknown(Invalid):
    code = "authority_unknown"
    title = ("没有这个机关; 请先登记该机关再重放", "There is no such authority; record it, then replay")


class AttemptsExhausted(Conflict):
    """Applying it failed again and again for a reason inside the service."""

    code = "attempts_exhausted"
    title = (
        "多次处理失败, 请联系运维后重放",
        "Applying it failed several times; ask operations, then replay",
    )


class SourceNotApproved(Conflict):
    code = "source_not_approved"
    title = ("级别高于50的数据源须经第二人批准", "A source above rank 50 needs a second person's approval")
    constraint = "ck_registry_sources_two_people"


class SourceApproved(Conflict):
    code = "source_needs_no_approval"
    title = ("该数据源无需批准或已批准", "This source needs no approval, or has it")


class SourceSecondPersonNeeded(Forbidden):
    code = "source_second_person_needed"
    title = ("须由申请人以外的第二人批准", "A second person, not the one who asked, must approve this")
    constraint = "ck_registry_sources_second_person"


class DryRunsSpent(TooMany):
    code = "dry_runs_spent"
    title = ("今日试推次数已用完", "Today's dry runs of this source are used up")
    detail = (
        "每个数据源每日 {limit} 次; 每次试推均留痕。",
        "{limit} a day for each source; each one is on record.",
    )

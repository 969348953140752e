"""For those who build the sending side: an example of every message, and signatures to compare with."""

from datetime import UTC, datetime
from typing import Any, Final

from app.core import signing
from app.core.fields import Output
from app.core.signing import Scheme
from app.intake.rules import EventType
from app.intake.schemas.messages import RegistryMessage

_ASSOCIATION = {"credit_code": "51440115MJL123456M"}
_INSTITUTION = {"credit_code": "52440115MJL234567X"}
_FILED = {"identifier": {"scheme": "filing_number", "number": "南沙备字〔2025〕第018号"}}


def _message(kind: EventType, data: dict[str, Any], sequence: int | None = None) -> dict[str, Any]:
    return {
        "type": kind.value,
        "occurred_at": "2026-03-02T08:30:00Z",
        "effective_on": "2026-03-02",
        **({"sequence": sequence} if sequence is not None else {}),
        "data": data,
    }


_BUREAU = {"name": "广州市南沙区教育局", "division_code": "440115"}
EXAMPLES: Final[tuple[dict[str, Any], ...]] = (
    _message(
        EventType.REGISTERED,
        {
            **_ASSOCIATION,
            "name": "广州市南沙区青年志愿者协会",
            "kind": "association",
            "registration_mode": "dual",
            "division_code": "440115",
            "domicile_division_code": "440115",
            "domicile_address": "广州市南沙区示例路1号",
            "supervisory_unit": _BUREAU,
            "established_on": "2026-03-02",
            "staff_count": 6,
            "member_count": 52,
            "full_member_count": 4,
            "legal_representative": "陈示例",
            "contact_name": "李示例",
            "contact_phone": "13800138000",
        },
        sequence=41,
    ),
    _message(
        EventType.CHANGED,
        {"organization": _ASSOCIATION, "changes": {"staff_count": 9, "supervisory_unit": None}},
        sequence=42,
    ),
    _message(
        EventType.CORRECTED,
        {
            "organization": _ASSOCIATION,
            "changes": {"name": "广州市南沙区青年志愿服务协会"},
            "reason": "登记时名称录入有误",
        },
        sequence=43,
    ),
    _message(EventType.DEREGISTERED, {"organization": _FILED, "reason": "自行解散"}),
    _message(
        EventType.REVOKED,
        {
            "organization": _INSTITUTION,
            "kind": "license_revoked",
            "reason": "连续两年未参加年度检查",
            "document_number": "穗南民罚〔2026〕3号",
        },
    ),
    _message(EventType.RESTORED, {"organization": _INSTITUTION, "reason": "行政复议撤销原处罚决定"}),
    _message(EventType.MERGED, {"organization": _INSTITUTION, "into": _ASSOCIATION, "reason": "合并"}),
    _message(EventType.SPLIT, {"organization": _ASSOCIATION, "into": [_INSTITUTION], "continues": True}),
    _message(
        EventType.OFFICERS_ELECTED,
        {
            "organization": _ASSOCIATION,
            "officers": [
                {"name": "陈示例", "post": "会长", "is_principal": True},
                {"name": "李示例", "post": "秘书长", "is_principal": True, "phone": "13800138000"},
                {"name": "王示例", "post": "监事", "is_principal": False},
            ],
        },
    ),
    _message(
        EventType.CHARTER_APPROVED,
        {
            "organization": _ASSOCIATION,
            "approved_on": "2026-03-02",
            "clauses": [
                {"clause": "party_building", "wording": "2019", "evidence": "章程第三条"},
                {"clause": "core_values", "wording": "2019"},
            ],
        },
    ),
    _message(
        EventType.ANNUAL_REPORT_FILED,
        {
            "organization": _ASSOCIATION,
            "year": 2025,
            "result": "passed",
            "filed_on": "2026-03-02",
            "party_building_reported": True,
        },
    ),
    _message(
        EventType.EVALUATION_GRADED,
        {
            "organization": _ASSOCIATION,
            "grade": "4A",
            "graded_on": "2026-03-02",
            "valid_until_on": "2031-03-02",
            "graded_by": "广州市民政局",
            "score": "912.00",
        },
    ),
    _message(
        EventType.AWARD_GRANTED,
        {"organization": _ASSOCIATION, "name": "先进社会组织", "awarded_on": "2026-03-02", "level": "市级"},
    ),
    _message(
        EventType.CREDIT_LISTING_CHANGED,
        {
            "organization": _INSTITUTION,
            "list": "abnormal",
            "listed_on": "2026-03-02",
            "reason": "未按规定报送年度报告",
            "decided_by": "广州市南沙区民政局",
        },
    ),
    _message(
        EventType.PENALTY_IMPOSED,
        {
            "organization": _INSTITUTION,
            "penalty": "warning",
            "decided_on": "2026-03-02",
            "document_number": "穗南民罚〔2026〕2号",
        },
    ),
)
"""One message of every type, invented and valid."""


class ExampleMessages(Output):
    """One message of every type."""

    items: list[RegistryMessage]


class SignatureVector(Output):
    """Everything that goes into a signature, and what comes out. The secret signs nothing real."""

    scheme: Scheme
    secret: str
    webhook_id: str
    webhook_timestamp: str
    body: str
    webhook_signature: str


class SignatureVectors(Output):
    """Vectors for each scheme: HMAC over `webhook_id.webhook_timestamp.body`, keyed by the secret's bytes."""

    items: list[SignatureVector]


_BODIES = ('{"test": 2432232314}', '{"name":"社会组织"}')


def _vector(scheme: Scheme, body: str) -> SignatureVector:
    secret, message_id = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    headers = signing.sign(
        [secret], message_id, datetime.fromtimestamp(1614265330, UTC), body.encode(), scheme
    )
    return SignatureVector(
        scheme=scheme,
        secret=secret,
        webhook_id=message_id,
        webhook_timestamp=headers["webhook-timestamp"],
        body=body,
        webhook_signature=headers["webhook-signature"],
    )


VECTORS: Final = SignatureVectors(items=[_vector(scheme, body) for scheme in Scheme for body in _BODIES])
"""The first of `v1` is the one that the Standard Webhooks project publishes."""

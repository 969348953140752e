"""Refusals: every no the service gives, as a problem in Chinese and English (RFC 9457)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy.exc import DBAPIError

Words = tuple[str, str]
"""A sentence in Chinese and in English."""

PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the request: where (RFC 6901 pointer), which code, and how to mend it."""

    pointer: str
    code: str
    message: Words


WORDS: dict[str, Words] = {}
"""Words for the error codes that slices' own validators raise; those of the field types lie in `checks`."""

BY_CODE: dict[str, "type[Refusal]"] = {}
BY_CONSTRAINT: dict[str, "type[Refusal]"] = {}


class Refusal(Exception):  # noqa: N818 (a refusal is an answer, not an error of ours)
    """A clear no. Subclasses give `code`, `title` and perhaps `detail`, `constraint`, in three lines."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    title: ClassVar[Words] = ("服务内部错误", "Internal error")
    detail: ClassVar[Words | None] = None
    constraint: ClassVar[str | tuple[str, ...] | None] = None
    headers: ClassVar[Mapping[str, str]] = {}

    def __init_subclass__(cls) -> None:
        if "code" in cls.__dict__:
            other = BY_CODE.setdefault(cls.code, cls)
            if other is not cls and other.__module__ != cls.__module__:
                raise TypeError(f"two refusals share the code {cls.code}: {other} and {cls}")
        names = cls.__dict__.get("constraint") or ()
        for name in (names,) if isinstance(names, str) else names:
            BY_CONSTRAINT[name] = cls

    def __init__(
        self,
        *,
        errors: Sequence[Fault] = (),
        reasons: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> None:
        super().__init__(self.code)
        self.errors = tuple(errors)
        self.reasons = tuple(reasons)
        self.values = values
        self.extra_headers = {**self.headers, **(headers or {})}

    def problem(self, language: str) -> dict[str, Any]:
        """The problem document; `language` is `zh` or `en`."""
        which = 1 if language == "en" else 0
        body: dict[str, Any] = {
            "type": f"/problems/{self.code}",
            "title": self.title[which],
            "status": self.status,
            "code": self.code,
        }
        if self.detail is not None:
            body["detail"] = self.detail[which].format(**self.values)
        if self.errors:
            body["errors"] = [
                {"pointer": e.pointer, "code": e.code, "message": e.message[which]} for e in self.errors
            ]
        if self.reasons:
            body["reasons"] = [_in_language(reason, which) for reason in self.reasons]
        return body


def _in_language(value: Any, which: int) -> Any:
    """Pairs (zh, en) inside reasons become the text of the language that was asked for."""
    if (
        isinstance(value, tuple)
        and len(value) == len(("zh", "en"))
        and all(isinstance(v, str) for v in value)
    ):
        return value[which]
    if isinstance(value, Mapping):
        return {k: _in_language(v, which) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_in_language(v, which) for v in value]
    return value


class BadRequest(Refusal):
    status, code, title = 400, "bad_request", ("请求无法理解", "The request cannot be understood")


class Unauthorized(Refusal):
    status, code = 401, "not_signed_in"
    title = ("请先登录", "Sign in first")
    detail = (
        "请在 Authorization 头中给出有效的令牌, 或登录后携带会话 Cookie。",
        "Give a valid token in the Authorization header, or sign in and send the session cookie.",
    )
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer realm="jiceng"'}


class Forbidden(Refusal):
    status, code, title = 403, "not_permitted", ("没有此项权限", "You have no permission for this")


class NotFound(Refusal):
    status, code = 404, "not_found"
    title = ("没有这个资源, 或不在您的范围内", "There is no such resource, or it is outside your scope")


class MethodNotAllowed(Refusal):
    status, code, title = 405, "method_not_allowed", ("此地址不支持该方法", "This address has no such method")


class Conflict(Refusal):
    status, code, title = 409, "conflict", ("与现有记录冲突", "This conflicts with what is recorded")


class Gone(Refusal):
    status, code, title = 410, "gone", ("资源已不再提供", "This is no longer here")


class PreconditionFailed(Refusal):
    status, code = 412, "stale_version"
    title = ("记录已被他人修改", "The record has changed since you read it")
    detail = (
        "请重新读取, 用新的 ETag 作为 If-Match 再试。",
        "Read it again and retry with the new ETag as If-Match.",
    )


class TooLarge(Refusal):
    status, code, title = 413, "body_too_large", ("请求体过大", "The body is too large")
    detail = ("上限 {limit} 字节。", "The limit is {limit} bytes.")


class UnsupportedMedia(Refusal):
    status, code, title = (
        415,
        "media_type_not_supported",
        ("不支持的内容类型", "This media type is not supported"),
    )
    detail = ("请以 application/json 发送。", "Send application/json.")


class Invalid(Refusal):
    status, code, title = 422, "invalid", ("请求中有不符合要求的内容", "Some of the request is not valid")


class PreconditionRequired(Refusal):
    status, code = 428, "if_match_required"
    title = ("修改前须给出所读版本", "Say which version you are changing")
    detail = (
        "请把读取时得到的 ETag 放入 If-Match 头。",
        "Send the ETag that you read in the If-Match header.",
    )


class TooMany(Refusal):
    status, code, title = 429, "too_many_requests", ("请求过于频繁", "Too many requests")


class Unavailable(Refusal):
    status, code = 503, "unavailable"
    title = ("服务暂时不可用", "The service is temporarily unavailable")
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "2"}


class Busy(Conflict):
    code, title = "busy", ("另一操作正在修改此记录", "Another request is changing this record")
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "1"}


class AlreadyRecorded(Conflict):
    code, title = "already_recorded", ("同样的记录已经存在", "The same thing is already recorded")


class StillReferenced(Conflict):
    code = "reference_missing"
    title = ("所引用的记录不存在或仍被引用", "A referenced record is missing or still in use")


class RuleBroken(Conflict):
    code, title = "rule_broken", ("违反数据约束", "This would break a rule of the data")


class BadCursor(BadRequest):
    code, title = "bad_cursor", ("游标无效", "The cursor is not valid here")
    detail = (
        "游标只能用于得到它的那组筛选与排序; 请去掉 cursor 从头翻页。",
        "A cursor works only with the filters and order that gave it; drop it and start from the first page.",
    )


class IdempotencyKeyReused(Invalid):
    code = "idempotency_key_reused"
    title = ("该 Idempotency-Key 已用于另一请求", "This Idempotency-Key was used for another request")
    detail = ("请为新的请求换一个键。", "Use a new key for a new request.")


class ResponseNotKept(Conflict):
    code = "response_not_kept"
    title = (
        "该请求已执行过, 其响应含机密未保留",
        "This was already done; its response held a secret and was not kept",
    )


class OriginRefused(Forbidden):
    code = "origin_refused"
    title = ("来源不被允许", "This origin may not write with a cookie")


class SecondFactorNeeded(Forbidden):
    code = "second_factor_needed"
    title = ("此操作需要第二重验证", "This needs a second factor")
    detail = (
        "请在 /me/second-factor 登记并在登录时给出动态口令。",
        "Enrol at /me/second-factor and give the one-time code when you sign in.",
    )


_SQLSTATE: dict[str, type[Refusal]] = {
    "22003": Invalid,
    "22007": Invalid,
    "22008": Invalid,
    "22021": Invalid,
    "22P05": Invalid,
    "23505": AlreadyRecorded,
    "23P01": AlreadyRecorded,
    "23503": StillReferenced,
    "23514": RuleBroken,
    "23502": RuleBroken,
    "55P03": Busy,
    "40001": Busy,
    "40P01": Busy,
    "28000": Unavailable,
    "28P01": Unavailable,
    "3D000": Unavailable,
    "57014": Unavailable,
    "57P01": Unavailable,
    "57P02": Unavailable,
    "57P03": Unavailable,
    "53300": Unavailable,
    "53100": Unavailable,
}


def from_database(error: DBAPIError) -> Refusal | None:
    """The refusal that a database error stands for: by constraint name first, then by SQLSTATE."""
    original = getattr(error.orig, "__cause__", None) or error.orig
    name = getattr(original, "constraint_name", None)
    if name in BY_CONSTRAINT:
        return BY_CONSTRAINT[name]()
    state = getattr(original, "sqlstate", None) or getattr(error.orig, "sqlstate", None)
    if state in _SQLSTATE:
        return _SQLSTATE[state]()
    if error.connection_invalidated or (state or "").startswith("08"):
        return Unavailable()
    return None


def refusals(*kinds: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route: one entry per status, an example for each problem."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        entry = by_status.setdefault(
            kind.status,
            {
                "description": "",
                "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}},
            },
        )
        entry["content"][PROBLEM]["examples"][kind.code] = {"summary": kind.title[1], "value": _example(kind)}
        entry["description"] = "; ".join(
            dict.fromkeys([*filter(None, entry["description"].split("; ")), kind.title[1]])
        )
    return by_status


def _example(kind: type[Refusal]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": f"/problems/{kind.code}",
        "title": kind.title[0],
        "status": kind.status,
        "code": kind.code,
    }
    if kind.detail is not None:
        body["detail"] = kind.detail[0].replace("{", "").replace("}", "")
    return body

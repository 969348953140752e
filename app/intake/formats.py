"""Bytes in, messages out; refusals in, the problems that are kept with a quarantined message out."""

import re
import typing
from collections.abc import Collection, Iterable, Mapping
from email.message import Message as Headers
from typing import Any

from fastapi import Response
from pydantic import BaseModel, ValidationError

from app.core import errors, json, problems
from app.core.errors import Refusal, Words
from app.core.fields import JSON_INT_MAX
from app.intake import rules
from app.intake.errors import MessageInvalid
from app.intake.rules import Delivery
from app.intake.schemas import DeliveryRead, DryRunRead
from app.intake.schemas.documentation import EXAMPLES
from app.intake.schemas.messages import (
    ACCEPTED,
    MESSAGE,
    Message,
    NamedOrganization,
    RegisteredData,
    RegistryMessage,
)
from app.settings import Settings

PLAIN = "application/json"
_TYPE = re.compile(r"[a-z_]{1,40}(?:\.[a-z_]{1,40}){0,3}")


def _published() -> dict[str, Any]:
    """The OpenAPI of a push: its three headers, and the body as one of fifteen messages."""
    union: tuple[type[BaseModel], ...] = typing.get_args(typing.get_args(RegistryMessage)[0])
    where = {typing.get_args(m.model_fields["type"].annotation)[0]: m.__name__ for m in union}
    reference = "#/components/schemas/{}".format
    body = {
        "schema": {
            "title": "RegistryMessage",
            "oneOf": [{"$ref": reference(name)} for name in where.values()],
            "discriminator": {
                "propertyName": "type",
                "mapping": {kind: reference(name) for kind, name in where.items()},
            },
        },
        "examples": {example["type"]: {"value": example} for example in EXAMPLES},
    }
    headers = {
        "webhook-id": ("The message's id: the same at every retry.", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
        "webhook-timestamp": ("Seconds since 1970, within 300 of now.", "1614265330"),
        "webhook-signature": (
            "One or more signatures, parted by spaces, over `id.timestamp.body`.",
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
    }
    return {
        "requestBody": {"required": True, "content": {"application/json": body}},
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": description,
                "schema": {"type": "string"},
                "example": example,
            }
            for name, (description, example) in headers.items()
        ],
    }


PUBLISHED = _published()


def delivery(raw: Iterable[tuple[bytes, bytes]], body: bytes) -> Delivery:
    """A message as it came over HTTP: what is signed is bytes, so nothing may parse them first."""
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)
    return Delivery(headers, body)


def taken(result: DeliveryRead | DryRunRead) -> Response:
    """202 with the address of its status for what was kept, 200 for a dry run."""
    body = result.model_dump_json().encode()
    if isinstance(result, DryRunRead):
        return Response(body, 200, media_type="application/json")
    return Response(body, 202, {"Location": result.status_url}, media_type="application/json")


def parse(delivery: Delivery, settings: Settings) -> Any:
    """The JSON of a signed body, strictly. Raises `BadJson`, `UnsupportedMedia`."""
    kind = next((value for name, value in delivery.headers if name == "content-type"), PLAIN)
    if kind != PLAIN:
        headers = Headers()
        headers["content-type"] = kind
        subtype = headers.get_content_subtype()
        fits = headers.get_content_maintype() == "application" and (
            subtype == "json" or subtype.endswith("+json")
        )
        if not fits or str(headers.get_param("charset", "utf-8")).lower() not in {"utf-8", "utf8"}:
            raise errors.UnsupportedMedia
    return json.loads(delivery.body, depth=settings.depth_limit, array=settings.array_limit)


def stated_type(payload: Any) -> str | None:
    """The type that a payload states, if it can be one."""
    value = payload.get("type") if isinstance(payload, Mapping) else None
    return value if isinstance(value, str) and _TYPE.fullmatch(value) else None


def stated_sequence(payload: Any) -> int | None:
    """The sequence number that a payload states, so that an unreadable message leaves no gap."""
    value = payload.get("sequence") if isinstance(payload, Mapping) else None
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= JSON_INT_MAX
    return value if fits else None


def read(payload: Any, accepted: Collection[str] = ()) -> Message:
    """The message in a payload. `accepted` are credit codes that hold without their check digit.

    Raises `MessageInvalid` with a pointer to each fault."""
    try:
        message: Message = MESSAGE.validate_python(payload, context={ACCEPTED: frozenset(accepted)})
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise MessageInvalid(errors=problems.faults(found, drop=stated_type(payload) or "")) from None
    return message


def only_check_digits(refusal: MessageInvalid) -> bool:
    """Whether the check digits of credit codes are all that is wrong with a message."""
    return {fault.code for fault in refusal.errors} == {"credit_code_check_digit"}


def key_of(message: Message) -> str:
    """The key of the organization that a message is about."""
    data: Any = message.data  # type: ignore[attr-defined]
    if isinstance(data, RegisteredData):
        number = data.identifiers[0] if data.identifiers else None
        return key_of_named(
            NamedOrganization.model_construct(credit_code=data.credit_code, identifier=number)
        )
    return key_of_named(data.organization)


def key_of_named(organization: NamedOrganization) -> str:
    """The key of an organization as a message names it: its credit code before any other number."""
    if organization.credit_code is not None:
        return rules.credit_code_key(organization.credit_code)
    assert organization.identifier is not None  # noqa: S101 (validated: one of the two is there)
    return rules.identifier_key(organization.identifier.scheme, organization.identifier.number)


def problem_of(refusal: Refusal) -> dict[str, Any]:
    """What is kept of a refusal: its problem in both languages, as JSON."""
    detail = None
    if refusal.detail is not None:
        detail = _bilingual(
            (refusal.detail[0].format(**refusal.values), refusal.detail[1].format(**refusal.values))
        )
    return {
        "code": problem_code(refusal),
        "title": _bilingual(refusal.title),
        "detail": detail,
        "errors": [
            {"pointer": fault.pointer, "code": fault.code, "message": _bilingual(fault.message)}
            for fault in refusal.errors
        ],
        "reasons": [_plain(reason) for reason in refusal.reasons],
    }


def problem_code(refusal: Refusal) -> str:
    """The code to find a quarantined message by: that of its only kind of fault, or of the refusal."""
    codes = {fault.code for fault in refusal.errors}
    return codes.pop() if len(codes) == 1 else refusal.code


def _bilingual(words: Words) -> dict[str, str]:
    return {"zh": words[0], "en": words[1]}


def _plain(value: Any) -> Any:
    if (
        isinstance(value, tuple)
        and len(value) == len(("zh", "en"))
        and all(isinstance(v, str) for v in value)
    ):
        return _bilingual((value[0], value[1]))
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)

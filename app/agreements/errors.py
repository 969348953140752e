"""What pairing agreements refuse, in words."""

from app.core.errors import Conflict, Invalid, NotFound


class AgreementNotFound(NotFound):
    code = "agreement_not_found"
    title = ("没有这份协议, 或不在您的范围内", "There is no such agreement, or it is outside your scope")


class AgreementInvalid(Invalid):
    code = "agreement_invalid"
    title = ("协议内容不符合规定", "This is not how an agreement can be")


class AgreementTwice(Conflict):
    code = "agreement_twice"
    title = ("双方在此期间已有结对协议", "The two hold an agreement for that time already")
    detail = ("请改期限, 或先终止原协议。", "Choose another term, or end the other agreement first.")
    constraint = "ex_agreement_parties_twice"


class AgreementIsOver(Conflict):
    code = "agreement_is_over"
    title = ("该协议已终止", "This agreement has been ended")

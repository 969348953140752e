"""What posts, terms and elections refuse, in words."""

from app.core.errors import Conflict, Invalid, NotFound


class PostNotFound(NotFound):
    code = "post_not_found"
    title = ("没有这项任职, 或不在您的范围内", "There is no such post, or it is outside your scope")


class TermNotFound(NotFound):
    code = "term_not_found"
    title = ("没有这一届任期, 或不在您的范围内", "There is no such term, or it is outside your scope")


class ElectionNotFound(NotFound):
    code = "election_not_found"
    title = ("没有这次选举, 或不在您的范围内", "There is no such election, or it is outside your scope")


class PostInvalid(Invalid):
    code = "post_invalid"
    title = ("任职、任期或选举不符合规定", "This is not how a post, a term or an election can be")


class SecretaryTaken(Conflict):
    code = "secretary_taken"
    title = ("该党组织在此期间已有书记", "This body has a secretary in that time already")
    detail = ("请先免去或结束现任书记的任职。", "End the present secretary's post first.")
    constraint = "ex_party_posts_one_secretary"


class PostTwice(Conflict):
    code = "post_twice"
    title = ("此人在此期间已任该职", "This member has this post in that time already")
    constraint = "ex_party_posts_twice"


class TermTaken(Conflict):
    code = "term_taken"
    title = ("与已登记的任期重叠", "This overlaps a term that is on record")
    constraint = "ex_party_terms_one"


class CongressTwice(Conflict):
    code = "congress_twice"
    title = ("已登记过这一次党员代表大会", "This congress is on record already")
    constraint = "uq_party_congresses_number"


class ReviewTwice(Conflict):
    code = "nominee_review_twice"
    title = ("当日对此人此职的考察已登记", "This review is on record already")
    constraint = "uq_nominee_reviews_once"


class StoodTwice(Conflict):
    code = "candidate_twice"
    title = ("同一职务重复列出", "Somebody or some post is listed twice in this election")
    constraint = ("uq_party_election_candidates_once", "uq_party_election_ballots_role")


class ElectionPending(Conflict):
    code = "election_pending"
    title = ("上一次换届选举尚待上级答复", "A re-election of this body still waits for the superior's answer")
    constraint = "uq_party_elections_open"


class ElectionIsSettled(Conflict):
    code = "election_is_settled"
    title = ("该选举已没有待答复的结果", "Nothing of this election waits for an answer")


class TermIsOver(Conflict):
    code = "term_has_closed"
    title = ("该届任期已结束", "This term has ended")


class PostHasEnded(Conflict):
    code = "post_has_ended"
    title = ("该任职已结束", "This post has ended")


class NameNotSealed(Conflict):
    code = "name_not_sealed"
    title = ("此人在党员名册中, 请从名册查看", "This is a member of the ledger: reveal the member instead")

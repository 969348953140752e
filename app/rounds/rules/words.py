"""The words of rounds."""

from enum import StrEnum


class RoundUse(StrEnum):
    """What the one engine is used for."""

    DEMONSTRATION = "demonstration"
    STAR = "star"
    GRADE = "grade"
    APPRAISAL = "appraisal"


class RoundLevel(StrEnum):
    """At which level a round is held."""

    DISTRICT = "district"
    CITY = "city"
    PROVINCE = "province"
    NATIONAL = "national"


class RoundPhase(StrEnum):
    """How far a round is."""

    APPLYING = "applying"
    REVIEWING = "reviewing"
    PUBLICITY = "publicity"
    DECIDED = "decided"


class SubjectKind(StrEnum):
    """What is scored."""

    ORGANIZATION = "organization"
    PARTY_ORGANIZATION = "party_organization"
    MEMBER = "member"


class ApplicationState(StrEnum):
    """How far an application is. In a round with cultivation (培育) it begins there; what nobody handed in
    has lapsed when the reviewers are drawn, what was handed in is frozen."""

    CULTIVATING = "cultivating"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    FROZEN = "frozen"
    DROPPED = "dropped"
    LAPSED = "lapsed"


class CultivationEnd(StrEnum):
    """How a cultivation ends: ready to be scored, or dropped."""

    READY = "ready"
    DROPPED = "dropped"


class ReviewState(StrEnum):
    """How far a review is."""

    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    REPLACED = "replaced"


class ReplacedFor(StrEnum):
    """Why somebody else reviews."""

    LATE = "late"
    CONFLICT = "conflict"
    UNABLE = "unable"


class InterestKind(StrEnum):
    """Why a reviewer may not judge somebody."""

    OWN_ORGANIZATION = "own_organization"
    OWN_BODY = "own_body"
    HOME_UNIT = "home_unit"
    DECLARED = "declared"


class SiteVisitKind(StrEnum):
    """Whether it was verified on site, or received visitors."""

    ON_SITE = "on_site"
    HOSTED = "hosted"


class RaisedBy(StrEnum):
    """Who objects: a kind, never a name."""

    APPLICANT = "applicant"
    ORGANIZATION = "organization"
    PERSON = "person"
    ANONYMOUS = "anonymous"


class ObjectionState(StrEnum):
    """What became of an objection."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class RoundTieRule(StrEnum):
    """What equal totals mean: the rank is shared and the next ones are skipped (1, 2, 2, 4); or the points of
    the dimensions decide first, in the order of the standard."""

    SHARED = "shared"
    DIMENSIONS = "dimensions"

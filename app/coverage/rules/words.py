"""What each rate counts, in Chinese and English: every figure says which statuses, exceptions and places."""

from collections.abc import Mapping
from typing import Final

from app.coverage.rules.counting import Counting, CoverageBasis, ExceptionsMode, RateCode

Words = tuple[str, str]
"""A sentence in Chinese and in English."""

STATUS_WORDS: Final[Mapping[str, Words]] = {
    "preparatory": ("筹备", "preparatory"),
    "normal": ("正常", "normal"),
    "in_liquidation": ("注销中", "in liquidation"),
    "deregistered": ("注销", "deregistered"),
    "revoked": ("撤销", "revoked"),
    "license_revoked": ("吊销", "licence revoked"),
    "merged": ("合并", "merged"),
    "split": ("分立", "split"),
}
KIND_WORDS: Final[Mapping[str, Words]] = {
    "association": ("社会团体", "associations"),
    "service_institution": ("社会服务机构", "service institutions"),
    "foundation": ("基金会", "foundations"),
    "community_filed": ("社区备案组织", "community organizations on file"),
    "intermediary": ("社会中介组织", "intermediaries"),
}
RATE_WORDS: Final[Mapping[RateCode, Words]] = {
    RateCode.ORGANIZATION_COVERAGE: ("组织覆盖率", "organization coverage"),
    RateCode.WORK_COVERAGE: ("工作覆盖率", "work coverage"),
    RateCode.SHOULD_HAVE_ESTABLISHED: ("应建已建率", "established where it must be"),
    RateCode.SINGLE_FORMATION: ("单独组建率", "single formations"),
    RateCode.CHARTER: ("党建入章率", "Party-building clause in the charter"),
    RateCode.CORE_VALUES: ("核心价值观入章率", "core-values clause in the charter"),
    RateCode.FOUR_CLEARS: ("四清率", "four clears"),
}
_PLACES: Final[Mapping[CoverageBasis, Words]] = {
    CoverageBasis.REGISTRATION: (
        "按登记地归属; 在全国登记的(100000)只计入全国合计及其本级行, 不计入任何省",
        (
            "placed by registration; national registrations (100000) count in the national total and its own"
            " line, in no province"
        ),
    ),
    CoverageBasis.DOMICILE: (
        "按住所地归属; 在全国登记的计入住所所在地, 住所不详的只计入全国合计",
        (
            "placed by domicile; national registrations count where they are domiciled, those of unknown"
            " domicile in the national total only"
        ),
    ),
    CoverageBasis.RESPONSIBILITY: (
        "按负责的党组织所在地归属; 在全国登记的也如此, 尚无责任主体的只计入全国合计",
        (
            "placed by the division of the Party body that leads, national registrations too; those that"
            " nobody leads count in the national total only"
        ),
    ),
}
_EXCEPTED: Final[Mapping[ExceptionsMode, Words]] = {
    ExceptionsMode.COUNTED: (
        "有未建立原因的仍计入分母, 另行列出",
        "those with a reason for having no Party organization stay in the denominator and are shown apart",
    ),
    ExceptionsMode.EXCLUDED: (
        "未覆盖而有未建立原因的不计入分母, 另行列出",
        "those not covered for a reason on record are left out of the denominator and are shown apart",
    ),
}
_FOUR: Final[Words] = (
    "有统一社会信用代码或备案号, 会员数已知(无会员的类型除外), 有党组织覆盖或未建立原因, 党员数已知",
    (
        "a credit code or another number, the number of members where the kind has any, a Party organization"
        " or the reason for having none, and the number of Party members"
    ),
)


def population(pack: Counting, basis: CoverageBasis) -> Words:
    """Which organizations count."""
    kinds = [KIND_WORDS.get(kind, (kind, kind)) for kind in pack.kinds]
    statuses = [STATUS_WORDS.get(status, (status, status)) for status in pack.active_statuses]
    place = _PLACES[basis]
    return (
        f"当日登记状态为{'、'.join(s[0] for s in statuses)}的{'、'.join(k[0] for k in kinds)}, {place[0]}",
        (
            f"{', '.join(k[1] for k in kinds)} whose registration status that day is"
            f" {', '.join(s[1] for s in statuses)}, {place[1]}"
        ),
    )


def definition(rate: RateCode, pack: Counting, basis: CoverageBasis, exceptions: ExceptionsMode) -> Words:
    """A rate's numerator and denominator."""
    above, below = _numerator(rate, pack), _denominator(rate, population(pack, basis), exceptions)
    return f"分子: {above[0]}。分母: {below[0]}。", f"Numerator: {above[1]}. Denominator: {below[1]}."


def _numerator(rate: RateCode, pack: Counting) -> Words:
    if rate is RateCode.SHOULD_HAVE_ESTABLISHED:
        joint = pack.joint_counts_as_established
        how = (
            ("联合组建亦算", "a joint one counts too") if joint else ("须单独组建", "single formations only")
        )
        return f"分母中已由党组织覆盖的({how[0]})", f"those that a Party organization covers ({how[1]})"
    if rate is RateCode.CHARTER:
        known = ", ".join(pack.complete_wordings)
        return (
            f"章程载有党建条款且表述为{known}的; 其他表述为部分入章, 不计",
            f"the charter has the Party-building clause in the wording {known}, another is partial",
        )
    return _NUMERATORS[rate]


_NUMERATORS: Final[Mapping[RateCode, Words]] = {
    RateCode.ORGANIZATION_COVERAGE: (
        "当日至少由一个党委、党总支或党支部覆盖的, 不论组建形式",
        "covered that day by at least one committee, general branch or branch, whatever its formation",
    ),
    RateCode.WORK_COVERAGE: (
        "由党组织或党的工作小组覆盖的; 党建指导员、联络员数据尚未纳入, 暂不计",
        (
            "covered by a Party organization or a work team; instructors and liaison officers are not on"
            " record yet and do not count"
        ),
    ),
    RateCode.SINGLE_FORMATION: ("由单独组建的党组织覆盖的", "covered by a single formation"),
    RateCode.CORE_VALUES: ("章程载有社会主义核心价值观条款的", "the charter has the clause on core values"),
    RateCode.FOUR_CLEARS: (f"四项底数均已掌握的: {_FOUR[0]}", f"all four are on record: {_FOUR[1]}"),
}


def _denominator(rate: RateCode, who: Words, exceptions: ExceptionsMode) -> Words:
    if rate in {RateCode.ORGANIZATION_COVERAGE, RateCode.WORK_COVERAGE}:
        said = _EXCEPTED[exceptions]
        return f"{who[0]}; {said[0]}", f"{who[1]}; {said[1]}"
    if rate is RateCode.SHOULD_HAVE_ESTABLISHED:
        return (
            f"{who[0]}, 且按规则包establishment党员数达到应建标准的; 党员数不详的不计, 未建立原因不影响",
            (
                f"{who[1]}, with enough full members on record to have to establish (rule pack"
                " establishment); unknown numbers do not count, reasons make no difference"
            ),
        )
    if rate is RateCode.SINGLE_FORMATION:
        return (
            f"{who[0]}, 且当日由党委、党总支或党支部覆盖的",
            f"{who[1]}, and covered that day by a committee, general branch or branch",
        )
    return who


NOT_A_RATE: Final[Words] = (
    "每百家社会组织的党组织数, 不是覆盖率: 一个联合党组织可覆盖多家, 一家也可由多个党组织覆盖。",
    (
        "Party organizations per hundred organizations. Not a coverage rate: a joint body covers several, and"
        " several may cover one."
    ),
)
EXCEPTIONS: Final[Words] = (
    "当日没有党组织覆盖、但有未到期的未建立原因的社会组织。",
    "Organizations that no Party organization covers that day, with a reason on record that holds.",
)
BLANK_SPOTS: Final[Words] = (
    "空白点: 当日既无党组织也无党的工作小组覆盖的社会组织, 不论是否有未建立原因。",
    "Blank spots: covered that day by no Party organization and no work team, whatever the reason.",
)
GROUPS: Final[Mapping[str, Words]] = {
    "total": ("合计", "total"),
    "own": ("本级", "itself, not one below"),
    "nobody": ("尚无责任主体", "led by nobody"),
    "elsewhere": ("由区划以外的党组织负责", "led from outside the division"),
}

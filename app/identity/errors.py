"""What identity refuses."""

from app.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthorized


class SignInRefused(Unauthorized):
    code = "sign_in_refused"
    title = ("登录名、密码或动态口令不正确", "The login name, password or one-time code is not right")
    detail = (
        "请检查后重试; 多次失败后须稍候。",
        "Check them and try again; after several failures you must wait.",
    )


class SecondFactorRequired(Unauthorized):
    code = "second_factor_required"
    title = ("此账号需要动态口令", "This account signs in with a one-time code")
    detail = ("请在 code 中给出验证器上的六位口令。", "Give the six digits of your authenticator as `code`.")


class TooManyTries(TooMany):
    code = "too_many_tries"
    title = ("尝试次数过多, 请稍候再试", "Too many tries; wait and try again")
    detail = (
        "每个账号在每个地址15分钟内最多尝试10次。",
        "An account may be tried 10 times in 15 minutes from one address.",
    )


class PasswordWrong(Forbidden):
    code = "password_wrong"
    title = ("密码或动态口令不正确", "The password or one-time code is not right")


class CodeNeeded(Forbidden):
    code = "code_needed"
    title = ("请同时给出动态口令", "Give the one-time code too")


class FreshSignInNeeded(Forbidden):
    code = "fresh_sign_in_needed"
    title = ("请先重新验证身份", "Prove first that it is still you")
    detail = (
        "请调用 POST /sessions/current/reauthenticate 后再试。",
        "Call POST /sessions/current/reauthenticate and try again.",
    )


class RevealsSpent(TooMany):
    code = "reveal_quota_used"
    title = ("今日查看明文的次数已用完", "Today's quota of plain-text reads is used up")
    detail = ("每人每日 {limit} 次, 各类明文合并计算。", "{limit} a day for each person, of whatever kind.")


class PasswordRefused(Invalid):
    code = "password_refused"
    title = ("此密码不可使用", "This password cannot be used")


class SecondFactorWrong(Invalid):
    code = "second_factor_wrong"
    title = ("动态口令不正确", "The one-time code is not right")
    detail = ("请核对验证器与设备时间后重试。", "Check the authenticator and the clock of its device.")


class SecondFactorNotPending(Conflict):
    code = "second_factor_not_pending"
    title = ("没有待确认的动态口令登记", "No second factor waits for confirmation")
    detail = ("请先调用 POST /me/second-factor。", "Call POST /me/second-factor first.")


class PersonNeeded(Conflict):
    code = "person_needed"
    title = ("只有人员账号可以这样做", "Only a person's account can do this")


class MachineNeeded(Conflict):
    code = "machine_needed"
    title = ("只有机器账号可以持有接口密钥", "Only a machine's account holds API keys")


class SessionNeeded(Conflict):
    code = "session_needed"
    title = ("此操作须在登录会话中进行", "This works only in a signed-in session")


class SessionNotFound(NotFound):
    code = "session_not_found"


class UserNotFound(NotFound):
    code = "user_not_found"


class LoginNameTaken(Conflict):
    code = "login_name_taken"
    title = ("该登录名已被使用", "This login name is taken")
    constraint = "uq_users_login_name"


class LoginNameInvalid(Invalid):
    code = "login_name_invalid"
    title = ("登录名不符合要求", "This login name is not valid")


class OwnAccount(Forbidden):
    code = "own_account"
    title = ("不能对自己的账号这样做", "You cannot do this to your own account")


class UserOutranks(Forbidden):
    code = "user_outranks"
    title = ("该账号持有您范围以外的授权", "This account holds grants outside your scope")
    detail = ("请由授权范围更大的安全管理员办理。", "Ask a security administrator of the wider scope.")


class UserStateUnfit(Conflict):
    code = "user_state_unfit"
    title = ("账号状态不允许此操作", "The state of the account does not allow this")


class DivisionUnfit(Invalid):
    code = "identity_division_unfit"
    title = (
        "行政区划不存在、已撤销或不在您的范围内",
        "There is no such division today, or it is outside your scope",
    )


class BodyUnfit(Invalid):
    code = "identity_body_unfit"
    title = (
        "党组织不存在或不在您的范围内",
        "There is no such Party organization, or it is outside your scope",
    )


class GrantNotFound(NotFound):
    code = "grant_not_found"


class GrantAxis(Invalid):
    code = "grant_axis"
    title = (
        "授权须且只须给出行政区划或党组织之一",
        "A grant names exactly one: a division or a Party organization",
    )
    constraint = "ck_grants_one_axis"


class AdministratorAxis(Invalid):
    code = "administrator_axis"
    title = ("管理员只能按行政区划授权", "Administrators are granted by division")


class RoleUnfit(Invalid):
    code = "role_unfit"
    title = ("该角色与账号类型不符", "This role does not fit the kind of account")
    detail = (
        "display、registry、integrator 只授予机器账号, 其余角色只授予人员。",
        "display, registry and integrator are for machines, the other roles for people.",
    )


class RolesSegregated(Conflict):
    code = "roles_segregated"
    title = ("三员分立: 该账号已持有不能同时持有的角色", "This account holds a role that excludes this one")
    detail = (
        "系统、安全、审计管理员互不兼任, 也不兼任业务角色; 请先撤销原有授权。",
        "The three administrators are separate people without business roles; revoke the other grant first.",
    )
    constraint = "ex_grants_segregation"


class GrantTwice(Conflict):
    code = "grant_twice"
    title = ("该账号在此期间已有同样的授权", "This account already holds or awaits this grant in that time")
    constraint = "ex_grants_twice"


class GrantPeriodUnfit(Invalid):
    code = "grant_period_unfit"
    title = ("授权的起止日期不符合要求", "The days of this grant are not valid")


class OwnGrant(Forbidden):
    code = "own_grant"
    title = ("不能给自己授权", "No one grants a role to themselves")
    constraint = "ck_grants_not_own"


class SecondPersonNeeded(Forbidden):
    code = "second_person_needed"
    title = ("须由申请人以外的第二人批准", "A second person, not the one who asked, must approve this")
    constraint = ("ck_grants_second_person", "ck_grants_two_people")


class GrantStateUnfit(Conflict):
    code = "grant_state_unfit"
    title = ("授权的状态不允许此操作", "The state of the grant does not allow this")


class ApiKeyNotFound(NotFound):
    code = "api_key_not_found"


class ApiKeyRevoked(Conflict):
    code = "api_key_revoked"
    title = ("该密钥已撤销", "This key is already revoked")


class ApiKeyPeriodUnfit(Invalid):
    code = "api_key_period_unfit"
    title = ("密钥的到期时间不符合要求", "The end of this key is not valid")
    detail = ("到期时间须在未来, 且不超过730天。", "It must lie in the future and within 730 days.")


class SignOnRefused(Unauthorized):
    code = "sign_on_refused"
    title = ("单点登录未成功", "The sign-on did not succeed")
    detail = ("请回到登录页重新开始。", "Go back to the sign-in page and start again.")


class SignOnNotAuthorized(Forbidden):
    code = "sign_on_not_authorized"
    title = ("此身份在本系统没有账号或角色", "This identity has no account and no role here")
    detail = (
        "请联系安全管理员: 须有规则给出角色, 或将此身份关联到已有账号。",
        "Ask a security administrator: a rule must give a role, or the identity be linked to an account.",
    )


class ProviderNotFound(NotFound):
    code = "identity_provider_not_found"


class ProviderCodeTaken(Conflict):
    code = "identity_provider_code_taken"
    title = ("该身份提供方代码已被使用", "This code of a provider is taken")
    constraint = "uq_identity_providers_code"


class IssuerTaken(Conflict):
    code = "issuer_taken"
    title = ("该签发者已登记", "This issuer is already recorded")
    constraint = "uq_identity_providers_issuer"


class ProviderUnfit(Invalid):
    code = "identity_provider_unfit"
    title = ("身份提供方的设置不符合要求", "The settings of the provider are not valid")
    constraint = ("ck_identity_providers_access_audience", "ck_identity_providers_one_key_set")


class ProviderOutranks(Forbidden):
    code = "identity_provider_outranks"
    title = (
        "经此身份提供方登录的账号持有您范围以外的授权",
        "Accounts that sign on by this provider hold grants outside your scope",
    )


class RuleNotFound(NotFound):
    code = "identity_provider_rule_not_found"


class RuleStateUnfit(Conflict):
    code = "identity_provider_rule_state_unfit"
    title = ("规则的状态不允许此操作", "The state of the rule does not allow this")


class RuleSecondPersonNeeded(SecondPersonNeeded):
    constraint = ("ck_identity_provider_rules_second_person", "ck_identity_provider_rules_two_people")


class ExternalIdentityNotFound(NotFound):
    code = "external_identity_not_found"


class ExternalIdentityTaken(Conflict):
    code = "external_identity_taken"
    title = ("该身份已关联到账号", "This identity is already linked to an account")
    constraint = "uq_external_identities_provider_id_subject"


class ExternalIdentityStateUnfit(Conflict):
    code = "external_identity_unlinked"
    title = ("该关联已解除", "This identity is already unlinked")

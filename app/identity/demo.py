"""The users of a demonstration: made only for a database that `jiceng run` itself created."""

from dataclasses import dataclass
from datetime import timedelta

from app.core.access import NATION, SYSTEM, Role
from app.core.work import Shell, begin
from app.identity import commands


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A user of the demonstration, under the name that its token has in `tokens.json`."""

    name: str
    role: Role
    division_code: str
    display_name: str


USERS = (
    DemoUser("national_organizer", Role.ORGANIZER, NATION, "演示 全国组织员"),
    DemoUser("guangdong_organizer", Role.ORGANIZER, "440000", "演示 广东省组织员"),
    DemoUser("nansha_clerk", Role.CLERK, "440115", "演示 南沙区经办"),
    DemoUser("yangquan_organizer", Role.ORGANIZER, "140300", "演示 阳泉市组织员"),
    DemoUser("approver", Role.APPROVER, NATION, "演示 复核人"),
    DemoUser("viewer", Role.VIEWER, NATION, "演示 查看"),
    DemoUser("display", Role.DISPLAY, NATION, "演示 大屏"),
    DemoUser("integrator", Role.INTEGRATOR, NATION, "演示 对接系统"),
    DemoUser("system_admin", Role.SYSTEM_ADMIN, NATION, "演示 系统管理员"),
    DemoUser("security_admin", Role.SECURITY_ADMIN, NATION, "演示 安全管理员"),
    DemoUser("audit_admin", Role.AUDIT_ADMIN, NATION, "演示 审计管理员"),
)
LIFETIME = timedelta(days=3650)


async def seed(shell: Shell) -> dict[str, str]:
    """Make the users where they are missing, and a new token for each: name -> token.

    They have no password, and production settings recognise none of them. Raises ValueError in production."""
    if shell.settings.production:
        raise ValueError("demonstration users are refused in production")
    tokens = {}
    async with begin(shell, SYSTEM) as work:
        for user in USERS:
            made = await commands.ensure_actor(
                work,
                user.role,
                division_code=user.division_code,
                login_name=f"demo-{user.name.replace('_', '-')}",
                display_name=user.display_name,
                lifetime=LIFETIME,
                standing_proof=True,
                demo=True,
            )
            tokens[user.name] = made.token
    return tokens

"""The application: the only file that knows every router."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.staticfiles import StaticFiles

from app import tables
from app.agreements import routes as agreements_routes
from app.audits import routes as audits_routes
from app.authorities import routes as authorities_routes
from app.campaigns import routes as campaigns_routes
from app.census import routes as census_routes
from app.core import crypto, db, health, openapi, problems, reads
from app.core.express import Express
from app.core.listings import listings
from app.core.middleware import Metrics, Shielded
from app.core.reader import Reader
from app.core.shortcut import Shortcut
from app.core.work import Shell
from app.coverage import routes as coverage_routes
from app.cross_appointments import routes as cross_appointments_routes
from app.designations import routes as designations_routes
from app.development import routes as development_routes
from app.divisions import routes as divisions_routes
from app.dues import routes as dues_routes
from app.duties import routes as duties_routes
from app.establishments import routes as establishments_routes
from app.exports import routes as exports_routes
from app.facilities import routes as facilities_routes
from app.files import routes as files_routes
from app.honours import routes as honours_routes
from app.identity import queries as identity
from app.identity import routes as identity_routes
from app.imports import routes as imports_routes
from app.instructors import routes as instructors_routes
from app.intake import routes as intake_routes
from app.meetings import routes as meetings_routes
from app.members import routes as members_routes
from app.notices import routes as notices_routes
from app.operations import routes as operations_routes
from app.opinions import routes as opinions_routes
from app.organizations import routes as organizations_routes
from app.party_organizations import routes as party_organizations_routes
from app.posts import routes as posts_routes
from app.rankings import routes as rankings_routes
from app.reference import routes as reference_routes
from app.reorganizations import routes as reorganizations_routes
from app.responsibility import routes as responsibility_routes
from app.rosters import routes as rosters_routes
from app.rounds import routes as rounds_routes
from app.scoring import routes as scoring_routes
from app.settings import Settings
from app.supervision import routes as supervision_routes
from app.warnings import routes as warnings_routes
from app.worklist import routes as worklist_routes

VERSION = "1.0.0"
BASE = "/api/v1"
STATIC = Path(__file__).parent / "core" / "static"
ROUTERS: tuple[APIRouter, ...] = (
    identity_routes.router,
    audits_routes.router,
    reference_routes.router,
    operations_routes.router,
    files_routes.router,
    imports_routes.router,
    exports_routes.router,
    divisions_routes.router,
    authorities_routes.router,
    intake_routes.router,
    organizations_routes.router,
    party_organizations_routes.router,
    establishments_routes.router,
    reorganizations_routes.router,
    members_routes.router,
    rosters_routes.router,
    development_routes.router,
    meetings_routes.router,
    dues_routes.router,
    census_routes.router,
    opinions_routes.router,
    posts_routes.router,
    instructors_routes.router,
    rounds_routes.router,
    notices_routes.router,
    scoring_routes.router,
    responsibility_routes.router,
    duties_routes.router,
    coverage_routes.router,
    rankings_routes.router,
    supervision_routes.router,
    warnings_routes.router,
    cross_appointments_routes.router,
    agreements_routes.router,
    facilities_routes.router,
    honours_routes.router,
    campaigns_routes.router,
    designations_routes.router,
    worklist_routes.router,
)
LISTS = listings(ROUTERS)
DOCS_PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>Jiceng 基层</title>
<link rel="stylesheet" href="/static/swagger-ui.css"><link rel="icon" href="/static/favicon-32x32.png">
<div id="docs"></div>
<script src="/static/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></html>
"""
DOCS_SCRIPT = """SwaggerUIBundle({url: "/openapi.json", dom_id: "#docs", deepLinking: true,
  docExpansion: "none", persistAuthorization: false, tryItOutEnabled: true, validatorUrl: null});
"""
TAGS = {
    "sessions": "Sign in and out; whose session this is.",
    "me": "Who you are, what you may do and where.",
    "users": "Accounts of people and machines.",
    "grants": "Roles in a division or Party-body subtree, given by two people where it matters.",
    "api-keys": "Keys of machines.",
    "identity-providers": "Sign-on: issuers that are trusted, and what their claims give.",
    "divisions": "行政区划: GB/T 2260 with dated history, and own codes below the county.",
    "reference": "Calendar, dictionaries and rule packs: versioned data with its source.",
    "operations": "Long work and its progress.",
    "exports": "Any list as a spreadsheet.",
    "imports": "Ledgers taken in from files, row by row under the rules of the single route.",
    "files": "Uploads, and what the service made: encrypted, for a time.",
    "authorities": "登记机关、业务主管单位 and other authorities, with dated roles.",
    "organizations": "社会组织: the ledger, as facts that say who said so and when.",
    "organization-records": "Officers, charter clauses, credit listings, penalties, grades, reports.",
    "responsibility": "Who answers for an organization, by which rule, and why no other.",
    "duties": "承诺书、党员情况调查表、移交: what is due, by whom.",
    "party-organizations": "党组织: kinds, powers, tree and whom each covers.",
    "reorganizations": "改建、合并、分设、撤销: what hangs on a body goes where it must, at once.",
    "establishments": "设立党组织: 请示、批复、选举、报批, with every reason against it at once.",
    "scoring": "评分标准: 版本、地方调整、计算指标及其明细; a published version never changes.",
    "instructors": "党建指导员: 谁联系哪家社会组织, 走访与考核, 建议与包联; names masked.",
    "rounds": "评选: applications, blind reviews, results that can be defended; published and frozen.",
    "members": "党员: who belongs where, since when; masked, and shown in full only on record.",
    "rosters": "名册: members and Party organizations from files; lists of members that two people allow.",
    "posts": "任职、任期、换届: who leads a body, until when, elected or appointed how.",
    "census": "党员组织关系清查: rounds, verdicts, what the ledger has to put right.",
    "opinions": "前置意见、列席、沟通协商 between a Party organization and its organization.",
    "dues": "党费: what each member owes, what was paid, who is behind, who may pay less.",
    "organization-life": "三会一课、主题党日、组织生活会、民主评议: meetings, what is owed, appraisals.",
    "development": "发展党员: each case step by step under its rule pack, with the reasons why not; quotas.",
    "coverage": "Rates that can be checked to the last organization.",
    "rankings": "综合排名: who stands where on a day, by weighted rates; frozen, with its hash.",
    "supervision": "督导: rounds, findings put right before a second person, laggards, departments' duties.",
    "intake": "Signed pushes from registries.",
    "warnings": "防瘫预警: bodies about to come to a standstill, with rule, evidence and since when.",
    "cross-appointments": "双向进入、交叉任职: matched by people, with the rates and their lists.",
    "notices": "通报、通知、督办函、约谈: numbered, answered in time or late, put right, struck off.",
    "agreements": "结对共建: who signed with whom, for how long, on what, and what of it is done.",
    "facilities": "阵地、服务中心、实训基地: what each must have, and how far the targets are.",
    "designations": "命名授牌: demonstration sites, stars, grades, outcomes, and what became of them.",
    "honours": "荣誉、双强、品牌: who was honoured at which level, and what each branch is known for.",
    "campaigns": "攻坚行动: targets from a coverage list, 销号, countdown and pace, 挂图作战.",
    "worklist": "What waits for you.",
    "audit": "Who did what, when.",
    "events": "What happened, in commit order.",
}
DESCRIPTION = """\
基层 Jiceng runs Party-building work in social organizations (社会组织党建): the ledger of organizations that
registries push, who is responsible for each and why, Party organizations, duties with deadlines, and coverage
that can be checked to the last organization.

* **Errors** are `application/problem+json`, in Chinese or English by `Accept-Language`, with JSON pointers.
* **Edits** send the `ETag` that was read as `If-Match`; **retries** send an `Idempotency-Key`.
* **Lists** are keyset-paged: follow `next_cursor` while `has_more`.
* **Dates** end in `_on` (Asia/Shanghai), instants in `_at` (UTC).
* **References** are embedded as `{id, name}`; `allowed_actions` says what you may do with a row.
"""


def make_shell(settings: Settings) -> Shell:
    """The engines and keys of one process. Raises ValueError when no database is named."""
    if settings.database_url is None:
        raise ValueError("DATABASE_URL is not set; `jiceng run` starts an embedded PostgreSQL")
    engine = db.make_engine(
        settings.database_url.get_secret_value(),
        pool_size=settings.pool_size,
        overflow=settings.pool_overflow,
        timeout=settings.pool_timeout,
    )
    if settings.keys is not None:
        ring = crypto.KeyRing.parse(settings.keys.get_secret_value())
    else:
        ring = crypto.KeyRing.load(settings.data_dir / "keys.json")
    return Shell(
        settings,
        engine,
        crypto.Crypto(ring, file=None if settings.keys else settings.data_dir / "keys.json"),
        authenticate=identity.authenticator(settings),
        migration_head=tables.MIGRATION_HEAD,
        recall=identity.recaller(demo=not settings.production),
        lists=LISTS,
        swift=identity.recogniser(settings),
        reader=Reader(
            settings.database_url.get_secret_value(),
            size=settings.pool_size,
            timeout=settings.pool_timeout,
        ),
    )


def create_app(settings: Settings) -> FastAPI:
    """The service as an ASGI application."""
    shell, metrics = make_shell(settings), Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await app.state.shell.dispose()

    app = FastAPI(
        title="Jiceng 基层",
        version=VERSION,
        summary="The open JSON service for Party-building work in social organizations",
        description=DESCRIPTION,
        openapi_tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.shell = shell
    for router in ROUTERS:
        app.include_router(router, prefix=BASE)
    problems.install(app)
    health.install(app, metrics)
    openapi.install(app)
    if settings.public_docs:
        _documentation(app)
    app.add_middleware(Express, service=app, base=BASE)
    app.add_middleware(Shortcut, service=app)
    app.add_middleware(Shielded, settings=settings, metrics=metrics)
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.allowed_origins),
            allow_credentials=True,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=[
                "Authorization",
                "Content-Type",
                "If-Match",
                "If-None-Match",
                "Idempotency-Key",
                "Last-Event-ID",
            ],
            expose_headers=[
                "ETag",
                "Location",
                "X-Request-ID",
                "RateLimit",
                "RateLimit-Policy",
                "Retry-After",
            ],
            max_age=600,
        )
    return app


def _documentation(app: FastAPI) -> None:
    """The interactive documentation from vendored assets: government intranets have no CDN."""
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

    async def docs(_: Request) -> Response:
        return Response(DOCS_PAGE, media_type="text/html; charset=utf-8")

    async def document(request: Request) -> Response:
        if not hasattr(app.state, "document"):  # seconds of work, done once, beside the event loop
            app.state.document = await asyncio.to_thread(lambda: orjson.dumps(app.openapi()))
        tag = reads.hash_tag(app.state.document)
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        return Response(app.state.document, media_type="application/json", headers={"ETag": tag})

    async def script(_: Request) -> Response:
        return Response(DOCS_SCRIPT, media_type="text/javascript; charset=utf-8")

    app.add_route("/openapi.json", document, include_in_schema=False)
    app.add_route("/docs", docs, include_in_schema=False)
    app.add_route("/docs/start.js", script, include_in_schema=False)

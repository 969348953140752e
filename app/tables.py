"""Every slice's tables, imported once, so that `Base.metadata` is whole (migrations and tests read it).

The owner of a slice adds one line: `import app.<slice>.models`.
"""

import app.agreements.models
import app.authorities.models
import app.campaigns.models
import app.census.models
import app.core.audit
import app.core.events
import app.core.idempotency
import app.core.marks
import app.core.sealing
import app.coverage.models
import app.cross_appointments.models
import app.designations.models
import app.development.models
import app.divisions.models
import app.dues.models
import app.duties.models
import app.establishments.models
import app.facilities.models
import app.files.models
import app.honours.models
import app.identity.models
import app.imports.models
import app.instructors.models
import app.intake.models
import app.meetings.models
import app.members.models
import app.notices.models
import app.operations.models
import app.opinions.models
import app.organizations.models
import app.party_organizations.models
import app.posts.models
import app.rankings.models
import app.reference.models
import app.reorganizations.models
import app.responsibility.models
import app.rosters.models
import app.rounds.models
import app.scoring.models
import app.supervision.models
import app.warnings.models  # noqa: F401

MIGRATION_HEAD = "0038"

"""What the tables of this slice share."""

from sqlalchemy import LargeBinary

BODY = "party_organizations.id"
VALID = "NOT isempty(valid) AND NOT lower_inf(valid)"
SEALED = LargeBinary

"""How old a member is: read from the sealed ID number, which goes nowhere."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.core.work import Work
from app.members.models import Member, Person


async def age_on(work: Work, member_id: UUID, on: date) -> int | None:
    """The full years of a member of this transaction's sight on a day, by the birth date in the ID number
    (GB 11643-1999, digits 7 to 14); None where no number is recorded."""
    found = await work.execute(
        select(Person.id, Person.id_number_cipher)
        .join(Member, Member.person_id == Person.id)
        .where(Member.id == member_id)
    )
    row = found.one_or_none()
    if row is None or row.id_number_cipher is None:
        return None
    number = work.crypto.decrypt(row.id_number_cipher, table="persons", column="id_number_cipher", row=row.id)
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

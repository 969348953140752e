-- What each invented person is in the Party: nine of ten full members of their branch, one on probation.
CREATE UNLOGGED TABLE bench_members AS
SELECT uuidv7() AS id, p.id AS person_id, p.party_organization_id, p.division_code,
       CASE WHEN n % 10 = 0 THEN 'probationary' ELSE 'full' END AS status,
       greatest(b.founded_on, date '2001-07-01' + (n * 7 % 8000)::integer) AS joined_on, c.organization_id, n
  FROM (SELECT id, party_organization_id, division_code, row_number() OVER (ORDER BY id) AS n FROM persons) p
  JOIN party_organizations b ON b.id = p.party_organization_id
  LEFT JOIN LATERAL (SELECT organization_id FROM party_organization_covers c
                      WHERE c.party_organization_id = b.id AND upper_inf(c.recorded) AND upper_inf(c.valid)
                      LIMIT 1) c ON true;
INSERT INTO members (id, version, person_id, status, joined_on, joined_precision, full_on, full_precision,
       party_organization_id, division_code, organization_id, employment, scattered)
SELECT id, 1, person_id, status, joined_on, 'day',
       CASE WHEN status = 'full' THEN joined_on + 365 END, CASE WHEN status = 'full' THEN 'day' END,
       party_organization_id, division_code, organization_id,
       CASE WHEN organization_id IS NOT NULL
            THEN (ARRAY['full_time_staff', 'part_time', 'principal', 'volunteer'])[1 + n % 4] END, false
  FROM bench_members;
INSERT INTO member_statuses (id, version, member_id, status, valid)
SELECT uuidv7(), 1, id, 'probationary', daterange(joined_on, CASE WHEN status = 'full' THEN joined_on + 365 END)
  FROM bench_members
UNION ALL
SELECT uuidv7(), 1, id, 'full', daterange(joined_on + 365, NULL) FROM bench_members WHERE status = 'full';
INSERT INTO member_affiliations (id, version, member_id, party_organization_id, valid)
SELECT uuidv7(), 1, id, party_organization_id, daterange(joined_on, NULL) FROM bench_members;
DROP TABLE bench_members

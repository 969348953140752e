-- Party organizations, their tree, what they cover, and the authorities of each division.
CREATE UNLOGGED TABLE bench_bodies AS
SELECT lead_id AS id, p.name || '社会工作部机关党委' AS name, 'working_committee' AS kind, NULL::text AS formation,
       p.level, p.code AS division_code, (SELECT u.lead_id FROM bench_places u WHERE u.code = p.parent_code) AS parent_id,
       date '1990-01-01' AS founded_on, NULL::integer AS n FROM bench_places p
UNION ALL
SELECT committee_id, name || '社会组织综合党委', 'committee', 'functional', level, code, lead_id, date '1990-01-01', NULL
  FROM bench_places
UNION ALL
SELECT school_body_id, name || '教育局党委', 'committee', 'functional', level, code, lead_id, date '1990-01-01', NULL
  FROM bench_places
UNION ALL
SELECT uuidv7(), CASE WHEN r.joint THEN r.name || '联合党支部' ELSE r.name || '党支部' END, 'branch',
       CASE WHEN r.joint THEN 'joint' ELSE 'single' END, p.level, p.code, p.committee_id,
       least(r.established_on + 200, timezone('Asia/Shanghai', now())::date - 10), r.n
  FROM bench_rows r JOIN bench_places p ON p.code = r.division_code WHERE r.body = r.n;
CREATE UNIQUE INDEX ON bench_bodies (n);
ANALYZE bench_bodies;
INSERT INTO party_organizations (id, version, name, kind, formation, level, division_code, parent_id, founded_on,
       counts_as_primary, status, created_at, updated_at)
SELECT id, 1, name, kind, formation, level, division_code, parent_id, founded_on,
       kind IN ('committee', 'branch'), 'active', bench_entered(founded_on), bench_entered(founded_on) FROM bench_bodies;
INSERT INTO party_organization_parents (id, party_organization_id, parent_id, valid)
SELECT uuidv7(), id, parent_id, daterange(founded_on, NULL) FROM bench_bodies WHERE parent_id IS NOT NULL;
INSERT INTO party_organization_closure (ancestor_id, descendant_id, depth, valid)
WITH RECURSIVE up AS (
    SELECT id AS ancestor_id, id AS descendant_id, 0 AS depth, founded_on, parent_id FROM bench_bodies
    UNION ALL
    SELECT b.id, up.descendant_id, up.depth + 1, greatest(up.founded_on, b.founded_on), b.parent_id
      FROM up JOIN bench_bodies b ON b.id = up.parent_id
) SELECT ancestor_id, descendant_id, depth, daterange(founded_on, NULL) FROM up;
INSERT INTO party_organization_functions (id, version, party_organization_id, function, division_code, valid,
       created_at, updated_at)
SELECT uuidv7(), 1, committee_id, 'comprehensive_committee', code, daterange('1990-01-01', NULL), now(), now()
  FROM bench_places;
INSERT INTO authorities (id, version, name, division_code, party_organization_id, status, created_at, updated_at)
SELECT registry_id, 1, name || '民政局', code, NULL::uuid, 'active', now(), now() FROM bench_places
UNION ALL SELECT school_id, 1, name || '教育局', code, school_body_id, 'active', now(), now() FROM bench_places
UNION ALL SELECT social_work_id, 1, name || '委社会工作部', code, lead_id, 'active', now(), now() FROM bench_places;
INSERT INTO authority_roles (id, version, authority_id, role, valid, created_at, updated_at)
SELECT uuidv7(), 1, r.id, r.role, daterange('1990-01-01', NULL), now(), now() FROM bench_places,
LATERAL (VALUES (registry_id, 'registration_authority'), (registry_id, 'civil_affairs'),
                (school_id, 'supervisory_unit'), (social_work_id, 'social_work_department')) AS r (id, role);

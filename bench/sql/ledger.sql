-- The ledger as registration by import, then one change each, leave it.
CREATE OR REPLACE VIEW bench_organizations AS
SELECT r.*, s.kind, s.registration_mode, p.registry_id, CASE WHEN s.supervised THEN p.school_id END AS supervisor_id,
       r.shape = 5 AS trade, coalesce(r.ended_on, r.decoupled_on) AS changed_on,
       bench_entered(r.established_on) AS entered,
       bench_entered(coalesce(r.ended_on, r.decoupled_on)) AS changed
  FROM bench_rows r JOIN bench_places p ON p.code = r.division_code
  JOIN (VALUES {shapes}) AS s (shape, kind, registration_mode, supervised) USING (shape);
INSERT INTO organizations (id, version, credit_code, name, kind, registration_mode, registration_status, division_code,
       domicile_division_code, domicile_address, registration_authority_id, supervisory_unit_id, established_on,
       ended_on, decoupled, is_trade_association, foreign_related, staff_count, member_count, party_member_count,
       full_member_count, legal_representative, created_at, updated_at)
SELECT id, 1 + (changed_on IS NOT NULL)::integer + (renamed_on IS NOT NULL)::integer, credit_code, name, kind,
       registration_mode, CASE WHEN ended_on IS NULL THEN 'normal' ELSE 'deregistered' END, division_code,
       domicile_division_code, address, registry_id, supervisor_id, established_on, ended_on,
       decoupled_on IS NOT NULL, trade, false, staff, members, party_members, full_members, representative,
       entered, greatest(entered, changed, bench_entered(renamed_on))
  FROM bench_organizations ORDER BY n;
INSERT INTO organization_facts (id, organization_id, fact, key, value, effective_on, source, source_rank, sequence,
       correction, recorded_at, recorded_by, digest)
SELECT uuidv7(), o.id, f.fact, f.key, f.said::jsonb, f.since, 'import', 30, f.sequence, false, bench_entered(f.since),
       '00000000-0000-0000-0000-000000000000', bench_digest(f.fact, f.key, f.since, f.sequence, f.said)
  FROM bench_organizations o, LATERAL (VALUES
       ('name', '', to_json(coalesce(former_name, name))::text, established_on, 1),
       ('kind', '', to_json(kind)::text, established_on, 1),
       ('registration_mode', '', to_json(registration_mode)::text, established_on, 1),
       ('registration_status', '', '"normal"', established_on, 1),
       ('credit_code', '', to_json(credit_code)::text, established_on, 1),
       ('division_code', '', to_json(division_code)::text, established_on, 1),
       ('domicile_division_code', '', to_json(domicile_division_code)::text, established_on, 1),
       ('domicile_address', '', to_json(address)::text, established_on, 1),
       ('registration_authority_id', '', to_json(registry_id)::text, established_on, 1),
       ('supervisory_unit_id', '', to_json(supervisor_id)::text, established_on, 1),
       ('established_on', '', to_json(established_on)::text, established_on, 1),
       ('is_trade_association', '', CASE WHEN trade THEN 'true' END, established_on, 1),
       ('staff_count', '', staff::text, established_on, 1),
       ('member_count', '', members::text, established_on, 1),
       ('party_member_count', '', party_members::text, established_on, 1),
       ('full_member_count', '', full_members::text, established_on, 1),
       ('legal_representative', '', to_json(representative)::text, established_on, 1),
       ('name', '', CASE WHEN renamed_on IS NOT NULL THEN to_json(name)::text END, renamed_on, 2),
       ('registration_status', '', CASE WHEN ended_on IS NOT NULL THEN '"deregistered"' END, ended_on, 2),
       ('decoupled', '', CASE WHEN decoupled_on IS NOT NULL THEN 'true' END, decoupled_on, 2),
       ('charter_clause', 'party_building', '{{"approved_on":"' || established_on || '","clause":"party_building",'
        || '"evidence":null,"wording":"' || clause || '"}}', established_on, 2),
       ('identifier', 'filing_number/' || number, '{{"ended_on":null,"issued_by":null,"issued_on":null,"number":'
        || to_json(number)::text || ',"scheme":"filing_number"}}', established_on, 2)
  ) AS f (fact, key, said, since, sequence) WHERE f.said IS NOT NULL;
INSERT INTO organization_names (id, organization_id, name, valid)
SELECT uuidv7(), o.id, n.name, n.valid FROM bench_organizations o, LATERAL (VALUES
       (coalesce(former_name, name), daterange(established_on, renamed_on)),
       (CASE WHEN renamed_on IS NOT NULL THEN name END, daterange(renamed_on, NULL))) AS n (name, valid)
 WHERE n.name IS NOT NULL ORDER BY o.n;
INSERT INTO organization_periods (id, organization_id, valid, recorded, registration_status, kind, division_code,
       domicile_division_code, registration_mode, registration_authority_id, supervisory_unit_id, decoupled)
SELECT uuidv7(), o.id, p.valid, p.recorded, p.status, kind, division_code, domicile_division_code, registration_mode,
       registry_id, supervisor_id, p.decoupled
  FROM bench_organizations o, LATERAL (VALUES
       (true, daterange(established_on, NULL), tstzrange(entered, changed), 'normal', false),
       (changed_on IS NOT NULL, daterange(established_on, changed_on), tstzrange(changed, NULL), 'normal', false),
       (changed_on IS NOT NULL, daterange(changed_on, NULL), tstzrange(changed, NULL),
        CASE WHEN ended_on IS NULL THEN 'normal' ELSE 'deregistered' END, decoupled_on IS NOT NULL)
  ) AS p (there, valid, recorded, status, decoupled) WHERE p.there ORDER BY o.n;
INSERT INTO charter_clauses (id, organization_id, clause, wording, approved_on, valid, source)
SELECT uuidv7(), id, 'party_building', clause, established_on, daterange(established_on, NULL), 'import'
  FROM bench_rows WHERE clause IS NOT NULL ORDER BY n;
INSERT INTO organization_identifiers (id, organization_id, key, source, effective_on, withdrawn, scheme, number)
SELECT uuidv7(), id, 'filing_number/' || number, 'import', established_on, false, 'filing_number', number
  FROM bench_rows WHERE number IS NOT NULL ORDER BY n;
INSERT INTO party_organization_covers (id, cover_id, version, party_organization_id, organization_id, formation, valid,
       recorded)
SELECT uuidv7(), uuidv7(), 1, b.id, r.id, b.formation, daterange(greatest(b.founded_on, r.established_on), NULL),
       tstzrange(bench_entered(greatest(b.founded_on, r.established_on)), NULL)
  FROM bench_rows r JOIN bench_bodies b ON b.n = r.body ORDER BY r.n;
INSERT INTO no_party_organization_reasons (id, reason_id, version, organization_id, reason, valid, recorded)
SELECT uuidv7(), uuidv7(), 1, id, 'no_full_members',
       daterange(greatest(date '2026-06-01', established_on), date '2027-06-01'),
       tstzrange(bench_entered(greatest(date '2026-06-01', established_on)), NULL)
  FROM bench_rows WHERE body IS NULL AND ended_on IS NULL AND party_members = 0 AND n % 3 = 0 ORDER BY n;
INSERT INTO audit_entries (id, at, actor_id, actor_kind, actor_name, action, subject_type, subject_id, division_code, data)
SELECT uuidv7(), bench_entered(established_on), '00000000-0000-0000-0000-000000000000', 'system', 'jiceng',
       'organization.registered', 'organization', id, division_code, jsonb_build_object('name',
       coalesce(former_name, name), 'credit_code', credit_code, 'effective_on', established_on, 'source', 'import')
  FROM bench_rows ORDER BY n;
INSERT INTO events (id, type, subject_type, subject_id, division_code, data, public, actor_id, occurred_at, reacted_at)
SELECT uuidv7(), action, subject_type, subject_id, division_code, data, true, actor_id, at, at FROM audit_entries
 WHERE action = 'organization.registered' ORDER BY id;

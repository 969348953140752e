-- The same answer for every organization of the same shape in the same division, with duties owed by it.
CREATE UNLOGGED TABLE bench_answers AS
SELECT f.division_code, f.shape, r.* FROM bench_firsts f JOIN responsibilities r ON r.organization_id = f.id;
CREATE INDEX ON bench_answers (division_code, shape);
CREATE UNLOGGED TABLE bench_determinations AS
SELECT f.division_code, f.shape, d.* FROM bench_firsts f
  JOIN responsibility_determinations d ON d.organization_id = f.id;
ANALYZE bench_answers; ANALYZE bench_determinations;
DELETE FROM responsibilities; DELETE FROM responsibility_determinations;
INSERT INTO responsibilities (id, organization_id, party_organization_id, relation, rule_code, rule_title, rule_source,
       rule_pack_id, tried, valid, recorded, override)
SELECT uuidv7(), o.id, a.party_organization_id, a.relation, a.rule_code, a.rule_title, a.rule_source, a.rule_pack_id,
       a.tried, v.valid, v.recorded, false
  FROM bench_organizations o JOIN bench_answers a USING (division_code, shape), LATERAL (VALUES
       (ended_on IS NOT NULL, daterange(established_on, NULL), tstzrange(entered, changed)),
       (true, daterange(coalesce(decoupled_on, established_on), ended_on), tstzrange(greatest(entered, changed), NULL))
  ) AS v (there, valid, recorded) WHERE v.there ORDER BY o.n;
INSERT INTO responsibility_determinations (organization_id, outcome, rule_code, rule_title, rule_source, rule_pack_id,
       tried, facts, determined_on, determined_at)
SELECT o.id, d.outcome, d.rule_code, d.rule_title, d.rule_source, d.rule_pack_id, d.tried, d.facts,
       coalesce(o.decoupled_on, o.established_on), bench_entered(coalesce(o.decoupled_on, o.established_on))
  FROM bench_organizations o JOIN bench_determinations d USING (division_code, shape) ORDER BY o.n;
INSERT INTO duties (id, version, organization_id, kind, title, source, rule_pack_id, registered_on, working_days, due_on,
       provisional, owed_by, owed_by_authority_id, owed_by_party_organization_id, state, done_on, handed_over_to_id,
       closed_reason, created_at, updated_at)
SELECT uuidv7(), 1, o.id, t.term->>'kind', t.term->'title', t.term->>'source', p.id, o.established_on, d.working_days,
       d.due_on, d.provisional, t.term->>'owed_by',
       CASE WHEN t.term->>'owed_by' = 'registration_authority' THEN o.registry_id END,
       CASE WHEN t.term->>'owed_by' = 'responsible_body' THEN a.party_organization_id END,
       s.state, CASE WHEN s.state = 'done' THEN d.due_on END,
       CASE WHEN s.state = 'done' AND t.term->>'kind' = 'hand_over' THEN a.party_organization_id END,
       CASE WHEN s.state IN ('waived', 'lapsed') THEN '材料已由登记机关留存' END, entered, entered
  FROM bench_organizations o
  JOIN rule_packs p ON p.kind = 'registration_duties' AND p.jurisdiction_code IS NULL
       AND o.established_on >= p.effective_on AND p.content->'registration_modes' ? o.registration_mode
  CROSS JOIN LATERAL jsonb_array_elements(p.content->'duties') AS t (term)
  JOIN bench_days d ON d.day = o.established_on AND d.working_days = (t.term->>'working_days')::integer
  LEFT JOIN bench_answers a ON a.division_code = o.division_code AND a.shape = o.shape AND a.relation = 'lead'
  CROSS JOIN LATERAL (SELECT CASE
       WHEN t.term->>'kind' = 'member_survey' OR a.party_organization_id IS NULL THEN 'waived'
       WHEN o.established_on > date '2026-09-20' THEN CASE WHEN o.ended_on IS NULL THEN 'open' ELSE 'lapsed' END
       ELSE 'done' END AS state) s
 ORDER BY o.n;

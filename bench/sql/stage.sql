-- What the invented rows are laid down in before they become the ledger.
DROP TABLE IF EXISTS bench_places, bench_rows, bench_days, bench_bodies, bench_answers, bench_firsts;
CREATE UNLOGGED TABLE bench_places AS
SELECT code, name, level, parent_code,
       uuidv7() AS lead_id, uuidv7() AS committee_id, uuidv7() AS school_body_id,
       uuidv7() AS registry_id, uuidv7() AS school_id, uuidv7() AS social_work_id
  FROM divisions
 WHERE valid @> timezone('Asia/Shanghai', now())::date AND level IN ('nation', 'province', 'prefecture', 'county')
   AND code IN (SELECT descendant_code FROM division_closure WHERE ancestor_code = '{within}'
                 UNION SELECT ancestor_code FROM division_closure WHERE descendant_code = '{within}')
 ORDER BY code;
ALTER TABLE bench_places ADD PRIMARY KEY (code);
CREATE UNLOGGED TABLE bench_rows (
    n integer, shape smallint, division_code text COLLATE "C", domicile_division_code text COLLATE "C",
    address text, name text COLLATE "C", former_name text COLLATE "C", renamed_on date,
    credit_code text COLLATE "C", number text, established_on date, ended_on date, decoupled_on date,
    staff integer, members integer, party_members integer, full_members integer, representative text,
    clause text, body integer, joint boolean, id uuid NOT NULL DEFAULT uuidv7()
);
CREATE UNLOGGED TABLE bench_days (day date, working_days smallint, due_on date, provisional boolean);

-- The identity of a statement, as app.organizations.rules.facts.digest makes it.
CREATE OR REPLACE FUNCTION bench_digest(fact text, key text, effective_on date, sequence integer, said text)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT encode(sha256(convert_to(
        '["' || fact || '", ' || to_json(key)::text || ', "' || effective_on || '", 30, ' || sequence
        || ', false, "0001-01-01T00:00:00+00:00", "import", ' || to_json('[' || said || ',{{}}]')::text || ']',
        'UTF8')), 'hex')
$$;
-- Ten in the morning, three days after something took effect: when the office entered it.
CREATE OR REPLACE FUNCTION bench_entered(day date) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN day IS NOT NULL
           THEN least((day + 3 + time '10:00') AT TIME ZONE 'Asia/Shanghai', now()) END
$$;

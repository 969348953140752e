SELECT row_to_json(q)::text AS item FROM (
    SELECT m.id, p.name_mask AS name, p.id_number_mask AS id_number, p.phone_mask AS phone, m.status, m.ended_kind,
           m.ended_on, m.applied_on,
           CASE WHEN m.joined_on IS NOT NULL
                THEN json_build_object('on', m.joined_on, 'precision', m.joined_precision) END AS joined,
           CASE WHEN m.full_on IS NOT NULL
                THEN json_build_object('on', m.full_on, 'precision', m.full_precision) END AS "full",
           json_build_object('id', b.id, 'name', b.name) AS party_organization,
           json_build_object('code', d.code, 'name', d.name) AS division,
           CASE WHEN o.id IS NOT NULL THEN json_build_object('id', o.id, 'name', o.name) END AS organization,
           m.employment, m.scattered, m.floating_since, m.contact_lost_on, m.suspension_due_on, m.strike_off_due_on,
           m.floating_due_on,
           to_char(timezone('UTC', m.created_at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_at,
           to_char(timezone('UTC', m.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated_at,
           concat('"', m.version, '"') AS etag
      FROM members m
      JOIN persons p ON p.id = m.person_id
      JOIN party_organizations b ON b.id = m.party_organization_id
      JOIN divisions d ON d.code = m.division_code
      LEFT JOIN organizations o ON o.id = m.organization_id
     WHERE {where}
     ORDER BY m.division_code, m.id LIMIT 51
) q

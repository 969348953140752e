SELECT row_to_json(q)::text AS item FROM (
    SELECT o.id, o.credit_code, o.name, o.kind, o.registration_mode, o.registration_status,
           json_build_object('code', o.division_code, 'name', registered.name) AS division,
           CASE WHEN o.domicile_division_code IS NOT NULL
                THEN json_build_object('code', o.domicile_division_code, 'name', domiciled.name) END AS domicile_division,
           o.domicile_address,
           CASE WHEN registry.id IS NOT NULL
                THEN json_build_object('id', registry.id, 'name', registry.name) END AS registration_authority,
           CASE WHEN unit.id IS NOT NULL THEN json_build_object('id', unit.id, 'name', unit.name) END AS supervisory_unit,
           CASE WHEN line.id IS NOT NULL THEN json_build_object('id', line.id, 'name', line.name) END AS industry_authority,
           o.industry, o.established_on, o.ended_on, o.business_scope, o.decoupled, o.is_trade_association,
           o.foreign_related, o.staff_count, o.member_count, o.party_member_count, o.full_member_count,
           o.full_time_full_member_count, o.legal_representative, o.contact_name, o.contact_phone_mask,
           o.merged_into_id AS merged_into,
           to_char(timezone('UTC', o.created_at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_at,
           to_char(timezone('UTC', o.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated_at,
           concat('"', o.version, '"') AS etag
      FROM organizations o
      JOIN divisions registered ON registered.code = o.division_code
      LEFT JOIN divisions domiciled ON domiciled.code = o.domicile_division_code
      LEFT JOIN authorities registry ON registry.id = o.registration_authority_id
      LEFT JOIN authorities unit ON unit.id = o.supervisory_unit_id
      LEFT JOIN authorities line ON line.id = o.industry_authority_id
     WHERE {where}
     ORDER BY o.division_code, o.id LIMIT 51
) q

SELECT row_to_json(q)::text AS item FROM (
    SELECT b.id, b.name, b.kind, b.formation, b.level,
           json_build_object('code', d.code, 'name', d.name) AS division,
           CASE WHEN u.id IS NOT NULL THEN json_build_object('id', u.id, 'name', u.name) END AS parent,
           b.industry, b.approval_document, b.founded_on, b.dissolved_on, b.dissolved_reason, b.counts_as_primary,
           b.status,
           to_char(timezone('UTC', b.created_at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_at,
           to_char(timezone('UTC', b.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated_at,
           concat('"', b.version, '"') AS etag
      FROM party_organizations b
      LEFT JOIN party_organizations u ON u.id = b.parent_id
      LEFT JOIN divisions d ON d.code = b.division_code
     WHERE {where}
     ORDER BY b.division_code, b.id LIMIT 51
) q

/** openapi-typescript with openapi-fetch: sign in, list, page, edit with the ETag, handle problems, upload. */

import createClient from "openapi-fetch";
import type { components, paths } from "./first/schema.js";
import { environment, ledger, must, tell } from "./steps.js";

type Organization = components["schemas"]["OrganizationRead"];

const client = createClient<paths>({
  baseUrl: environment.address,
  headers: { Authorization: `Bearer ${environment.token}`, "Accept-Language": "en" },
});

async function everyOrganization(): Promise<{ found: Organization[]; total: number | null }> {
  const found: Organization[] = [];
  let cursor: string | undefined;
  let total: number | null = null;
  for (;;) {
    const query = { division: "440115", limit: 2, include_total: true, ...(cursor ? { cursor } : {}) };
    const { data, error } = await client.GET("/api/v1/organizations", { params: { query } });
    if (error) throw new Error(error.code);
    found.push(...data.items);
    total = data.total;
    if (!data.has_more || data.next_cursor === null) return { found, total };
    cursor = data.next_cursor;
  }
}

const { found, total } = await everyOrganization();
const path = { organization_id: environment.organization };

const read = await client.GET("/api/v1/organizations/{organization_id}", { params: { path } });
const etag = must(read.data, "read").etag;
const edit = (ifMatch: string, name: string) =>
  client.PATCH("/api/v1/organizations/{organization_id}", {
    params: { path, header: { "If-Match": ifMatch } },
    body: { name, effective_on: "2021-03-01", reason: "更名核准" },
  });
const edited = must((await edit(etag, "示例第一协会")).data, "edited");
const stale = await edit(etag, "示例第二协会");
const invalid = await edit(edited.etag, "");
const refused = await client.POST("/api/v1/sessions", {
  body: { login_name: "nobody.here", password: "never-was-a-password" },
});
const upload = await client.POST("/api/v1/files", {
  params: { query: { name: "首份台账.csv" } },
  body: ledger as unknown as string,
  bodySerializer: (body) => body,
  headers: { "Content-Type": "text/csv" },
});

tell({
  listed: found.map((organization) => organization.id),
  total,
  edited: edited.name,
  stale: { status: stale.response.status, code: must(stale.error, "stale").code },
  invalid: {
    status: invalid.response.status,
    code: must(invalid.error, "invalid").code,
    pointers: (invalid.error?.errors ?? []).map((fault) => fault.pointer),
  },
  refused: { status: refused.response.status, code: must(refused.error, "refused").code },
  uploaded: must(upload.data, "uploaded").name,
});

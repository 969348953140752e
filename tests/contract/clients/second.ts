/** @hey-api/openapi-ts: the same as the first program, with another generator's functions. */

import { client } from "./second/client.gen.js";
import {
  changeOrganization,
  getOrganization,
  listOrganizations,
  signIn,
  uploadFile,
} from "./second/sdk.gen.js";
import type { OrganizationRead } from "./second/types.gen.js";
import { environment, ledger, must, tell } from "./steps.js";

client.setConfig({
  baseUrl: environment.address,
  auth: () => environment.token,
  headers: { "Accept-Language": "en" },
});

const found: OrganizationRead[] = [];
let total: number | null = null;
let cursor: string | undefined;
do {
  const query = { division: "440115", limit: 2, include_total: true, ...(cursor ? { cursor } : {}) };
  const { data } = await listOrganizations({ query, throwOnError: true });
  found.push(...data.items);
  total = data.total;
  cursor = data.next_cursor ?? undefined;
} while (cursor);

const path = { organization_id: environment.organization };
const read = await getOrganization({ path, throwOnError: true });
const edit = (ifMatch: string, name: string) =>
  changeOrganization({
    path,
    headers: { "If-Match": ifMatch },
    body: { name, effective_on: "2021-04-01", reason: "更名核准" },
  });
const edited = must((await edit(read.data.etag, "示例第三协会")).data, "edited");
const stale = await edit(read.data.etag, "示例第四协会");
const invalid = await edit(edited.etag, "");
const refused = await signIn({ body: { login_name: "nobody.here", password: "never-was-a-password" } });
const upload = await uploadFile({
  query: { name: "再份台账.csv" },
  body: ledger,
  headers: { "Content-Type": "text/csv" },
});

tell({
  listed: found.map((organization) => organization.id),
  total,
  edited: edited.name,
  stale: { status: must(stale.response, "stale").status, code: must(stale.error, "stale").code },
  invalid: {
    status: must(invalid.response, "invalid").status,
    code: must(invalid.error, "invalid").code,
    pointers: (invalid.error?.errors ?? []).map((fault) => fault.pointer),
  },
  refused: { status: must(refused.response, "refused").status, code: must(refused.error, "refused").code },
  uploaded: must(upload.data, "uploaded").name,
});

// The same page and the same row as the service's, the way a careful Node team would serve them:
// JSON built by PostgreSQL, prepared statements, a pool of five. No sign-in, no scope, no ETag.
import { readFileSync } from "node:fs";
import Fastify from "fastify";
import postgres from "postgres";

const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PORT } = process.env;
const sql = postgres({
  host: PGHOST, path: `${PGHOST}/.s.PGSQL.${PGPORT}`, port: Number(PGPORT), user: PGUSER, password: PGPASSWORD,
  database: PGDATABASE, max: 5, prepare: true,
});
const app = Fastify({ logger: false });

for (const [file, row, prefix] of [["page", "o", ""], ["member", "m", "/members"], ["body", "b", "/bodies"]]) {
  const text = readFileSync(new URL(`../${file}.sql`, import.meta.url), "utf8");
  const page = text.replace("{where}", `${row}.division_code = $1`);
  const one = text.replace("{where}", `${row}.id = $1`);
  app.get(`${prefix}/page`, async (request, reply) => {
    const rows = await sql.unsafe(page, [request.query.division], { prepare: true });
    const more = rows.length > 50;
    const items = (more ? rows.slice(0, 50) : rows).map((row) => row.item).join(",");
    reply.type("application/json").send(`{"items":[${items}],"has_more":${more}}`);
  });
  app.get(`${prefix}/one/:id`, async (request, reply) => {
    const rows = await sql.unsafe(one, [request.params.id], { prepare: true });
    if (rows.length === 0) return reply.code(404).send({ title: "not found" });
    reply.type("application/json").send(rows[0].item);
  });
}
await app.listen({ host: "127.0.0.1", port: Number(PORT) });

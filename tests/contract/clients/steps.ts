/** What both programs do, and how they say what came of it: one line of JSON. */

export const environment = {
  address: process.env.JICENG_ADDRESS ?? "",
  token: process.env.JICENG_TOKEN ?? "",
  organization: process.env.JICENG_ORGANIZATION ?? "",
};

export const ledger = new Blob(["社会组织名称,统一社会信用代码\n示例协会,\n"], { type: "text/csv" });

export type Done = {
  listed: string[];
  total: number | null;
  edited: string;
  stale: { status: number; code: string };
  invalid: { status: number; code: string; pointers: string[] };
  refused: { status: number; code: string };
  uploaded: string;
};

export function tell(done: Done): void {
  console.log(JSON.stringify(done));
}

export function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(what);
  return value;
}

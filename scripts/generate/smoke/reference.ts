import type { Made } from "../plan.ts";
import { allowExpressions } from "./expressions.ts";
import { makeSmokeSchema } from "./schema.ts";
import { renderSmokeTables } from "./tables.ts";

/** The schema of smoke tests for editors, and the tables of docs/smoke-tests.md, of the one grammar in src/smoke/spec. */
export function makeSmokeReference(): Made {
  const schema = makeSmokeSchema();
  const text = `${JSON.stringify(allowExpressions(schema), undefined, 1)}\n`;
  return { files: new Map([["schemas/smoke-test.schema.json", text]]), blocks: renderSmokeTables(schema) };
}

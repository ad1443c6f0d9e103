import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import { CHECK_KINDS } from "../../../src/smoke/spec/check-kinds.ts";
import { helmLook } from "../../../src/smoke/spec/checks/helm.ts";
import { natsLook } from "../../../src/smoke/spec/checks/nats.ts";
import type { Demand } from "../../../src/smoke/spec/demand.ts";
import {
  binding,
  check,
  collector,
  document,
  ending,
  negated,
  objectRef,
  operation,
  step,
} from "../../../src/smoke/spec/document.ts";
import { duration, pause } from "../../../src/smoke/spec/duration.ts";
import { label, objectName } from "../../../src/smoke/spec/fields.ts";
import { jsonPath } from "../../../src/smoke/spec/json-path.ts";
import { denial, matcher, pattern, predicate, scalar } from "../../../src/smoke/spec/matcher.ts";
import { address, url } from "../../../src/smoke/spec/place.ts";

/** What stands once in the schema, however often it is meant: without, it would be fifteen times as long. */
const PARTS = {
  ...CHECK_KINDS,
  address,
  binding,
  check,
  collector,
  denial,
  duration,
  ending,
  helmLook,
  jsonPath,
  label,
  matcher,
  natsLook,
  negated,
  objectName,
  objectRef,
  operation,
  pattern,
  pause,
  predicate,
  scalar,
  step,
  url,
} as const;

/** The grammar of smoke tests as JSON Schema, of texts before anything is filled in. */
export function makeSmokeSchema(): JsonSchema {
  const schema = toJsonSchema(document, {
    typeMode: "input",
    target: "draft-07",
    definitions: PARTS,
    // What no schema can say, such as that a text is a regular expression, is left to the action.
    overrideAction: ({ valibotAction, jsonSchema }) => {
      const { demand } = valibotAction as { readonly demand?: Demand };
      return demand === undefined ? jsonSchema : { ...jsonSchema, ...renderDemand(demand) };
    },
  });
  return { title: "Smoke test of Mayfly", $comment: "Generated from src/smoke/spec by npm run generate", ...schema };
}

function renderDemand({ kind, keys, alone }: Demand): JsonSchema {
  const each = keys.map((key) => ({ required: [key], ...(alone.includes(key) ? { maxProperties: 1 } : {}) }));
  return kind === "exactly-one" ? { oneOf: each } : { anyOf: each };
}

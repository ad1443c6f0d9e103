import { Document } from "yaml";
import type { ActionSpec } from "../../src/kit/define-action.ts";
import type { Input } from "../../src/kit/input.ts";

/** What `azure-login` exports for the inputs of the actions after it. */
export const EXPORTED_BY_LOGIN: ReadonlySet<string> = new Set([
  ...["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_SUBSCRIPTION_ID"],
  ...["MAYFLY_CLOUD", "MAYFLY_AUTHORITY_HOST", "MAYFLY_RESOURCE_MANAGER", "MAYFLY_AUDIENCE"],
]);
const LOGIN = "azure-login";

/** The one Node version of all actions. */
export const NODE_RUNTIME = "node24";

/** The first words of every generated action.yml: a folder whose spec is gone is recognised by them. */
export const GENERATED_MARK = "Generated from src/actions/";

/** The text of actions/<folder>/action.yml for a TypeScript action. */
export function renderActionYml(folder: string, spec: ActionSpec): string {
  const document = new Document({
    name: spec.name,
    description: spec.description,
    branding: { icon: "cloud", color: "blue" },
    inputs: mapValues(spec.inputs, (input) => describeInput(folder, input)),
    outputs: mapValues(spec.outputs, (description) => ({ description })),
    runs: {
      using: NODE_RUNTIME,
      main: `../../dist/${folder}/index.js`,
      ...(spec.post === true ? { post: `../../dist/${folder}/post.js` } : {}),
    },
  });
  document.commentBefore = ` ${GENERATED_MARK}${folder}/spec.ts by scripts/generate.ts. Do not edit: change the spec, then run npm run generate.`;
  return document.toString({ lineWidth: 0 });
}

function describeInput(folder: string, input: Input<unknown>): Record<string, unknown> {
  return {
    description: `${input.description}${fallback(folder, input)}`,
    // An input that may come from the environment is not required of the workflow: readInputs asks for one of the two.
    required: input.required === true && input.env === undefined,
    // The runner sets every default, so one here would always win over the environment.
    ...(input.default === undefined || input.env !== undefined ? {} : { default: input.default }),
    ...(input.deprecated === undefined ? {} : { deprecationMessage: input.deprecated }),
  };
}

function fallback(folder: string, input: Input<unknown>): string {
  if (input.env === undefined) return "";
  const origin = EXPORTED_BY_LOGIN.has(input.env) && folder !== LOGIN ? `, which ${LOGIN} exports` : "";
  const last = input.default === undefined ? "" : `, then to ${JSON.stringify(input.default)}`;
  return ` Defaults to ${origin === "" ? "the environment variable " : ""}${input.env}${origin}${last}.`;
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

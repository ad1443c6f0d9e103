import { spec } from "../../../src/actions/terraform/spec.ts";
import type { InputsOf } from "../../../src/kit/define-action.ts";
import { inputVariable, readInputs } from "../../../src/kit/read-inputs.ts";

export const TOKEN = "ghs_the-token-of-the-job";

const GIVEN = {
  command: "apply",
  "working-directory": "infra",
  environment: "pr-12",
  "client-id": "11111111-1111-4111-8111-111111111111",
  "tenant-id": "22222222-2222-4222-8222-222222222222",
  "subscription-id": "00000000-0000-4000-8000-000000000001",
  "github-token": TOKEN,
  "backend-config": "storage_account_name=mayflystate\ncontainer_name=tfstate",
};

export type Given = Readonly<Record<string, string>>;

/** The inputs of an apply for pull request 12, with some of them changed; an empty text takes one away. */
export function readGiven(given: Given, mask: (secret: string) => void = () => {}): InputsOf<typeof spec> {
  const all = Object.entries({ ...GIVEN, ...given });
  const environment = Object.fromEntries(all.map(([name, value]) => [inputVariable(name), value]));
  return readInputs(spec, environment, mask);
}

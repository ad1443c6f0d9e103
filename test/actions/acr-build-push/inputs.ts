import { spec } from "../../../src/actions/acr-build-push/spec.ts";
import type { InputsOf } from "../../../src/kit/define-action.ts";
import { inputVariable, readInputs } from "../../../src/kit/read-inputs.ts";

const GIVEN = {
  "client-id": "11111111-1111-4111-8111-111111111111",
  "tenant-id": "22222222-2222-4222-8222-222222222222",
  registry: "mayfly",
  images: "team/app",
};

/** The inputs of a push to the registry `mayfly`, with some of them changed. */
export function inputs(given: Readonly<Record<string, string>> = {}): InputsOf<typeof spec> {
  const all = Object.entries({ ...GIVEN, ...given });
  const environment = Object.fromEntries(all.map(([name, value]) => [inputVariable(name), value]));
  return readInputs(spec, environment, () => {});
}

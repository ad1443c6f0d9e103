import { spec } from "../../../src/actions/acr-import/spec.ts";
import type { InputsOf } from "../../../src/kit/define-action.ts";
import { inputVariable, readInputs } from "../../../src/kit/read-inputs.ts";

/** The import's inputs as the kit reads them, so that the defaults in a test are the real ones. */
export function inputs(given: Readonly<Record<string, string>> = {}): InputsOf<typeof spec> {
  const base = {
    "client-id": "00000000-0000-0000-0000-00000000000c",
    "tenant-id": "00000000-0000-0000-0000-00000000000d",
    "subscription-id": "00000000-0000-0000-0000-000000000001",
    registry: "mayfly",
  };
  const environment = Object.fromEntries(
    Object.entries({ ...base, ...given }).map(([name, value]) => [inputVariable(name), value]),
  );
  return readInputs(spec, environment, () => undefined);
}

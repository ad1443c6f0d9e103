import { spec } from "../../../src/actions/acr-purge/spec.ts";
import type { InputsOf } from "../../../src/kit/define-action.ts";
import { inputVariable, readInputs } from "../../../src/kit/read-inputs.ts";

/** The purge's inputs as the kit reads them, so that the defaults in a test are the real ones. */
export function inputs(given: Readonly<Record<string, string>> = {}): InputsOf<typeof spec> {
  const base = {
    "client-id": "00000000-0000-0000-0000-00000000000c",
    "tenant-id": "00000000-0000-0000-0000-00000000000d",
    registry: "mayfly",
    repositories: "team/app",
    environment: "pr-12",
    "dry-run": "false",
  };
  const environment = Object.fromEntries(
    Object.entries({ ...base, ...given }).map(([name, value]) => [inputVariable(name), value]),
  );
  return readInputs(spec, environment, () => undefined);
}

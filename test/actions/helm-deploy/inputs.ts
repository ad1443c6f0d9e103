import { spec } from "../../../src/actions/helm-deploy/spec.ts";
import type { InputsOf } from "../../../src/kit/define-action.ts";
import { inputVariable, readInputs } from "../../../src/kit/read-inputs.ts";

const GIVEN = { chart: "charts/shop", release: "shop", namespace: "pr-12" };

export type Given = Readonly<Record<string, string>>;

/** The inputs of a deployment for pull request 12, with some of them changed; an empty text takes one away. */
export function readGiven(given: Given, mask: (secret: string) => void = () => {}): InputsOf<typeof spec> {
  const all = Object.entries({ ...GIVEN, ...given });
  const environment = Object.fromEntries(all.map(([name, value]) => [inputVariable(name), value]));
  return readInputs(spec, environment, mask);
}

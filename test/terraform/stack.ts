import type { EmulatorProxy } from "../azure/proxy.ts";
import type { Team } from "../azure/team.ts";
import { withLocalState } from "./terraform-files.ts";
import { createTerraformFolder, type TerraformRun } from "./terraform-folder.ts";

/** One of our stacks in a folder of its own, run by somebody with the real terraform and provider. */
export interface Stack extends AsyncDisposable {
  /** @throws Error with what terraform said where it fails */
  apply(variables: Readonly<Record<string, unknown>>): Promise<TerraformRun>;
  /** With the variables of the last apply: ends with 0 where nothing is to be done, with 2 where something is. */
  plan(): Promise<TerraformRun>;
  /** @throws Error with what terraform said where it fails */
  destroy(): Promise<TerraformRun>;
  outputs(): Promise<Readonly<Record<string, unknown>>>;
}

export interface StackOptions {
  readonly name: string;
  readonly proxy: EmulatorProxy;
  /** Who runs it, and in which subscription. */
  readonly team: Team;
  /** A folder of `examples`, whose tfvars are used. */
  readonly example?: string;
}

/** Initialises a stack. Its state is a local file. */
export async function openStack({ name, proxy, team, example }: StackOptions): Promise<Stack> {
  const env = { GO_AZURE_SDK_SKIP_POLLING_DELAY: "true" };
  const folder = await createTerraformFolder({ proxy, team, files: withLocalState(name), env });
  const words = (command: string) => [`-chdir=stacks/${name}`, command, "-no-color"];
  const files = example === undefined ? [] : [`-var-file=../../${example}.tfvars`];
  let given: readonly string[] = files;
  await folder.must(...words("init"));
  return {
    apply: (variables) => {
      given = [...files, ...Object.entries(variables).map(([key, value]) => `-var=${key}=${asVariable(value)}`)];
      return folder.must(...words("apply"), "-auto-approve", ...given);
    },
    plan: () => folder.run(...words("plan"), "-detailed-exitcode", ...given),
    destroy: () => folder.must(...words("destroy"), "-auto-approve", ...given),
    outputs: async () => {
      const { stdout } = await folder.must(...words("output"), "-json");
      const outputs = JSON.parse(stdout) as Readonly<Record<string, { readonly value: unknown }>>;
      return Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value]));
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const asVariable = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

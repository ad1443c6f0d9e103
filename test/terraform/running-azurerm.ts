import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { needTools } from "../image-tools/need-tools.ts";
import { SHORT_LIVED_GO } from "../short-lived-go.ts";

/** A provider that runs on its own. It ends when disposed of. */
export interface RunningAzurerm extends AsyncDisposable {
  /** What lets terraform take it instead of starting one. */
  readonly env: { readonly TF_REATTACH_PROVIDERS: string };
}

/**
 * Starts the built azurerm provider once for many runs of terraform. By itself terraform starts one for each step of a
 * run, and each takes a second of the processor to know its own resources. Only for tests in which the provider is a mock:
 * all have the same process, and one that talks to Azure remembers what it has seen there.
 *
 * @throws Error when it ends without having said where it listens
 * @see https://developer.hashicorp.com/terraform/plugin/debugging#starting-a-provider-in-debug-mode
 */
export async function startAzurerm(): Promise<RunningAzurerm> {
  const { "terraform-provider-azurerm": program } = needTools("azurerm");
  // By itself it tells of every call.
  const env = { PATH: "/usr/bin:/bin", TF_LOG_SDK: "ERROR", TF_LOG_SDK_PROTO: "ERROR", ...SHORT_LIVED_GO };
  const child = spawn(program, ["-debuggable"], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((done) => child.on("close", () => done()).on("error", () => done()));
  for await (const line of createInterface(child.stdout)) {
    const [, providers] = /^\s*TF_REATTACH_PROVIDERS='(.+)'$/.exec(line) ?? [];
    if (providers === undefined) continue;
    child.stdout.resume();
    return {
      env: { TF_REATTACH_PROVIDERS: providers },
      [Symbol.asyncDispose]: async () => {
        child.kill();
        await ended;
      },
    };
  }
  throw new Error(`${program} -debuggable ended without a word on where it listens`);
}

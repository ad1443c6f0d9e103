import { fieldOf, listOf, textOf } from "../../../rollout/read-field.ts";
import {
  CGROUP_FILES,
  isSameCpu,
  isSameMemory,
  parseCpuMax,
  parseCpuQuota,
  parseMemoryLimit,
} from "../../../smoke/cgroup.ts";
import { parseQuantity, renderBytes, renderCores } from "../../../smoke/quantity.ts";
import type { Limits } from "../../../smoke/spec/checks/limits.ts";
import type { FoundContainer } from "../find-containers.ts";
import { type ContainerLook, lookInContainers } from "../in-containers.ts";
import type { Checker } from "../look.ts";
import { printIn } from "../run-in-container.ts";
import type { Scope } from "../scope.ts";

/** What a container is held to: cores and bytes, infinite without a limit; undefined where nobody says. */
interface Held {
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  /** Who says so. */
  readonly by: string;
}

/** Compares what the kernel holds every container that is found to with what the spec says. */
export const limitsChecker: Checker<"limits"> = {
  begin: (payload, scope) => ({
    look: () =>
      lookInContainers(payload, scope, tellExpected(payload), async (container) =>
        judge(payload, (await readCgroup(container, scope)) ?? readStatus(container)),
      ),
  }),
};

function tellExpected({ cpu, memory }: Limits): string {
  return [...(cpu === undefined ? [] : [`cpu ${cpu}`]), ...(memory === undefined ? [] : [`memory ${memory}`])].join(
    ", ",
  );
}

function judge({ cpu, memory }: Limits, held: Held): ContainerLook {
  const parts = [
    ...(cpu === undefined ? [] : [compare("cpu", cpu, held.cpu, isSameCpu, renderCores)]),
    ...(memory === undefined ? [] : [compare("memory", memory, held.memory, isSameMemory, renderBytes)]),
  ];
  const seen = parts.map((part) => part.seen).join(", ");
  const [first] = parts;
  const state = first !== undefined && parts.every((part) => part.state === first.state) ? first.state : "unseen";
  return { state, seen: `${seen} (${held.by})` };
}

function compare(
  name: string,
  quantity: string | number,
  seen: number | undefined,
  isSame: (wanted: number, seen: number) => boolean,
  render: (value: number) => string,
): ContainerLook {
  const wanted = parseQuantity(quantity);
  if (wanted === undefined || seen === undefined) return { state: "unseen", seen: `${name} not told` };
  return { state: isSame(wanted, seen) ? "holds" : "not-yet", seen: `${name} ${render(seen)}` };
}

/** Undefined where the image has no `cat`, or its files are somewhere else. */
async function readCgroup(container: FoundContainer, scope: Scope): Promise<Held | undefined> {
  const { v1, v2 } = CGROUP_FILES;
  const newer = await readLines(container, [v2.cpu, v2.memory], scope);
  if (newer !== undefined) {
    const [cpu = "", memory = ""] = newer;
    return { cpu: parseCpuMax(cpu), memory: parseMemoryLimit(memory), by: "by its cgroup" };
  }
  const older = await readLines(container, [v1.quota, v1.period, v1.memory], scope);
  if (older === undefined) return undefined;
  const [quota = "", period = "", memory = ""] = older;
  return { cpu: parseCpuQuota(quota, period), memory: parseMemoryLimit(memory), by: "by its cgroup" };
}

/** A line of each file, all or none. */
async function readLines(container: FoundContainer, files: readonly string[], scope: Scope) {
  const text = await printIn(container, ["cat", ...files], scope);
  const lines = text?.trim().split("\n");
  return lines?.length === files.length ? lines : undefined;
}

/** What the kubelet has applied, as it reports it since Kubernetes 1.33. */
function readStatus({ object, container }: FoundContainer): Held {
  const status = listOf(object, "status", "containerStatuses").find((each) => textOf(each, "name") === container);
  const limits = fieldOf(status, "resources", "limits");
  if (fieldOf(status, "resources") === undefined) {
    const by = "the image has no cat, and this kubelet does not report what it has applied";
    return { cpu: undefined, memory: undefined, by };
  }
  const read = (name: string): number | undefined => {
    const value = fieldOf(limits, name);
    if (value === undefined) return Number.POSITIVE_INFINITY;
    return typeof value === "string" || typeof value === "number" ? parseQuantity(value) : undefined;
  };
  return { cpu: read("cpu"), memory: read("memory"), by: "as the kubelet reports it: the image has no cat" };
}

/** Where a container reads what the kernel holds it to: of version 2, and of version 1 with its controllers' folders. */
export const CGROUP_FILES = {
  v2: { cpu: "/sys/fs/cgroup/cpu.max", memory: "/sys/fs/cgroup/memory.max" },
  v1: {
    quota: "/sys/fs/cgroup/cpu/cpu.cfs_quota_us",
    period: "/sys/fs/cgroup/cpu/cpu.cfs_period_us",
    memory: "/sys/fs/cgroup/memory/memory.limit_in_bytes",
  },
} as const;

/** Cores of `cpu.max`, such as `50000 100000`; infinite without a limit, undefined for any other text. */
export function parseCpuMax(text: string): number | undefined {
  const [quota = "", period = "", ...others] = text.trim().split(/\s+/);
  if (others.length > 0) return undefined;
  return parseCpuQuota(quota === "max" ? "-1" : quota, period);
}

/** Cores of version 1: microseconds of work in so many microseconds. Infinite for a quota of -1. */
export function parseCpuQuota(quota: string, period: string): number | undefined {
  const [worked, of] = [parseWhole(quota), parseWhole(period)];
  if (worked === undefined || of === undefined || of <= 0 || worked === 0) return undefined;
  return worked < 0 ? Infinity : worked / of;
}

/** The kernel's word for no limit in version 1 is the largest number of whole pages that it can count. */
const UNLIMITED_BYTES = 2 ** 62;

/** Bytes of `memory.max` or `memory.limit_in_bytes`; infinite without a limit, undefined for any other text. */
export function parseMemoryLimit(text: string): number | undefined {
  if (text.trim() === "max") return Infinity;
  const bytes = parseWhole(text);
  if (bytes === undefined || bytes < 0) return bytes === -1 ? Infinity : undefined;
  return bytes >= UNLIMITED_BYTES ? Infinity : bytes;
}

/** The kernel takes no smaller quota than a millisecond of its 100. */
const LEAST_CORES = 0.01;

/**
 * Whether a limit of cores is what the spec says. The kubelet rounds to microseconds of a tenth of a second and systemd
 * up to a hundredth of a core, and neither goes below that.
 */
export function isSameCpu(wanted: number, seen: number): boolean {
  const least = Math.max(wanted, LEAST_CORES);
  const roundedUp = Math.ceil(Number((least * 100).toFixed(6))) / 100;
  return [least, roundedUp].some((cores) => Math.abs(cores - seen) < 0.000_02);
}

/** Pages of the processors that Kubernetes runs on. */
const PAGES = [4_096, 16_384, 65_536] as const;

/** Whether a limit of bytes is what the spec says: the kernel counts whole pages and drops the rest. */
export function isSameMemory(wanted: number, seen: number): boolean {
  return wanted === seen || PAGES.some((page) => Math.floor(wanted / page) * page === seen);
}

function parseWhole(text: string): number | undefined {
  return /^-?\d+$/.test(text.trim()) ? Number(text) : undefined;
}

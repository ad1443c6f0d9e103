/** What each suffix multiplies by. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const FORM = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;

/** The number that a quantity of Kubernetes stands for, such as `500m`, `256Mi` or `1e3`; undefined for what is none. */
export function parseQuantity(quantity: string | number): number | undefined {
  if (typeof quantity === "number") return Number.isFinite(quantity) ? quantity : undefined;
  const found = FORM.exec(quantity.trim());
  if (found === null) return undefined;
  const [, digits = "", exponent, suffix = ""] = found;
  if (exponent !== undefined) return finite(Number(`${digits}e${exponent}`));
  const factor = FACTORS[suffix];
  if (factor === undefined) return undefined;
  // A division is exact where a factor such as 0.001 is not.
  return factor < 1 ? Number(digits) / Math.round(1 / factor) : finite(Number(digits) * factor);
}

/** Processor cores as Kubernetes writes them: `500m`, `2`; `unlimited`. */
export function renderCores(cores: number): string {
  if (cores === Infinity) return "unlimited";
  return Number.isInteger(cores) ? String(cores) : `${Number((cores * 1_000).toFixed(3))}m`;
}

/** Bytes as Kubernetes writes them, in the largest unit that is exact: `256Mi`, `1000`; `unlimited`. */
export function renderBytes(bytes: number): string {
  if (bytes === Infinity) return "unlimited";
  const unit = ["Ei", "Pi", "Ti", "Gi", "Mi", "Ki"].find((one) => bytes > 0 && bytes % (FACTORS[one] ?? 1) === 0);
  return unit === undefined ? String(bytes) : `${bytes / (FACTORS[unit] ?? 1)}${unit}`;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

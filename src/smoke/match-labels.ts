type Labels = Readonly<Record<string, string>>;
type Fits = (labels: Labels) => boolean;

const NAME = "[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?";
const VALUE = "(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?";
const EXISTS = new RegExp(`^(!?)\\s*(${NAME})$`);
const EQUALS = new RegExp(`^(${NAME})\\s*(==|=|!=)\\s*(${VALUE})$`);
const ONE_OF = new RegExp(`^(${NAME})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);

/**
 * Whether labels fit a selector as kubectl takes it: `app=api,tier!=cache,stage in (a, b),!canary`. As there, `!=` and
 * `notin` fit what has no such label. Undefined for a text that is no selector.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function parseSelector(selector: string): Fits | undefined {
  const parts = selector.split(/,(?![^(]*\))/).map((part) => readPart(part.trim()));
  const fits = parts.filter((part) => part !== undefined);
  return fits.length === parts.length ? (labels) => fits.every((each) => each(labels)) : undefined;
}

function readPart(part: string): Fits | undefined {
  const [, not, present] = EXISTS.exec(part) ?? [];
  if (present !== undefined) return (labels) => Object.hasOwn(labels, present) === (not === "");
  const [, name, operator, value] = EQUALS.exec(part) ?? [];
  if (name !== undefined) return (labels) => (labelOf(labels, name) === value) === (operator !== "!=");
  const [, key, word, list = ""] = ONE_OF.exec(part) ?? [];
  if (key === undefined) return undefined;
  const values = new Set<string | undefined>(list.split(",").map((each) => each.trim()));
  return (labels) => values.has(labelOf(labels, key)) === (word === "in");
}

function labelOf(labels: Labels, name: string): string | undefined {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}

import fc from "fast-check";
import { anyCharacter } from "../any-character.ts";

const word = fc.constantFrom("a", "api", "orders-worker", "x1");
const free = fc.string({ unit: anyCharacter, minLength: 1, maxLength: 10 });
const duration = fc.constantFrom("90s", "5m", "800ms", "1h30m");
const scalar = fc.oneof(free, fc.integer({ min: -1_000, max: 1_000 }), fc.boolean(), fc.constant(null));
const predicate = fc.oneof(
  fc.record({ contains: free, not: fc.record({ "==": scalar }) }, { requiredKeys: ["contains"] }),
  fc.record({ ">=": fc.nat(), exists: fc.boolean() }, { requiredKeys: [">="] }),
  fc.record({ includes: scalar }),
);
const matcher = fc.oneof(scalar, predicate);
const names = fc.dictionary(word, matcher, { minKeys: 1, maxKeys: 2 });
const place = fc.oneof(
  fc.record({ pod: word, container: word }, { requiredKeys: ["pod"] }),
  fc.record({ selector: fc.constant("app=api"), namespace: word }, { requiredKeys: ["selector"] }),
  fc.record({ workload: word.map((name) => `deployment/${name}`) }),
);

/** What a spec can say of a check, by its kind. */
const PAYLOADS: Readonly<Record<string, fc.Arbitrary<object>>> = {
  resources: fc.record(
    {
      apiVersion: fc.constant("apps/v1"),
      kind: fc.constant("Deployment"),
      name: word,
      condition: fc.oneof(word, fc.record({ type: word, status: fc.constantFrom("True", "False") })),
      count: fc.oneof(fc.nat(), fc.record({ ">=": fc.integer({ min: 1 }) })),
      exists: fc.constant(true),
      assert: fc.record({ spec: fc.record({ "(length(containers))": fc.nat() }) }),
    },
    { requiredKeys: ["apiVersion", "kind", "exists"] },
  ),
  http: fc.record(
    {
      url: fc.constantFrom("service://api:80/healthz", "https://example.com", "service://shop/api:http/"),
      route: fc.constantFrom("proxy", "port-forward"),
      status: fc.oneof(
        fc.integer({ min: 100, max: 599 }),
        fc.array(fc.integer({ min: 100, max: 599 }), { minLength: 1 }),
      ),
      headers: names,
      body: matcher,
      jsonpath: fc.record({ "$.status": matcher }),
      requestHeaders: fc.dictionary(word, free, { maxKeys: 2 }),
      maxLatency: duration,
    },
    { requiredKeys: ["url", "status"] },
  ),
  tcp: fc.record({ address: fc.constantFrom("api:80", "service://api:http", "10.0.0.1:443") }),
  dns: fc.record({ name: word, type: fc.constantFrom("A", "TXT"), answers: matcher }, { requiredKeys: ["name"] }),
  exec: both(place, { command: fc.array(free, { minLength: 1, maxLength: 3 }), exitCode: fc.nat({ max: 255 }) }),
  env: both(place, { variables: fc.oneof(fc.array(word, { minLength: 1 }), names) }),
  limits: both(place, { cpu: fc.constantFrom("500m", 2, "1.5"), memory: fc.constantFrom("256Mi", "1Gi") }),
  logs: both(place, { contains: free, tail: fc.nat(), since: duration }),
  events: fc.record({ type: fc.constantFrom("Warning", "Normal"), count: fc.nat() }, { requiredKeys: [] }),
  helm: fc.record({ release: word, test: fc.boolean() }, { requiredKeys: [] }),
  keda: fc.record({ scaledJob: word, ready: fc.boolean(), active: fc.boolean() }, { requiredKeys: ["scaledJob"] }),
  coldstart: fc.record({ scaledObject: word, budget: fc.record({ total: duration }) }),
  workloadIdentity: fc.record({ serviceAccount: word }),
};

function both(place: fc.Arbitrary<object>, fields: Readonly<Record<string, fc.Arbitrary<unknown>>>) {
  return fc.tuple(place, fc.record(fields)).map(([one, other]) => ({ ...one, ...other }));
}

const payload = fc
  .constantFrom(...Object.keys(PAYLOADS))
  .chain((kind) => (PAYLOADS[kind] ?? fc.constant({})).map((value) => ({ [kind]: value })));
/** What acts is nothing for `error`. */
const isActing = (what: object): boolean => "helm" in what && Object.hasOwn(what.helm as object, "test");
const taken = fc.record({ timeout: duration, consistently: duration, optional: fc.boolean() }, { requiredKeys: [] });
const check = fc
  .tuple(taken, payload, fc.boolean())
  .map(([how, what, negated]) => ({ ...how, ...(negated && !isActing(what) ? { error: what } : what) }));
const operation = fc.oneof(
  { weight: 4, arbitrary: check },
  { weight: 1, arbitrary: fc.array(check, { minLength: 1, maxLength: 3 }).map((parallel) => ({ parallel })) },
);
const steps = fc.array(
  fc.record(
    { tags: fc.array(word), try: fc.array(operation, { minLength: 1, maxLength: 3 }) },
    { requiredKeys: ["try"] },
  ),
  { minLength: 1, maxLength: 3 },
);

/** Specs that are valid, as plain values. */
export const anySpec = fc.record({ namespace: word, steps }, { requiredKeys: ["steps"] }).map(({ steps, ...spec }) => ({
  apiVersion: "mayfly/v1alpha1",
  kind: "SmokeTest",
  metadata: { name: "any" },
  spec: { ...spec, steps: steps.map((step, index) => ({ name: `step ${index}`, ...step })) },
}));

/** What a mistake leaves in the place of a value. */
export const anyMistake = fc.constantFrom<unknown>({}, [], null, -1, 1.5, true, "", "a b", { stats: 1 }, ["a"], [{}]);

/** Every place of a tree, by keys and indexes. */
export function listPlaces(
  value: unknown,
  path: readonly (string | number)[] = [],
): readonly (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return [path, ...keys.flatMap((key) => listPlaces((value as Record<string | number, unknown>)[key], [...path, key]))];
}

/** The same tree with another value at a place. */
export function replaceAt(value: unknown, [key, ...below]: readonly (string | number)[], other: unknown): unknown {
  if (key === undefined) return other;
  if (Array.isArray(value))
    return value.map((one: unknown, index) => (index === key ? replaceAt(one, below, other) : one));
  const tree = value as Readonly<Record<string, unknown>>;
  return { ...tree, [key]: replaceAt(tree[key], below, other) };
}

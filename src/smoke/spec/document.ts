import * as v from "valibot";
import { CHECK_KINDS, type CheckKind } from "./check-kinds.ts";
import { duration } from "./duration.ts";
import { exactlyOneOf, filled, label, list, objectName } from "./fields.ts";
import { onePlace, podFields } from "./pods.ts";

const KINDS = Object.keys(CHECK_KINDS) as readonly CheckKind[];
const checks = v.partial(v.object(CHECK_KINDS)).entries;

const name = filled("a name");

/** How long and how often is looked. */
const pace = {
  /** How long it may take until it holds. */
  timeout: v.optional(duration),
  /** How long between two looks. What the cluster tells of a change is looked at at once. */
  interval: v.optional(duration),
} as const;

const checkFields = {
  name: v.optional(name),
  ...pace,
  /** For how long it has to stay true once it is. */
  consistently: v.optional(duration),
  /** It is told when it fails, and stops nothing. */
  optional: v.optional(v.boolean("true or false"), false),
  ...checks,
  /** The check in it must not hold. */
  error: v.optional(v.pipe(v.strictObject(checks), exactlyOneOf(KINDS))),
} as const;

/** A check, and how it is taken. */
const check = v.pipe(v.strictObject(checkFields), exactlyOneOf([...KINDS, "error"]));

/** A check, or checks that are taken side by side. */
const operation = v.pipe(
  v.strictObject({ ...checkFields, parallel: v.optional(list(check, "a list of checks")) }),
  exactlyOneOf([...KINDS, "error", "parallel"]),
);

const objectRef = v.strictObject({
  apiVersion: filled("an apiVersion"),
  kind: filled("a kind"),
  namespace: v.optional(label),
  name: objectName,
});

/** What is read when a step has failed. */
const collector = v.pipe(
  v.strictObject({
    podLogs: v.optional(v.pipe(v.strictObject({ ...podFields, tail: v.optional(v.number(), 50) }), onePlace())),
    events: v.optional(v.strictObject({ namespace: v.optional(label) })),
    describe: v.optional(objectRef),
  }),
  exactlyOneOf(["podLogs", "events", "describe"]),
);

/** What is always done at the end of a step: a check like any other, or an object that is taken away. */
const ending = v.pipe(
  v.strictObject({
    ...checkFields,
    parallel: v.optional(list(check, "a list of checks")),
    delete: v.optional(objectRef),
  }),
  exactlyOneOf([...KINDS, "error", "parallel", "delete"]),
);

const step = v.strictObject({
  name,
  /** By what steps are chosen: inputs `only` and `skip`. */
  tags: v.optional(v.array(filled("a tag"))),
  try: list(operation, "a list of checks"),
  /** The default reads logs, events and states of what the failed check looked at. */
  catch: v.optional(v.array(collector)),
  finally: v.optional(v.array(ending)),
});

/** A name for a value: of its own, or of a Secret (masked before it is used). */
const binding = v.pipe(
  v.strictObject({
    name: v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a name of letters, digits and _")),
    value: v.optional(v.unknown()),
    valueFrom: v.optional(
      v.strictObject({
        secretKeyRef: v.strictObject({ namespace: v.optional(label), name: objectName, key: filled("a key") }),
      }),
    ),
  }),
  exactlyOneOf(["value", "valueFrom"]),
);

/** A whole spec. */
export const document = v.strictObject({
  apiVersion: v.literal("mayfly/v1alpha1", "mayfly/v1alpha1"),
  kind: v.literal("SmokeTest", "SmokeTest"),
  metadata: v.strictObject({ name, labels: v.optional(v.record(v.string(), v.string())) }),
  spec: v.strictObject({
    namespace: v.optional(label),
    ...pace,
    bindings: v.optional(v.array(binding)),
    steps: list(step, "a list of steps"),
  }),
});

export type Document = v.InferOutput<typeof document>;
export type Collector = v.InferOutput<typeof collector>;

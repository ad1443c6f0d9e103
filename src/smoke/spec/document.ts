import * as v from "valibot";
import { bindingName } from "./binding-name.ts";
import { CHECK_KINDS, type CheckKind } from "./check-kinds.ts";
import { helmLook } from "./checks/helm.ts";
import { natsLook } from "./checks/nats.ts";
import { exactlyOneOf } from "./demand.ts";
import { duration, pause } from "./duration.ts";
import { about, apiVersion, count, filled, flag, label, list, objectKind, objectName, texts } from "./fields.ts";
import { onePlace, podFields } from "./pods.ts";
import { strictMapping } from "./strict-mapping.ts";

const KINDS = Object.keys(CHECK_KINDS) as readonly CheckKind[];
const checks = v.partial(v.object(CHECK_KINDS)).entries;

const name = filled("a name");

/** How long and how often is looked. */
const pace = {
  timeout: about("How long it may take until it holds.", v.optional(duration)),
  interval: about(
    "How long between two looks. What the cluster tells of a change is looked at at once.",
    v.optional(pause),
  ),
} as const;

/** The check that `error` holds. It only looks: that something could not be done proves nothing. */
export const negated = v.pipe(
  strictMapping({ ...checks, ...v.partial(v.object({ helm: helmLook, nats: natsLook })).entries }),
  exactlyOneOf<object>(KINDS),
);

const checkFields = {
  name: about("What it is called; made of what it looks at where left out.", v.optional(name)),
  ...pace,
  consistently: about("For how long it has to stay true once it is.", v.optional(duration)),
  optional: about("It is told when it fails, and stops nothing.", v.optional(flag, false)),
  ...checks,
  error: about(
    "The check in it must not hold. Only what looks can be in it: no tests of helm, and nothing that NATS is to take or make.",
    v.optional(negated),
  ),
} as const;

/** A check, and how it is taken. */
export const check = v.pipe(strictMapping(checkFields), exactlyOneOf([...KINDS, "error"]));

const parallel = about("Checks that are taken side by side.", v.optional(list(check, "a list of checks")));

/** A check, or checks that are taken side by side. */
export const operation = v.pipe(
  strictMapping({ ...checkFields, parallel }),
  exactlyOneOf([...KINDS, "error", "parallel"], ["parallel"]),
);

export const objectRef = strictMapping({
  apiVersion: about("Such as `v1`.", apiVersion),
  kind: about("Such as `ConfigMap`.", objectKind),
  namespace: about("The spec's own where left out.", v.optional(label)),
  name: about("Its name.", objectName),
});

/** What is read when a step has failed. */
export const collector = v.pipe(
  strictMapping({
    podLogs: about(
      "The last lines that containers have printed.",
      v.optional(
        v.pipe(strictMapping({ ...podFields, tail: about("How many lines.", v.optional(count, 50)) }), onePlace()),
      ),
    ),
    events: about(
      "What Kubernetes reports.",
      v.optional(strictMapping({ namespace: about("The spec's own where left out.", v.optional(label)) })),
    ),
    describe: about("An object as it now stands.", v.optional(objectRef)),
  }),
  exactlyOneOf(["podLogs", "events", "describe"]),
);

/** What is always done at the end of a step: a check like any other, or an object that is taken away. */
export const ending = v.pipe(
  strictMapping({
    ...checkFields,
    parallel,
    delete: about("An object that is taken away, if it is there.", v.optional(objectRef)),
  }),
  exactlyOneOf([...KINDS, "error", "parallel", "delete"], ["parallel", "delete"]),
);

export const step = strictMapping({
  name: about("What the step is called.", name),
  tags: about(
    "By what steps are chosen: inputs `only` and `skip`.",
    v.optional(v.array(filled("a tag"), "a list of tags")),
  ),
  try: about("Checks, one after another.", list(operation, "a list of checks")),
  catch: about(
    "What is read when the step has failed. The default reads logs, events and states of what the failed check looked at.",
    v.optional(v.array(collector, "a list of podLogs, events and describe")),
  ),
  finally: about(
    "What is done at the end, whatever came of the step.",
    v.optional(v.array(ending, "a list of checks")),
  ),
});

const secretKeyRef = strictMapping({
  namespace: about("The spec's own where left out.", v.optional(label)),
  name: about("The Secret's name.", objectName),
  key: about("Which of its values.", filled("a key")),
});

/** A name for a value: of its own, or of a Secret (masked before it is used). */
export const binding = v.pipe(
  strictMapping({
    name: about("It is used as `${name}`.", bindingName),
    value: about(
      "Any value; it may use names that stand before it. A variable of the action counts instead of it.",
      v.optional(v.unknown()),
    ),
    valueFrom: about(
      "A value of a Secret: it is read when the test begins, and masked.",
      v.optional(strictMapping({ secretKeyRef: about("Which Secret.", secretKeyRef) })),
    ),
  }),
  exactlyOneOf(["value", "valueFrom"]),
);

/** A whole spec. */
export const document = strictMapping({
  apiVersion: about("The version of this form.", v.literal("mayfly/v1alpha1", "mayfly/v1alpha1")),
  kind: about("What this is.", v.literal("SmokeTest", "SmokeTest")),
  metadata: about(
    "What the test is called.",
    strictMapping({
      name: about("The test's name.", name),
      labels: about("For whoever sorts specs.", v.optional(texts)),
    }),
  ),
  spec: about(
    "What is tested.",
    strictMapping({
      namespace: about(
        "Where everything is that does not say otherwise; the action's where left out.",
        v.optional(label),
      ),
      ...pace,
      bindings: about("Names for values, used as `${name}`.", v.optional(v.array(binding, "a list of bindings"))),
      steps: about("What is done, one step after another.", list(step, "a list of steps")),
    }),
  ),
});

export type Document = v.InferOutput<typeof document>;
export type Collector = v.InferOutput<typeof collector>;

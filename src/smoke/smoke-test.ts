import type * as v from "valibot";
import type { ObjectRef } from "../kubernetes/kube-object.ts";
import type { CHECK_KINDS, CheckKind } from "./spec/check-kinds.ts";
import type { Collector } from "./spec/document.ts";

/** A spec, once it is known to make sense: durations are milliseconds, and bindings that are known beforehand are filled in. */
export interface SmokeTest {
  /** The file as it was given, for annotations. */
  readonly file: string;
  readonly name: string;
  /** The spec's own, or the action's. */
  readonly namespace: string;
  /** Secrets whose values are read when the test begins, by the name of their binding. */
  readonly secrets: readonly SecretBinding[];
  readonly steps: readonly Step[];
}

export interface SecretBinding {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly secret: string;
  readonly key: string;
  readonly line: number;
}

export interface Step {
  readonly name: string;
  /** Of the spec's file, from 1. */
  readonly line: number;
  readonly tags: readonly string[];
  readonly try: readonly Operation[];
  /** Undefined: what the failed check looked at. */
  readonly catch: readonly Collector[] | undefined;
  readonly finally: readonly (Operation | Removal)[];
}

/** A check, or checks that are taken side by side. */
export type Operation = Check | { readonly kind: "parallel"; readonly checks: readonly Check[]; readonly line: number };

/** An object that is taken away at a step's end. */
export interface Removal {
  readonly kind: "delete";
  readonly ref: ObjectRef;
  readonly line: number;
}

/** A check of some kind, and how it is taken. */
export type Check = { readonly [K in CheckKind]: CheckOf<K> }[CheckKind];

export interface CheckOf<K extends CheckKind> {
  readonly kind: K;
  readonly with: PayloadOf<K>;
  /** Its own, or made from what it looks at: `http service://api:80/healthz`. Unique in the step. */
  readonly name: string;
  readonly line: number;
  /** It must not hold. */
  readonly negated: boolean;
  /** It stops nothing. */
  readonly optional: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  readonly interval: number;
  /** Milliseconds for which it has to stay true; 0 where once is enough. */
  readonly consistently: number;
}

/** What a spec says of a check of some kind. */
export type PayloadOf<K extends CheckKind> = v.InferOutput<(typeof CHECK_KINDS)[K]>;

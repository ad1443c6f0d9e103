/** What becomes of a resource, in one word. A move or an import may come with an update: `moved`, `importing` tell. */
export type ChangeKind = "create" | "update" | "replace" | "delete" | "forget" | "read" | "no-op";

/** One attribute of a resource that changes. Values are texts for people, and hold no sensitive value. */
export interface AttributeChange {
  /** `tags["owner"]`, `default_node_pool[0].vm_size`. */
  readonly path: string;
  /** Undefined where there is none: before a create, after a delete. `(sensitive value)`, `(known after apply)`. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Whether this is why the resource is replaced. */
  readonly forcesReplacement: boolean;
}

/** What the plan does to one resource. */
export interface ResourceChange {
  /** `module.aks.azurerm_kubernetes_cluster.this["a"]`. */
  readonly address: string;
  /** Where it stood before, when it moves. */
  readonly previousAddress: string | undefined;
  readonly type: string;
  readonly managed: boolean;
  readonly kind: ChangeKind;
  /** `replace_because_cannot_update`, `delete_because_no_resource_config`, … */
  readonly reason: string | undefined;
  /** The id it is imported by. */
  readonly importing: string | undefined;
  readonly attributes: readonly AttributeChange[];
  /** Of a replacement: whether the new object comes before the old one goes. */
  readonly createsFirst?: true;
  /** The key of an object that a replacement left behind: the address is then its successor's too. */
  readonly deposed?: string;
  /** Stands for what is done to the object, values that are not shown included. SHA-256, hex; never printed. */
  readonly fingerprint?: string;
}

/** What the plan does to one output of the root module. */
export interface OutputChange {
  readonly name: string;
  readonly kind: ChangeKind;
  readonly sensitive: boolean;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A `check` block (or another condition) that does not hold. */
export interface FailedCheck {
  readonly address: string;
  readonly messages: readonly string[];
}

/** How many resources; a replace counts in `add` and in `destroy`, as terraform counts, and in `replace`. */
export interface PlanCounts {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  readonly replace: number;
  readonly import: number;
  readonly move: number;
  readonly forget: number;
}

/** A resource group that the plan makes or keeps, as far as its tags are known. */
export interface PlannedGroup {
  readonly address: string;
  readonly kind: ChangeKind;
  readonly name: string | undefined;
  /** The group's id where it exists. */
  readonly id: string | undefined;
  /** Undefined when they are not known before the apply. A value that is not known is left out of them and named in `unknownTags`. */
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly unknownTags: readonly string[];
}

/** What `terraform show -json <plan>` says, without the values that are sensitive. */
export interface PlanFacts {
  readonly terraformVersion: string;
  /** False for a targeted plan, and for one that failed. */
  readonly complete: boolean;
  /** Whether an apply would do anything. */
  readonly applyable: boolean;
  /** The plan's file is there, and can never be applied. */
  readonly errored: boolean;
  readonly counts: PlanCounts;
  /** Only what changes, moves, is imported or read; in terraform's order. */
  readonly changes: readonly ResourceChange[];
  readonly outputs: readonly OutputChange[];
  /** What changed outside of terraform since the last apply. */
  readonly drift: readonly ResourceChange[];
  readonly failedChecks: readonly FailedCheck[];
  readonly groups: readonly PlannedGroup[];
  /** Managed resources that the state held before. */
  readonly priorResources: number;
  /** What it does and does not show: where the configuration may differ, it proves nothing. */
  readonly unseen: readonly string[];
  /** Names of the variables that the root module declares. */
  readonly declaredVariables: readonly string[];
  /**
   * Stands for what the plan would do, whatever was computed on the way: equal for two plans of the same changes (order,
   * timestamps and unknown values aside). SHA-256, hex. Never printed: a short sensitive value could be guessed from it.
   */
  readonly essence: string;
}

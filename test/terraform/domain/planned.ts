import type { Json } from "../../../src/terraform/exact-json.ts";

/** The parts of a resource's change that a test is about. */
export interface Planned {
  readonly address?: string;
  readonly type?: string;
  readonly actions?: readonly string[];
  readonly before?: Json;
  readonly after?: Json;
  readonly unknown?: Json;
  readonly hiddenBefore?: Json;
  readonly hiddenAfter?: Json;
  readonly replacePaths?: Json;
  readonly more?: Readonly<Record<string, Json>>;
}

/** One of `resource_changes`, as terraform writes them; without words it updates. */
export function makeChange(planned: Planned): Json {
  const type = planned.type ?? "azurerm_resource_group";
  return {
    address: planned.address ?? `${type}.main`,
    mode: "managed",
    type,
    name: "main",
    provider_name: "registry.terraform.io/hashicorp/azurerm",
    ...planned.more,
    change: {
      actions: planned.actions ?? ["update"],
      before: planned.before ?? null,
      after: planned.after ?? null,
      after_unknown: planned.unknown ?? {},
      before_sensitive: planned.hiddenBefore ?? false,
      after_sensitive: planned.hiddenAfter ?? false,
      ...(planned.replacePaths === undefined ? {} : { replace_paths: planned.replacePaths }),
    },
  };
}

/** A plan of these changes. */
export function makePlan(changes: readonly Json[], more: Readonly<Record<string, Json>> = {}): string {
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    timestamp: "2026-11-21T12:00:00Z",
    applyable: true,
    complete: true,
    errored: false,
    resource_changes: changes,
    ...more,
  });
}

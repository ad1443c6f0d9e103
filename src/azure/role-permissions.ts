import { type ArmFields, asFields } from "./ask-arm.ts";

/** What one part of a role definition allows; `*` stands for any characters. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

/** The permissions in the properties of a role definition. */
export function readPermissions({ permissions }: ArmFields): readonly Permission[] {
  const list: readonly unknown[] = Array.isArray(permissions) ? permissions : [];
  return list.map((each) => {
    const { actions, notActions, dataActions, notDataActions } = asFields(each);
    return {
      actions: asTexts(actions),
      notActions: asTexts(notActions),
      dataActions: asTexts(dataActions),
      notDataActions: asTexts(notDataActions),
    };
  });
}

/** Whether a role lets an identity do this with a resource itself. */
export function allowsAction(permissions: readonly Permission[], action: string): boolean {
  return permissions.some(({ actions, notActions }) => fitsAny(actions, action) && !fitsAny(notActions, action));
}

/** Whether a role lets an identity do this with what is in a resource; `Owner` does not. */
export function allowsDataAction(permissions: readonly Permission[], action: string): boolean {
  return permissions.some(
    ({ dataActions, notDataActions }) => fitsAny(dataActions, action) && !fitsAny(notDataActions, action),
  );
}

/** https://learn.microsoft.com/azure/role-based-access-control/role-definitions: a wildcard crosses slashes. */
function fitsAny(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
    return new RegExp(`^${source}$`, "i").test(action);
  });
}

function asTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

import { details, fenced, type Section } from "../../kit/markdown.ts";
import type { ChangeKind, ResourceChange } from "../../terraform/plan-facts.ts";
import { clean, clip, span } from "../render-text.ts";
import { type DiffLimits, renderDiff } from "./render-diff.ts";

/** What a reader wants to know first stands first. */
const ORDER: ReadonlyArray<readonly [kind: ChangeKind, title: string, sign: string]> = [
  ["delete", "💥 Destroy", "-"],
  ["replace", "♻️ Destroy and make again", "-/+"],
  ["update", "✏️ Change", "~"],
  ["create", "✨ Create", "+"],
  ["forget", "👋 Forget (it stays in Azure)", "#"],
  ["no-op", "📦 Move or import only", "→"],
  ["read", "🔎 Read", "<="],
];

/** The resources of a plan, one section for each kind of change, each resource folded. */
export function renderChanges(changes: readonly ResourceChange[], limits: DiffLimits): readonly Section[] {
  return ORDER.flatMap(([kind, title, sign]) => {
    const mine = changes.filter((change) => change.kind === kind);
    if (mine.length === 0) return [];
    return [
      {
        text: `#### ${title} (${mine.length})\n`,
        rows: mine.map((change) => `${renderChange(change, sign, limits)}\n`),
        omitted: (missing: number) => `_Showing ${mine.length - missing} of ${mine.length}._`,
      },
    ];
  });
}

function renderChange(change: ResourceChange, sign: string, limits: DiffLimits): string {
  const reason = change.reason === undefined ? undefined : REASONS[change.reason];
  const left = change.deposed === undefined ? "" : " (left behind by an earlier replacement)";
  const title = `${sign} ${clean(clip(change.address, 400))}${left}${reason === undefined ? "" : `: ${reason}`}`;
  const parts = [
    ...(change.previousAddress === undefined ? [] : [`Moved from ${span(change.previousAddress)}.`]),
    ...(change.importing === undefined ? [] : [`Imported by its id ${span(change.importing)}.`]),
    ...(change.createsFirst === true ? ["The new one is made before the old one goes."] : []),
    ...(change.attributes.length === 0 ? [] : [fenced(renderDiff(change.attributes, limits), "diff")]),
  ];
  return details(title, parts.length === 0 ? "No attribute is told." : parts.join("\n\n"));
}

/** Why, in terraform's own terms and in words: https://developer.hashicorp.com/terraform/internals/json-format */
const REASONS: Readonly<Record<string, string>> = {
  replace_because_cannot_update: "an attribute cannot be changed in place",
  replace_because_tainted: "its last creation failed half-way",
  replace_by_request: "as asked for",
  replace_by_triggers: "something it depends on changes",
  delete_because_no_resource_config: "no longer in the configuration",
  delete_because_no_module: "its module is no longer in the configuration",
  delete_because_wrong_repetition: "no longer with count or for_each as it was",
  delete_because_count_index: "count is lower now",
  delete_because_each_key: "for_each no longer has its key",
  delete_because_no_move_target: "it was moved to where nothing is",
  read_because_config_unknown: "what it asks for is known only then",
  read_because_dependency_pending: "what it depends on changes first",
  read_because_check_nested: "for a check",
};
